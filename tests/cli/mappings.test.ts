import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { A, B, gammaListing, ID } from "../../packages/cli/test/feeds/gammaListing.ts";
import { fakeMarketServer, type FakeMarketServer } from "./fakeMarketServer.ts";
import { bot, temporaryFolder } from "./support.ts";

let tick = "0.01";

function book(token: string): object {
  const [bid, ask] = token === A ? ["0.48", "0.52"] : ["0.47", "0.53"];
  return {
    market: ID,
    asset_id: token,
    timestamp: String(Date.now()),
    hash: "",
    bids: [{ price: bid, size: "300" }],
    asks: [{ price: ask, size: "300" }],
    tick_size: tick,
  };
}

interface Listed {
  readonly subject?: { readonly kind: string; readonly teamOf: readonly number[] };
  readonly unproven?: string;
  readonly rules?: string;
  readonly tick: number;
}

describe("what a market is about, in a run", { timeout: 60_000 }, () => {
  let server: FakeMarketServer;
  let cwd: string;

  beforeAll(async () => {
    server = await fakeMarketServer(book);
    cwd = temporaryFolder();
  });
  afterAll(() => server.close());

  function config(name: string, subject: string, outcomes: readonly [string, string]): string {
    const path = join(cwd, `${name}.yaml`);
    writeFileSync(
      path,
      `
strategies: [{ use: model-maker, params: { reference: microprice } }]
matches: [{ id: lck, title: lol, teams: [T1, Gen.G], starts_at: 2026-12-05T09:00:00Z }]
markets:
  - id: "${ID}"
    title: M
    outcomes: [{ token: "${A}", name: "${outcomes[0]}" }, { token: "${B}", name: "${outcomes[1]}" }]
    ${subject}
feeds:
  polymarket: { socket_url: "${server.socketUrl}", rest_url: "${server.restUrl}", gamma_url: "${server.restUrl}", resolutions_poll_ms: 200 }
time: { enabled: false }
`,
    );
    return path;
  }

  /** How the market was listed, in order, in a short run under a listing. */
  async function run(
    name: string,
    subject: string,
    outcomes: readonly [string, string],
    gamma: Record<string, unknown>,
    afterBooks = false,
  ): Promise<{ readonly listed: readonly Listed[]; readonly out: string; readonly err: string }> {
    server.gamma.splice(0, server.gamma.length, ...(afterBooks ? [] : [gamma]));
    const heard = server.heard.length;
    const timer = setInterval(() => {
      if (!afterBooks || server.heard.length === heard) return;
      clearInterval(timer);
      server.gamma.push(gamma);
    }, 100);
    const journal = `${name}.jsonl`;
    const ended = await bot(
      ["run", "--config", config(name, subject, outcomes), "--for", "1.5", "--journal", journal],
      { cwd },
    );
    clearInterval(timer);
    expect(ended.code, ended.err).toBe(0);
    const lines = readFileSync(join(cwd, journal), "utf8").split("\n").slice(0, -1);
    const records = lines.map((line) => JSON.parse(line) as { kind: string; payload: { market?: Listed } });
    const listed = records
      .filter(({ kind }) => kind === "market_listed")
      .map(({ payload }) => payload.market!);
    expect((await bot(["verify", journal], { cwd })).code).toBe(0);
    return { listed, out: ended.out, err: ended.err };
  }

  it("is nothing once the venue gives a token to the other team, and says so", async () => {
    const { listed, err } = await run("swapped", "subject: { match: lck }", ["T1", "Gen.G"], {
      ...gammaListing({ clobTokenIds: JSON.stringify([B, A]) }),
    });
    expect(listed.map(({ subject }) => subject?.kind)).toEqual(["series", undefined]);
    const reason = `Polymarket lists token ${A} as "Gen.G", the configuration as "T1"`;
    expect(listed[1]!.unproven).toBe(reason);
    expect(err).toContain(`market ${ID} is not traded on match facts: ${reason}`);
  });

  it("is read from the listing where the configuration has names that nobody knows", async () => {
    const unknown = await run("unknown", "subject: { match: lck }", ["Home", "Away"], gammaListing());
    expect(unknown.out).toMatch(/0xcd\S+ is not traded on match facts: .*"Home"/);
    expect(unknown.listed.map(({ subject }) => subject?.teamOf)).toEqual([undefined, [0, 1]]);
    expect(unknown.listed[1]!.rules).toBe("A text that no template knows.");
  });

  it("does not bring back the tick that is configured", async () => {
    tick = "0.001";
    const { listed } = await run("tick", "subject: { match: lck }", ["T1", "Gen.G"], gammaListing(), true);
    tick = "0.01";
    expect(listed.map((market) => market.tick)).toEqual([100, 10]);
  });

  it("stays what the names say while Gamma cannot be asked, which is told", async () => {
    server.gamma.splice(0);
    const path = config("deaf", "subject: { match: lck }", ["T1", "Gen.G"]);
    const text = readFileSync(path, "utf8").replace(/gamma_url: "[^"]+"/, 'gamma_url: "http://127.0.0.1:9"');
    writeFileSync(path, text);
    const { err, code } = await bot(["run", "--config", path, "--no-journal", "--for", "4"], { cwd });
    expect(err).toContain("Gamma cannot be asked");
    expect(code).toBe(0);
  });
});
