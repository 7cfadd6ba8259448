import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeMarketServer } from "./fakeMarketServer.ts";
import { command, lastJson, startBot, temporaryFile, temporaryFolder } from "./support.ts";

type Frame = Record<string, any>;

/** A page, as far as its socket goes. */
class Page {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  readonly closed: Promise<number>;

  constructor(address: string) {
    const { host, hash } = new URL(address);
    const options = { protocols: ["matchpoint.v1", hash.slice(1)], headers: { origin: `http://${host}` } };
    this.#socket = new WebSocket(`ws://${host}/ws`, options);
    this.#socket.addEventListener("message", ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      for (const check of this.#waiting) check();
    });
    this.closed = new Promise((resolve) => {
      this.#socket.addEventListener("close", ({ code }) => {
        resolve(code);
      });
    });
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close();
  }

  /** The first frame from now on, or of those that came already, that is what is waited for. */
  until(type: string, is: (frame: Frame) => boolean = () => true, from = 0): Promise<Frame> {
    const found = new Promise<Frame>((resolve) => {
      const check = (): void => {
        const frame = this.frames.slice(from).find((each) => each["type"] === type && is(each));
        if (frame === undefined) return;
        this.#waiting.delete(check);
        resolve(frame);
      };
      this.#waiting.add(check);
      check();
    });
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => {
        const has = (type: string): string =>
          JSON.stringify(this.frames.findLast((each) => each["type"] === type) ?? null).slice(0, 300);
        const socket = `socket in state ${this.#socket.readyState}, ${this.frames.length} frames`;
        reject(new Error(`no ${type}; ${socket}; ${["hello", "play", "error", type].map(has).join("; ")}`));
      }, 120_000).unref();
    });
    return Promise.race([found, late]);
  }
}

const addressIn = (text: string): string => /http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{64}/.exec(text)![0];

function order(address: string, path: string, body: object): Promise<Response> {
  const { origin, hash } = new URL(address);
  return fetch(`${origin}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${hash.slice(1)}`,
      "x-matchpoint-control": "1",
      "content-type": "application/json",
      origin,
    },
    body: JSON.stringify(body),
  });
}

