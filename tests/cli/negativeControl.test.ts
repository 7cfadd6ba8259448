import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { playControl, SOURCE, watchCapture } from "../../scripts/negative-control/control.ts";
import { bot, DATA, ROOT, temporaryFolder } from "./support.ts";

const CAPTURE = join(DATA, "polymarket-ticks-nhl-inplay-2026-06-07");
const MAPPING = join(ROOT, "examples/reference-bot/mappings/nhl-inplay-2026-06-07.yaml");
const TICKS = "ticks.csv.gz";
const SCORES = "espn_nhl_401874173.csv";

const there = existsSync(CAPTURE);
if (!there)
  console.log(
    `skipped: the capture of 2026-06-07 is not at ${CAPTURE} (MATCHPOINT_DATA names another folder)`,
  );

/** The match winner's market, from 70 s before the first goal was shown to 60 s after the second. */
const FROM = 1_780_796_510_000;
const TO = 1_780_796_711_000;
const within = (row: string): boolean => {
  const t = Number(row.slice(0, row.indexOf(",")));
  return t >= FROM && t <= TO;
};

function cut(): string {
  const folder = temporaryFolder();
  const [head, ...rows] = gunzipSync(readFileSync(join(CAPTURE, TICKS)))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  const kept = rows.filter((row) => within(row) && /^\d+,[PT],[79],/.test(row));
  writeFileSync(join(folder, TICKS), gzipSync([head, ...kept, ""].join("\n")));
  const [header, ...scores] = readFileSync(join(CAPTURE, SCORES), "utf8").trimEnd().split("\n");
  writeFileSync(join(folder, SCORES), [header, ...scores.filter(within), ""].join("\n"));
  writeFileSync(join(folder, "tokens.json"), readFileSync(join(CAPTURE, "tokens.json")));
  return folder;
}

describe.skipIf(!there)("the negative control, on the minutes around both goals", () => {
  let recording: string;
  beforeAll(async () => {
    recording = join(temporaryFolder(), "goals.jsonl");
    const ended = await bot([
      "import",
      "polymarket-ticks-csv",
      cut(),
      "--mapping",
      MAPPING,
      "--out",
      recording,
    ]);
    expect(ended.err).toBe("");
    expect(ended.code).toBe(0);
  });

  it("finds that the market moved long before the score was shown, and so does the engine by itself", async () => {
    const { goals } = await watchCapture(recording);
    const lags = goals.map(({ shownAt, movedAt }) => (shownAt - movedAt!) / 1_000);
    expect(goals.map(({ score }) => score)).toEqual(["1-0", "2-0"]);
    expect(lags[0]).toBeCloseTo(22.9, 1);
    expect(lags[1]).toBeCloseTo(33.6, 1);
    const { sources } = await playControl(recording, { name: "on", guard: "on" });
    const { lag } = sources.find(({ source }) => source === SOURCE)!;
    expect(lag.n).toBe(2);
    expect(lag.maxMs! / 1_000).toBeCloseTo(lags[1]!, 2);
    expect(lag.p50Ms! / 1_000 / lags[0]!).toBeCloseTo(1, 1);
    expect(lag.mayTake).toBe(false);
  });

  it("shows that it is the guard that keeps the strategy out", async () => {
    const params = { edge_threshold: 0, edge_max: 1, signal_window_ms: 15_000 };
    const on = await playControl(recording, { name: "on", guard: "on", params });
    expect(on.summary).toMatchObject({ orders: 0, pnl: 0, signalGuard: "on" });
    const late = on.reasons.find(([reason]) => reason === "signal too late");
    expect(late?.[1]).toBeGreaterThan(100);
    expect(late?.[2]).toContain(SOURCE);
    const off = await playControl(recording, { name: "off", guard: "off", params });
    expect(off.summary.orders).toBeGreaterThan(0);
    expect(off.summary.signalGuard).toBe("off");
    // What it pays is what the market asks once it knows: 15 cents more than before the goal.
    const [entry] = off.entries;
    expect(entry).toMatchObject({ outcome: "VGK" });
    expect(entry!.price).toBeGreaterThan(0.64);
    expect(entry!.mid - entry!.price - entry!.feePerShare).toBeLessThan(0);
  });

  it("shows that there was something to earn for whoever is in time", async () => {
    const params = { edge_threshold: 0, edge_max: 1, signal_window_ms: 15_000 };
    const [first] = (
      await playControl(recording, { name: "early", guard: "off", params, earlierMs: () => 28_000 })
    ).entries;
    expect(first!.price).toBeLessThan(0.53);
    expect(first!.midAfter - first!.price - first!.feePerShare).toBeGreaterThan(0.1);
  });
});
