import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRuns, type FoundRun } from "../../packages/cli/src/control/announcement.ts";
import { fakeMarketServer, type FakeMarketServer } from "./fakeMarketServer.ts";
import { startNtp } from "./ntpServer.ts";
import { bot, startBot, temporaryFolder } from "./support.ts";

describe("the clock of a run", { timeout: 60_000 }, () => {
  let server: FakeMarketServer;
  let cwd: string;
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    server = await fakeMarketServer(() => ({ bids: [], asks: [] }));
    cwd = temporaryFolder();
  });

  afterAll(async () => {
    for (const close of closing) close();
    await server.close();
  });

  async function configured(name: string, mode: string, offsetMs: number): Promise<string> {
    const { address, close } = await startNtp(offsetMs);
    closing.push(close);
    const path = join(cwd, name);
    writeFileSync(
      path,
      `
mode: ${mode}
strategies: [{ use: model-maker, params: { reference: microprice } }]
markets:
  - id: "0xm"
    title: "A vs B"
    outcomes: [{ token: "1", name: A }, { token: "2", name: B }]
feeds:
  polymarket: { socket_url: "${server.socketUrl}", rest_url: "${server.restUrl}" }
time: { ntp_servers: ["${address}"], max_skew_ms: 2000 }
`,
    );
    return path;
  }

  it("is compared with NTP and the venue, and every event carries what was found", async () => {
    const config = await configured("paper.yaml", "paper", 5_000);
    const run = startBot(["run", "--config", config, "--for", "4", "--journal", "clock.jsonl"], { cwd });
    await run.until(/clock: our clock is \d+ ms behind NTP/);
    const [{ announcement }] = findRuns(join(cwd, "runs")) as [FoundRun];
    const health = (await (await fetch(`${announcement.url}/readyz`)).json()) as { reasons: string[] };
    expect(health.reasons).toContainEqual(
      expect.stringMatching(/^the clock: our clock is \d+ ms behind NTP/),
    );
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    const [, off] = /clock: our clock is (\d+) ms behind NTP .* at most 2000 ms are allowed\. Have/.exec(
      ended.out,
    )!;
    expect(Math.abs(Number(off) - 5_000)).toBeLessThan(200);
    expect(ended.out).toMatch(/clock: our clock .* the venue .*6 of 6 answered/);
    const lines = readFileSync(join(cwd, "clock.jsonl"), "utf8").trimEnd().split("\n");
    const stopping = JSON.parse(lines.find((line) => line.includes('"kind":"run_stopping"'))!) as object;
    expect(stopping).toMatchObject({
      ntp_offset_ms: Number(off),
      venue_offset_ms: expect.any(Number) as number,
    });
    expect((await bot(["verify", "clock.jsonl"], { cwd })).code).toBe(0);
  });

  it("keeps a run from trading live when it is off, or nobody says what time it is", async () => {
    const skewed = await bot(["run", "--live", "--config", await configured("off.yaml", "live", 9_000)], {
      cwd,
    });
    expect(skewed.code).not.toBe(0);
    expect(skewed.err).toMatch(/ms behind NTP.*CLOCK_SKEWED/s);
    const config = await configured("unknown.yaml", "live", 0);
    closing.pop()!();
    const unknown = await bot(["run", "--live", "--config", config], { cwd });
    expect(unknown.err).toMatch(/could not be compared with NTP.*CLOCK_SKEWED/s);
  });

  it("lets a clock that is right pass on to the next check", async () => {
    const right = await bot(["run", "--live", "--config", await configured("right.yaml", "live", 0)], {
      cwd,
    });
    expect(right.err).toMatch(/there is no private key.*MATCHPOINT_PRIVATE_KEY.*CREDENTIALS_INVALID/s);
  });
});
