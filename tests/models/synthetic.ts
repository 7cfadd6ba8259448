import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../packages/cli/src/models/statistics/random.ts";

/** One line of a LoL data set. */
export interface LolLine {
  readonly i: number;
  readonly league: string;
  readonly year: number;
  readonly season: "Spring" | "Summer";
  readonly blue: string;
  readonly red: string;
  readonly blueWin: 0 | 1;
  readonly golddiff: readonly number[];
  readonly src: string;
}

const TEAMS = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"];

/** Made-up games: gold walks at random, drifts with the teams' strength, and at the end decides with some chance left. */
export function lolLines(perSeason: number, seed = 1): LolLine[] {
  const random = seededRandom(seed);
  const normal = (): number => Array.from({ length: 6 }, random).reduce((sum, u) => sum + u, -3) * 1.41;
  return [2015, 2016, 2017].flatMap((year) =>
    (["Spring", "Summer"] as const).flatMap((season) =>
      Array.from({ length: perSeason }, (): LolLine => {
        const i = Math.floor(random() * 1e9);
        const a = Math.floor(random() * TEAMS.length);
        const b = (a + 1 + Math.floor(random() * (TEAMS.length - 1))) % TEAMS.length;
        const golddiff: number[] = [];
        let lead = 0;
        for (let minute = 0; minute < 24; minute++) {
          lead += Math.round(20 * (b - a) + 350 * normal());
          golddiff.push(lead);
        }
        const logOdds = 0.15 + lead / 2_000 + 0.3 * (b - a);
        const blueWin = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
        return {
          i,
          league: "X",
          year,
          season,
          blue: TEAMS[a]!,
          red: TEAMS[b]!,
          blueWin,
          golddiff,
          src: `game-${i}`,
        };
      }),
    ),
  );
}

/** A folder with these games. */
export function folderOf(lines: readonly unknown[]): string {
  const folder = mkdtempSync(join(tmpdir(), "models-"));
  writeFileSync(join(folder, "games.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return folder;
}