describe("a run on a dashboard", () => {
  it("prints its address first, is killed from the page, and stays to be gone through", async () => {
    const cwd = temporaryFolder();
    const demo = ["demo", "--stay", "--best-of", "1", "--speed", "200"];
    const running = startBot(demo, { cwd });
    await running.until(/Dashboard: .*\n/, 60_000);
    expect(running.written()).toMatch(/^Dashboard: /);
    const address = addressIn(running.written());
    const page = new Page(address);
    const hello = await page.until("hello", ({ markets }) => markets.length > 0);
    expect(hello).toMatchObject({ version: 1, mode: "paper", state: "growing", controls: true, lacks: [] });
    const { id: market } = hello["markets"][0];
    page.send({ type: "look", market });
    const ladder = await page.until("ladder", ({ bids }) => bids.length > 0);
    expect(ladder).toMatchObject({ market, mirrored: true });
    await page.until("chart", ({ points }) => points.t.length > 0);
    const open = await page.until("tables");
    expect(open["header"]).toMatchObject({ mode: "paper", system: "READY", killed: false });

    const answer = await order(address, "/api/kill", { id: "k-1", reason: "the screen looks wrong" });
    expect(answer.status).toBe(200);
    const killed = (await answer.json()) as Frame;
    expect(killed).toMatchObject({ id: "k-1", action: "kill", ok: true });
    for (const { result } of killed["orders"]) expect(["cancelled", "filled"]).toContain(result);
    expect((await page.until("done"))["answer"]).toEqual(killed);
    // The kill is shown before the venue has said of each order that it is gone.
    const after = await page.until("tables", ({ header }) => header.killed && header.openOrders === 0);
    expect(after["stops"]).toContainEqual(
      expect.objectContaining({ what: "kill", reason: "the screen looks wrong" }),
    );
    expect((await order(address, "/api/resume", { id: "r", reason: "x" })).status).toBe(403);

    await page.until("hello", ({ state }) => state === "ended");
    const over = (await (await order(address, "/api/kill", { id: "k-2", reason: "again" })).json()) as Frame;
    expect(over).toMatchObject({ ok: false, text: expect.stringContaining("over") as string });
    const final = await page.until("tables", ({ markets }) =>
      markets.every(({ payouts }: Frame) => payouts !== undefined),
    );
    const { total, ledger } = final["attribution"];
    expect(total.pnl).toBe(ledger);
    await running.until(/Effects: /, 60_000);
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    // The secret of its address is in nothing that is kept.
    const journal = join(
      cwd,
      "runs",
      readdirSync(join(cwd, "runs")).find((name) => name.endsWith(".jsonl"))!,
    );
    expect(readFileSync(journal, "utf8")).not.toContain(new URL(address).hash.slice(1));
    await page.closed;
    await goThrough(journal);
    // Two processes and a whole match: a busy machine takes its time.
  }, 400_000);

  it("is found by the run that is under way, and ends what its orders are when it is told to", async () => {
    const [yes, no] = ["1".repeat(77), "2".repeat(77)];
    const server = await fakeMarketServer((token) => ({
      market: "0xm",
      asset_id: token,
      timestamp: String(Date.now()),
      hash: "",
      bids: [{ price: "0.48", size: "300" }],
      asks: [{ price: "0.52", size: "300" }],
      tick_size: "0.01",
    }));
    const cwd = temporaryFolder();
    const config = join(cwd, "bot.yaml");
    const text = `
strategies: [{ use: model-maker, params: { reference: microprice } }]
matches: [{ id: t1-geng, title: lol, teams: [T1, Gen.G] }]
markets:
  - id: "0xm"
    title: "LoL: T1 vs Gen.G"
    outcomes: [{ token: "${yes}", name: T1 }, { token: "${no}", name: Gen.G }]
    subject: { match: t1-geng, team_of: [0, 1] }
feeds:
  polymarket: { socket_url: "${server.socketUrl}", rest_url: "${server.restUrl}" }
  operator: { tier: A }
truth_engine: { tier_a_sources: [operator] }
`;
    try {
      writeFileSync(config, text);
      const running = startBot(["run", "--config", config, "--dashboard"], { cwd });
      await running.until(/Dashboard: .*\n/, 60_000);
      const address = addressIn(running.written());
      await running.until(/Ctrl-C/, 60_000);
      const found = await command(["dashboard", "--dir", join(cwd, "runs"), "--json"]);
      expect([found.code, lastJson(found.out)["runs"][0].dashboard]).toEqual([0, address]);

      const page = new Page(address);
      await page.until("hello", ({ markets, controls }) => markets.length === 1 && controls === true);
      page.send({ type: "look", market: "0xm" });
      const { own } = await page.until("ladder", ({ own: orders }) =>
        orders.some(({ status }: Frame) => status === "LIVE"),
      );
      expect(own[0]).toMatchObject({ strategy: "model-maker", purpose: "entry" });
      const answer = await order(address, "/api/kill", { id: "k-1", reason: "the screen looks wrong" });
      const killed = (await answer.json()) as Frame;
      expect(killed).toMatchObject({ action: "kill", ok: true });
      expect(killed["orders"].length).toBeGreaterThan(0);
      for (const each of killed["orders"]) expect(each).toMatchObject({ market: "0xm", result: "cancelled" });
      await page.until("tables", ({ header }) => header.killed && header.openOrders === 0);
      await page.until("log", ({ lines }) =>
        lines.some(
          ({ kind, text: said }: Frame) => kind === "operator" && /^dashboard: killed/.test(said as string),
        ),
      );

      // Two runs cannot have one port.
      const taken = join(cwd, "taken.yaml");
      writeFileSync(taken, `${text}dashboard: { enabled: true, port: ${new URL(address).port} }\n`);
      const refused = await command([
        "run",
        "--config",
        taken,
        "--for",
        "1",
        "--json",
        "--journal",
        join(cwd, "b.jsonl"),
      ]);
      expect([refused.code, lastJson(refused.out)["error"]]).toMatchObject([2, { code: "CONFIG_INVALID" }]);
      running.child.kill("SIGINT");
      expect((await running.ended).code).toBe(0);
      await page.closed;
      expect((await command(["dashboard", "--dir", join(cwd, "runs")])).code).toBe(4);
    } finally {
      await server.close();
    }
  }, 180_000);

  it("says where runs are shown, and that there are none; refuses what is no journal", async () => {
    const none = await command(["dashboard", "--dir", temporaryFolder(), "--json"]);
    expect(none).toMatchObject({ code: 4 });
    expect(lastJson(none.out)).toEqual({ runs: [] });
    expect((await command(["dashboard", "--dir", join(temporaryFolder(), "gone")])).code).toBe(4);
    expect((await command(["dashboard", "no-such.jsonl"])).code).toBe(2);
    const torn = await command(["dashboard", temporaryFile("x.jsonl", "not a journal\n")]);
    expect([torn.code, torn.err]).toEqual([3, expect.stringContaining("JOURNAL_CORRUPT")]);
  });
});

