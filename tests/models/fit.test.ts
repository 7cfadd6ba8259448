import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLolModel, type FittedModel, type LolCoefficients } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { EXIT, type Io, runCli } from "@matchpoint/cli";
import { evaluate } from "../../packages/cli/src/models/evaluate.ts";
import { fitTitle } from "../../packages/cli/src/models/fit.ts";
import { STRICT } from "../../packages/cli/src/models/gameLines.ts";
import { lolModelling } from "../../packages/cli/src/models/lol/modelling.ts";
import { splitByTime } from "../../packages/cli/src/models/split.ts";
import { folderOf, lolLines } from "./synthetic.ts";

/** What a command prints. */
async function command(args: readonly string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    redraw: () => undefined,
    interactive: false,
    columns: 120,
    closed: new AbortController().signal,
  };
  const code = await runCli(args, { io });
  return { code, out, err };
}

const LINES = lolLines(40);
const FOLDER = folderOf(LINES);

describe("the split by time", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    game: `g${i}`,
    match: `m${Math.floor(i / 3)}`,
    playedAt: `2024-01-${String(10 + (i % 17))}`,
  }));

  it("keeps each match on one side, and nothing of the test before anything of the fit that it was not played with", () => {
    const { earlier, later } = splitByTime(rows);
    expect(earlier.length + later.length).toBe(rows.length);
    const left = new Set(earlier.map(({ match }) => match));
    expect(later.some(({ match }) => left.has(match))).toBe(false);
    expect(later.length).toBeGreaterThan(4);
  });

  it("does not depend on the order of the file", () => {
    expect(splitByTime(rows.toReversed())).toEqual(splitByTime(rows));
  });
});

describe("a fit", () => {
  it("gives the same bytes for the same games in any order", async () => {
    const write = async (folder: string): Promise<string[]> => {
      const out = mkdtempSync(join(tmpdir(), "fit-"));
      expect((await command(["model", "fit", "lol", folder, "--out", out])).code).toBe(EXIT.OK);
      return ["lol.json", "lol.md"].map((name) => readFileSync(join(out, name), "utf8"));
    };
    const [once, again] = [await write(FOLDER), await write(folderOf(LINES.toReversed()))];
    expect(again).toEqual(once);
    expect(once[1]).toContain("## Scores on matches that the fit had not seen");
  });

  it("tests on the last season what it fitted on those before, and lets nothing through from the one to the other", async () => {
    const rows = await lolModelling.load(FOLDER, STRICT);
    const { earlier, later } = lolModelling.split!(rows);
    expect(new Set(later.map(({ season }) => season))).toEqual(new Set(["2017 Summer"]));
    expect(earlier.some(({ season }) => season === "2017 Summer")).toBe(false);
    const turned = rows.map((row) =>
      row.season === "2017 Summer" ? { ...row, blueWon: !row.blueWon } : row,
    );
    const trial = (of: typeof rows): unknown =>
      lolModelling.fit(lolModelling.split!(of).earlier).coefficients;
    expect(trial(turned)).toEqual(trial(rows));
    expect(lolModelling.fit(turned).coefficients).not.toEqual(lolModelling.fit(rows).coefficients);
  });

  it("finds who is strong, and takes it to later games only", async () => {
    const rows = await lolModelling.load(folderOf(lolLines(120, 5)), STRICT);
    const { fitted, test } = fitTitle(lolModelling, rows);
    const { teams, weight, asOf } = (fitted as FittedModel<LolCoefficients>).coefficients.ratings;
    expect(teams["alder"]).toBeGreaterThan(teams["fir"]! + 0.5);
    expect(weight).toBeGreaterThan(0.3);
    expect(asOf).toBe(Date.UTC(2018, 0, 1));
    const unrated = "itself without the teams' ratings";
    expect(test.overall.rivals[unrated]!.brierDifference.mean).toBeLessThan(0);
    // Games of the data's own time: ratings as of its end would know their outcomes.
    const model = createLolModel(fitted as FittedModel<LolCoefficients>);
    const within = evaluate(lolModelling, rows, { model, rivals: {} });
    expect(within.overall.rivals[unrated]!.brierDifference).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it("refuses too few games, saying so", async () => {
    const { code, err } = await command([
      "model",
      "fit",
      "lol",
      folderOf(LINES.slice(0, 30)),
      "--out",
      tmpdir(),
    ]);
    expect(code).toBe(EXIT.ERROR);
    expect(err.join("\n")).toMatch(/are too few/);
  });
});

describe("an evaluation", () => {
  it("prints what scripts read", async () => {
    const { code, out } = await command(["model", "evaluate", "lol", FOLDER, "--json"]);
    expect(code).toBe(EXIT.OK);
    const result = JSON.parse(out.at(-1)!) as Record<string, unknown>;
    const figures = {
      n: LINES.length,
      brier: expect.any(Number),
      logLoss: expect.any(Number),
      ece: expect.any(Number),
      eceBand: expect.any(Number),
    };
    expect(result).toMatchObject({
      title: "lol",
      n: LINES.length,
      overall: { ...figures, n: 4 * LINES.length },
    });
    expect(result["buckets"]).toMatchObject([5, 10, 15, 20].map((at) => ({ at, ...figures })));
  });

  it("prints what people read, with intervals and the band", async () => {
    const { out } = await command(["model", "evaluate", "lol", FOLDER]);
    const text = out.join("\n");
    expect(text).toMatch(/minute 10 +240 +0\.\d{4}/);
    expect(text).toMatch(/Against the closed form/);
    expect(text).toMatch(/[+-]0\.\d{4} \[[+-]0\.\d{4}, [+-]0\.\d{4}\]/);
  });

  it.each([
    [["model", "evaluate", "chess", FOLDER], 2, /no model of chess/],
    [["model", "evaluate", "lol", "/nowhere"], 2, /no such folder/],
    [["model", "evaluate", "lol", folderOf([])], 1, /holds no complete game/],
    [["model", "evaluate", "lol", folderOf([{ ...LINES[0], blueWin: 2 }])], 1, /games\.jsonl:1.*blueWin/s],
    [["model", "fit", "dota2", FOLDER], 2, /not fitted/],
  ] as const)("%j says what is wrong", async (args, code, message) => {
    const result = await command(args);
    expect(result.err.join("\n")).toMatch(message);
    expect(result.code).toBe(code);
  });

  it("counts a doubled game once", async () => {
    const rows = await lolModelling.load(
      folderOf([LINES[0], LINES[0], { ...LINES[1], dup: true }, { ...LINES[2], dup: false }]),
      STRICT,
    );
    expect(rows.map(({ game }) => game)).toEqual([LINES[0]!.src, LINES[2]!.src]);
  });
});
