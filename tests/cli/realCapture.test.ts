import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { bot, DATA, lastJson, ROOT, temporaryFolder } from "./support.ts";

const CAPTURE = join(DATA, "polymarket-ticks-nhl-inplay-2026-06-07");
const MAPPING = join(ROOT, "examples/reference-bot/mappings/nhl-inplay-2026-06-07.yaml");
const MARKETS = [
  [0, 6],
  [1, 8],
  [2, 3],
  [7, 9],
  [4, 11],
  [5, 10],
] as const;

const there = existsSync(CAPTURE);
if (!there)
  console.log(
    `skipped: the capture of 2026-06-07 is not at ${CAPTURE} (MATCHPOINT_DATA names another folder)`,
  );

/** Rows of the capture, counted by themselves: split at commas, nothing else. */
function countRows(): { rows: number; levels: number; trades: number; byToken: number[]; frames: number } {
  const rows = gunzipSync(readFileSync(join(CAPTURE, "ticks.csv.gz")))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .slice(1);
  const other = new Map(
    MARKETS.flatMap(
      ([a, b]) =>
        [
          [a, b],
          [b, a],
        ] as [number, number][],
    ),
  );
  const byToken: number[] = new Array<number>(12).fill(0);
  let levels = 0;
  let trades = 0;
  let frames = 0;
  let before: string[] | undefined;
  for (const row of rows) {
    const cells = row.split(",");
    byToken[Number(cells[2])]! += 1;
    if (cells[1] === "T") trades += 1;
    else levels += 1;
    // The venue states a change on both tokens in one frame: the second of two such rows begins none.
    const twin =
      before !== undefined &&
      cells[1] === "P" &&
      before[0] === cells[0] &&
      other.get(Number(before[2])) === Number(cells[2]) &&
      before[3] !== cells[3] &&
      before[5] === cells[5] &&
      Math.round(Number(before[4]) * 10_000) + Math.round(Number(cells[4]) * 10_000) === 10_000;
    if (!twin) frames += 1;
    before = twin || cells[1] === "T" ? undefined : cells;
  }
  return { rows: rows.length, levels, trades, byToken, frames };
}

describe.skipIf(!there)("the real capture of 2026-06-07", { timeout: 120_000 }, () => {
  let recording: string;
  let imported: Record<string, any>;

  beforeAll(async () => {
    recording = join(temporaryFolder(), "nhl.jsonl");
    const ended = await bot([
      "import",
      "polymarket-ticks-csv",
      CAPTURE,
      "--mapping",
      MAPPING,
      "--out",
      recording,
      "--json",
    ]);
    expect(ended.code).toBe(0);
    imported = lastJson(ended.out);
  }, 120_000);

  it("is imported whole: every row, by kind and by token, and every frame", () => {
    const counted = countRows();
    expect(counted).toMatchObject({ rows: 358_112, levels: 357_274, trades: 838 });
    const scores =
      readFileSync(join(CAPTURE, "espn_nhl_401874173.csv"), "utf8").trimEnd().split("\n").length - 1;
    expect(imported).toMatchObject({
      read: 358_112,
      levelUpdates: 357_274,
      trades: 838,
      claims: scores + 2,
      left: {},
    });
    const tokens = (JSON.parse(readFileSync(join(CAPTURE, "tokens.json"), "utf8")) as { tokens: string[] })
      .tokens;
    const byToken = new Map(tokens.map((token) => [token, 0]));
    let market = 0;
    let score = 0;
    for (const line of readFileSync(recording, "utf8").split("\n")) {
      if (line.includes('"ch":"market"')) market += 1;
      else if (line.includes('"ch":"score"')) score += 1;
      else continue;
      for (const [, token] of line.matchAll(/"asset_id":"(\d+)"/g))
        byToken.set(token!, byToken.get(token!)! + 1);
    }
    expect(tokens.map((token) => byToken.get(token))).toEqual(counted.byToken);
    expect(market).toBe(counted.frames);
    expect(score).toBe(scores + 2);
    expect(imported["frames"]).toBe(market + score);
  });

  it("is traded by each default strategy in a run of its own, and by all in one", async () => {
    const replay = async (...strategies: string[]): Promise<Record<string, any>> => {
      const flags = strategies.flatMap((name) => ["--strategy", name]);
      if (strategies.includes("model-maker")) flags.push("--set", "model-maker.reference=microprice");
      const ended = await bot(["replay", recording, ...flags, "--no-journal", "--json"]);
      expect(ended.code).toBe(0);
      const result = lastJson(ended.out);
      expect(result["quarantined"]).toBe(0);
      expect(result["input"]).toMatchObject({ kind: "recording", lines: imported["frames"] });
      const sum = result["markets"].reduce(
        (total: number, { pnlUsdc }: { pnlUsdc: number }) => total + Math.round(pnlUsdc * 1e6),
        0,
      );
      expect(sum).toBe(Math.round(result["pnlUsdc"] * 1e6));
      return result;
    };
    const maker = await replay("model-maker");
    expect(maker["fills"]).toBeGreaterThan(0);
    expect(maker["feesUsdc"]).toBe(0);
    const pair = await replay("pair-arb");
    expect(pair["fills"]).toBeGreaterThan(0);
    // Only one market's subject is known, and the score came half a minute after the prices had moved.
    const temporal = await replay("temporal-arb");
    expect(temporal["denied"]).toBe(0);
    const why: { title: string; reason: string; count: number }[] = temporal["whyNot"];
    const unproven = why.filter(({ title }) => title.startsWith("Unknown market"));
    expect(unproven.map(({ title }) => title)).toHaveLength(5);
    expect(new Set(unproven.map(({ reason }) => reason))).toEqual(new Set(["no truth about this market"]));
    expect(why.some(({ title }) => title === "VGK vs CAR, match winner")).toBe(true);
    const all = await replay("temporal-arb", "pair-arb", "model-maker");
    expect(all["fills"]).toBeGreaterThan(0);
    expect(all["denials"]["MARKET_BUSY"]).toBeGreaterThan(0);
  });
});