/** Opens a finished run, goes to moments of its past, and searches it. */
async function goThrough(journal: string): Promise<void> {
  const shown = startBot(["dashboard", journal]);
  await shown.until(/Ctrl-C/, 60_000);
  const address = addressIn(shown.written());
  const page = new Page(address);
  const hello = await page.until("hello", ({ state }) => state === "ended");
  expect(hello["controls"]).toBe(false);
  expect((await order(address, "/api/kill", { id: "k", reason: "x" })).status).toBe(409);
  const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  const { received_at: from } = JSON.parse(lines[0]!) as { readonly received_at: number };
  const { mono_ns: length } = JSON.parse(lines.at(-1)!) as { readonly mono_ns: number };
  const to = Math.round(from + length / 1_000_000);
  await page.until("play", ({ state, t }) => state === "follow" && t === to);
  const whole = await page.until("tables", ({ t }) => t === to);
  const middle = Math.round((from + to) / 2);
  let seen = page.frames.length;
  page.send({ type: "seek", t: middle });
  const there = await page.until("play", ({ state }) => state === "paused", seen);
  expect(there["t"]).toBeLessThanOrEqual(middle);
  expect(middle - there["t"]).toBeLessThan(60_000);
  const then = await page.until("tables", () => true, seen);
  expect(then["header"]["events"]).toBeLessThan(whole["header"]["events"]);
  expect(then["t"]).toBe(there["t"]);
  seen = page.frames.length;
  page.send({ type: "step", to: "truth" });
  const step = await page.until("play", ({ state, seq }) => state === "paused" && seq > there["seq"], seen);
  page.send({ type: "step", to: "truth", back: true });
  await page.until("play", ({ state, seq }) => state === "paused" && seq < step["seq"], seen);
  page.send({ type: "search", id: 7, text: "THE SCREEN LOOKS WRONG" });
  const found = await page.until("found", ({ done }) => done === 1, seen);
  expect(found["hits"]).toMatchObject([{ event: "operator" }]);
  seen = page.frames.length;
  page.send({ type: "seek_seq", seq: found["hits"][0].seq });
  expect((await page.until("tables", () => true, seen))["header"]).toMatchObject({ killed: true });
  seen = page.frames.length;
  page.send({ type: "speed", speed: 100 });
  page.send({ type: "play" });
  await page.until("play", ({ state, speed }) => state === "playing" && speed === 100, seen);
  page.send({ type: "follow" });
  await page.until("play", ({ state, t }) => state === "follow" && t === to, seen);
  page.send({ type: "buy", market: "everything" });
  expect(await page.closed).toBe(1008);
  shown.child.kill("SIGINT");
  expect((await shown.ended).code).toBe(0);
}
