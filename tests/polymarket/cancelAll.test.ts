import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { KEYS, trader, type Trader } from "./officialSupport.ts";

const ROOM = join(import.meta.dirname, "../../packages/adapters-polymarket/src/cancelAll");

let venue: RunningVenue;
let alice: Trader;
let bob: Trader;

beforeAll(async () => {
  venue = await startVenue({ seed: 7, liquidity: "none" });
  alice = await trader(venue, KEYS[0], 1_000);
  bob = await trader(venue, KEYS[1], 1_000);
});
afterAll(() => venue.close());
beforeEach(async () => {
  venue.command({ do: "disarm" });
  await alice.client.cancelAll();
});

async function rest(who: Trader, price = 0.05): Promise<void> {
  const tokenID = venue.markets[0]!.tokens[0]!.tokenId;
  const order = { tokenID, side: Side.BUY, price, size: 10 };
  expect(await who.client.createAndPostOrder(order, undefined, OrderType.GTC)).toMatchObject({
    success: true,
  });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { child: ChildProcess; ended: Promise<Ended> } {
  const own = { PATH: process.env["PATH"] ?? "", ...env };
  const url = args.includes("--url") ? [] : ["--url", venue.clob];
  const line = ["--no-warnings", join(ROOM, "bin.ts"), ...url, ...args];
  const child = spawn(process.execPath, line, { env: own, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((done) => child.on("close", (code) => done({ code, out, err })));
  return { child, ended };
}

const run = (args: readonly string[], env: Readonly<Record<string, string>>) => start(args, env).ended;
const byKey = { MATCHPOINT_PRIVATE_KEY: KEYS[0] };

it("cancels every order of the account and of no other, and proves that none is left", async () => {
  for (let n = 1; n <= 3; n += 1) await rest(alice, n / 100);
  await rest(bob);
  const { code, out, err } = await run([], byKey);
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(out.match(/^canceled 0x[0-9a-f]{64}$/gm)).toHaveLength(3);
  expect(out).toMatch(/no open order is left: two looks 4 s apart found none/);
  expect(await alice.client.getOpenOrders()).toEqual([]);
  expect(await bob.client.getOpenOrders()).toHaveLength(1);
});

it("needs no private key where there is an API key", async () => {
  await rest(alice);
  const { creds, address } = alice;
  const env = {
    MATCHPOINT_API_KEY: creds.key,
    MATCHPOINT_API_SECRET: creds.secret,
    MATCHPOINT_API_PASSPHRASE: creds.passphrase,
    MATCHPOINT_ADDRESS: address,
  };
  const { code, out } = await run(["--json"], env);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ proven: true, canceled: [expect.stringMatching(/^0x/)], open: [] });
  const wrong = await run(["--for", "1"], { ...env, MATCHPOINT_API_PASSPHRASE: "no" });
  expect(wrong.code).toBe(3);
  expect(wrong.err).toMatch(/it is not known whether orders are open/);
  expect(wrong.out).toMatch(/cancel: HTTP 401/);
  expect(wrong.out + wrong.err).not.toContain(creds.secret);
});

it("goes on through a venue that fails, and says what went wrong", async () => {
  await rest(alice);
  for (const [kind, params] of [
    ["forbidden_html", {}],
    ["drop", { when: "after" }],
  ] as const)
    expect(venue.command({ do: "fault", kind, count: 1, match: { method: "DELETE" }, params })).toMatchObject(
      {
        ok: true,
      },
    );
  const { code, out } = await run([], byKey);
  expect(out).toMatch(/^cancel: HTTP 403/m);
  expect(out).toMatch(/^cancel: (?!HTTP)/m);
  expect(code).toBe(0);
  expect(await alice.client.getOpenOrders()).toEqual([]);
});

it("stands guard: what a bot places after it woke up is cancelled too", async () => {
  await rest(alice);
  const { child, ended } = start(["--guard"], byKey);
  const none = () =>
    vi.waitFor(async () => expect(await alice.client.getOpenOrders()).toEqual([]), {
      timeout: 20_000,
      interval: 100,
    });
  await none();
  await rest(alice, 0.02);
  await none();
  await new Promise((done) => setTimeout(done, 6_500));
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect(code).toBe(0);
  expect(out.match(/^canceled 0x/gm)).toHaveLength(2);
});

it("asks a venue that cannot be reached again until its time is over, and Ctrl-C ends it", async () => {
  const away = ["--url", "http://127.0.0.1:9"];
  const late = await run([...away, "--for", "1"], byKey);
  expect(late).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^error: there is no API key: /) as string,
  });
  expect(late.out).toMatch(/^there is no API key: .*; asking again\n$/);
  const { child, ended } = start([...away, "--guard"], byKey);
  await new Promise<void>((heard) => child.stdout!.once("data", () => heard()));
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 3 });
});

it("says in one line what is wrong with its options or its account", async () => {
  expect(await run([], {})).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error: there is no account\. Set MATCHPOINT_PRIVATE_KEY/) as string,
  });
  expect(await run([], { MATCHPOINT_PRIVATE_KEY: "0x12" })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/the private key is not one/) as string,
  });
  const bad = [["--for", "0"], ["--nope"], ["--url", "clob"], ["--chain-id", "1"]].map(async (args) => {
    expect(await run(args, byKey)).toMatchObject({ code: 2, out: "" });
  });
  await Promise.all([
    ...bad,
    run(["--help"], {}).then((ended) => expect(ended).toMatchObject({ code: 0, err: "" })),
  ]);
});

it("shares no code with the bot", () => {
  const imports = readdirSync(ROOM).flatMap((file) =>
    [...readFileSync(join(ROOM, file), "utf8").matchAll(/from "([^"]+)"/g)].map(([, from]) => from),
  );
  expect(new Set(imports)).toEqual(
    new Set([
      "./account.ts",
      "./cancelAll.ts",
      "./program.ts",
      "ethers",
      "node:crypto",
      "node:fs",
      "node:path",
      "node:timers/promises",
      "node:util",
    ]),
  );
});
