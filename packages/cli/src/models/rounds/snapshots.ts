import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { LineFile } from "../../import/lines.ts";

/** The collection of in-round states that the CS2 fit takes the bomb from. */
export const SNAPSHOTS_FOLDER = "csgo-round-snapshots-2019-2020";

/** One state of a round of CS:GO, from CT's side. */
export interface FightSnapshot {
  readonly alive: readonly [ct: number, t: number];
  readonly planted: boolean;
  readonly won: boolean;
  /** Counts the matches of the file as they follow each other: a new one starts at 0-0. */
  readonly group: number;
}

const COLUMNS = [
  "ct_score",
  "t_score",
  "bomb_planted",
  "ct_players_alive",
  "t_players_alive",
  "round_winner",
] as const;

/**
 * Reads `snapshots.csv.gz` of a folder: states of rounds, in the order in which they were played.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or `RECORDING_INVALID` when a column is missing
 */
export async function readSnapshots(folder: string): Promise<FightSnapshot[]> {
  const file = new LineFile(join(folder, "snapshots.csv.gz"));
  const snapshots: FightSnapshot[] = [];
  let at: readonly number[] | undefined;
  let group = 0;
  let level = true;
  for await (const line of file.lines()) {
    const cells = line.split(",");
    if (at === undefined) {
      at = COLUMNS.map((name) => cells.indexOf(name));
      if (at.includes(-1)) {
        throw new MatchpointError("RECORDING_INVALID", `columns ${COLUMNS.join(", ")} are needed`, {
          where: file.path,
        });
      }
      continue;
    }
    const [ctScore, tScore, planted, ct, t, winner] = at.map((column) => cells[column]!);
    const zero = Number(ctScore) === 0 && Number(tScore) === 0;
    if (zero && !level) group += 1;
    level = zero;
    const alive = [Number(ct), Number(t)] as const;
    if (!alive.every((players) => players >= 1 && players <= 5)) continue;
    snapshots.push({ alive, planted: Number(planted) === 1, won: winner === "CT", group });
  }
  return snapshots;
}
