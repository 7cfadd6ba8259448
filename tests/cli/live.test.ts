import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findRuns, type FoundRun } from "../../packages/cli/src/control/announcement.ts";
import { KEY, keystoreSections, liveConfig, WALLET, type LiveConfig } from "./liveSupport.ts";
import { Straying } from "./straying.ts";
import { bot, command, lastJson, startBot, temporaryFolder, type Ended } from "./support.ts";

const POOR = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

const OTHER_MARKET = `  - { id: "0x${"12".repeat(32)}", title: unlisted, outcomes: [{ token: "12", name: A }, { token: "13", name: B }] }`;

describe("live trading on a local venue", { timeout: 120_000 }, () => {
  let venue: RunningVenue;
  let cwd: string;

  beforeAll(async () => {
    venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never }, liquidity: "agents" });
    cwd = temporaryFolder();
  });
  afterAll(() => venue.close());

  const configured = (name: string, over: LiveConfig = {}): string => liveConfig(venue, cwd, name, over);

  function run(config: string, key: string | undefined): Promise<Ended> {
    const env = key === undefined ? {} : { MATCHPOINT_PRIVATE_KEY: key };
    return bot(["run", "--live", "--config", config], { cwd, env });
  }

  /** In this process: for what does not hang on the folder that the command is called in. */
  function runHere(name: string, key: string, over: LiveConfig = {}, ...more: string[]): Promise<Ended> {
    vi.stubEnv("MATCHPOINT_PRIVATE_KEY", key);
    const config = configured(name, { ...over, more: `journal: { dir: "${join(cwd, "runs")}" }` });
    return command(["run", "--live", "--config", config, ...more]);
  }

  it("goes through its checklist, quotes, and leaves nothing behind", async () => {
    const config = configured("live.yaml", { more: keystoreSections(temporaryFolder()) });
    const running = startBot(["run", "--live", "--config", config, "--journal", "live.jsonl"], { cwd });
    await running.until(/LIVE with \$500/);
    expect(running.written()).toMatch(/ok +geoblock +Polymarket may be traded on from/);
    expect(running.written()).toMatch(/ok +version/);
    expect(running.written()).toMatch(/ok +api-key/);
    expect(running.written()).toMatch(/ok +account +the account has \$500/);
    expect(running.written()).toMatch(/ok +flat/);
    const of = (kind: string): string[] =>
      readFileSync(join(cwd, "live.jsonl"), "utf8")
        .split("\n")
        .filter((line) => line.includes(`"kind":"${kind}"`));
    await vi.waitFor(
      () => {
        expect(of("order_prepared").length).toBeGreaterThan(1);
        expect(of("reconciled").length).toBeGreaterThan(0);
      },
      { timeout: 60_000, interval: 200 },
    );
    // It has the account's turn, its heartbeats are acknowledged, and its clock is right.
    const [{ announcement }] = findRuns(join(cwd, "runs")) as [FoundRun];
    const health = async (): Promise<unknown> => (await fetch(`${announcement.url}/readyz`)).json();
    await expect.poll(health, { timeout: 20_000 }).toEqual({ ready: true, reasons: [] });
    const cutOff = (): Promise<unknown> => {
      venue.command({ do: "disconnect", channel: "user" });
      return health();
    };
    const notHeard = expect.stringMatching(/^the user channel: not open for 0 s: closed with 1006/);
    await expect.poll(cutOff, { interval: 20 }).toMatchObject({ ready: false, reasons: [notHeard] });
    await expect.poll(health, { timeout: 20_000 }).toEqual({ ready: true, reasons: [] });
    running.child.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.err).toBe("");
    expect(ended.code).toBe(0);
    const journal = readFileSync(join(cwd, "live.jsonl"), "utf8");
    expect(of("order_report").some((line) => line.includes('"live"'))).toBe(true);
    const compared = of("reconciled");
    expect(compared.filter((line) => !line.includes('"agrees":true'))).toEqual([]);
    expect(venue.venue.exchange.view(WALLET.toLowerCase()).openOrders()).toEqual([]);
    for (const text of [journal, ended.out, ended.err]) expect(text).not.toContain(KEY.slice(2));
    const verified = await command(["verify", join(cwd, "live.jsonl"), "--json"]);
    expect(lastJson(verified.out)).toMatchObject({ ok: true });
  });

  it("ends in good order when an error strays: what rests is cancelled, what happened is written down", async () => {
    const strategy = join(import.meta.dirname, "straying.ts");
    const strategies = `{ use: ${strategy} }`;
    const config = configured("straying.yaml", { strategies });
    const running = startBot(["run", "--live", "--config", config, "--journal", "straying.jsonl"], {
      cwd,
      env: { MATCHPOINT_PRIVATE_KEY: KEY },
    });
    const ended = await running.ended;
    expect(ended.err).toMatch(/an error that nobody caught ends the run: TypeError: a timer of the strategy/);
    expect(ended.err).toMatch(/^error: TypeError: a timer of the strategy$/m);
    expect(ended.code).toBe(1);
    const journal = readFileSync(join(cwd, "straying.jsonl"), "utf8");
    expect(journal).toContain(`"strategyId":"${Straying.id}"`);
    for (const state of ["live", "canceled"])
      expect(journal).toMatch(new RegExp(`"order_report".*"${state}"`));
    expect(venue.venue.exchange.view(WALLET.toLowerCase()).openOrders()).toEqual([]);
    // In a process of its own: its timers stray wherever it runs.
    const verified = await bot(["verify", "straying.jsonl", "--strategy", strategy, "--json"], { cwd });
    expect(lastJson(verified.out)).toMatchObject({ ok: true });
  });

  describe("refuses, with one line that says what to do,", () => {
    const ownKey = `0x${"12ab".repeat(16)}`;
    const refusals: readonly [string, () => Promise<Ended>, RegExp][] = [
      [
        "without a key",
        () => run(configured("a.yaml"), undefined),
        /there is no private key\n +Set the environment variable MATCHPOINT_PRIVATE_KEY/,
      ],
      [
        "with a key of another type",
        () => runHere("a.yaml", "L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ"),
        /the private key is not one/,
      ],
      [
        "with an account without money",
        () => runHere("a.yaml", POOR),
        /no collateral for this account with signature type 0.*\n +Fund it/,
      ],
      [
        "with a funder and signature type 0",
        () => runHere("b.yaml", KEY, { execution: `  funder: "${WALLET}"` }),
        /execution\.funder.*goes with signature types/,
      ],
      [
        "with a key that stands in a .env file",
        () => {
          mkdirSync(join(cwd, "dotenv"));
          writeFileSync(join(cwd, "dotenv/.env"), `PRIVATE_KEY=${ownKey}\n`);
          return run(configured("dotenv/live.yaml"), ownKey);
        },
        /dotenv\/\.env:1: the private key stands in a \.env file\n +Take it out of there.*\n +SECRET_UNSAFE/,
      ],
      [
        "with a key in a file of the working directory",
        () => {
          writeFileSync(join(cwd, "key"), ownKey, { mode: 0o600 });
          return run(
            configured("f.yaml", { more: `secrets: { private_key: "file:${join(cwd, "key")}" }` }),
            undefined,
          );
        },
        /secrets\.private_key: .*\/key: lies in the working directory .*\n +Move it out/,
      ],
      ["without a journal", () => runHere("a.yaml", KEY, {}, "--no-journal"), /a live run keeps a journal/],
      [
        "on markets that the venue does not have",
        () => runHere("e.yaml", KEY, { market: OTHER_MARKET }),
        /unlisted: .*the CLOB does not know market/,
      ],
    ];
    it.each(refusals)("%s", async (_, start, says) => {
      const ended = await start();
      expect(ended.err).toMatch(says);
      expect(ended.code).toBe(2);
      for (const key of [KEY, ownKey]) expect(ended.out + ended.err).not.toContain(key.slice(2));
    });

    it("where the venue says that it may not be traded on", async () => {
      venue.command({ do: "geoblock", blocked: true, country: "US", region: "NY" });
      try {
        const ended = await runHere("d.yaml", KEY);
        expect(ended.err).toMatch(/Polymarket does not take orders from US, NY/);
        expect(ended.code).toBe(2);
      } finally {
        venue.command({ do: "geoblock", blocked: false, country: "IE", region: "L" });
      }
    });
  });
});
