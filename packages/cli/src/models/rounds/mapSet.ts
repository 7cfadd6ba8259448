import { createHash } from "node:crypto";
import { mapResult, ROUND_FORMATS, type RoundTitle } from "@matchpoint/sdk";
import type { Reading } from "../gameLines.ts";
import { drawnOrder, type RoundsRow } from "./rows.ts";

/** The maps of a collection as they are read: each once, and only those whose score can have come about. */
export class MapSet {
  readonly rows: RoundsRow[] = [];
  readonly #title: RoundTitle;
  readonly #reading: Reading;
  readonly #seen = new Set<string>();
  readonly #names = new Map<string, number>();

  constructor(title: RoundTitle, reading: Reading) {
    this.#title = title;
    this.#reading = reading;
  }

  /**
   * @param row the map, its first team being A
   * @param last the score after its last round
   * @param where its line
   */
  add(row: RoundsRow, last: readonly [number, number], where: string): void {
    const why = flawOf(this.#title, row, last);
    if (why !== undefined) return this.#reading.bad({ where, why });
    const content = createHash("sha256")
      .update(JSON.stringify([row.game, row.rounds]))
      .digest("hex");
    if (this.#seen.has(content)) return this.#reading.passed("doubled");
    this.#seen.add(content);
    // Two maps of one name are two maps all the same.
    const count = (this.#names.get(row.game) ?? 0) + 1;
    this.#names.set(row.game, count);
    this.rows.push(drawnOrder(count === 1 ? row : { ...row, game: `${row.game} #${count}` }));
  }
}

/** What is wrong with a map: a round whose score does not follow, or an end that is none. */
function flawOf(
  title: RoundTitle,
  { rounds, won }: RoundsRow,
  last: readonly [number, number],
): string | undefined {
  const format = ROUND_FORMATS[title];
  for (const [index, round] of rounds.entries()) {
    const [own, other] = round.score;
    const [a, b] = rounds[index + 1]?.score ?? last;
    if (a !== own + (round.won ? 1 : 0) || b !== other + (round.won ? 0 : 1))
      return `rounds.${index}: ${own}-${other} is not followed by ${a}-${b} when ${round.won ? "A" : "B"} wins`;
    if (mapResult(format, own, other) !== undefined)
      return `rounds.${index}: the map was over at ${own}-${other}`;
  }
  const result = mapResult(format, last[0], last[1]);
  if (result === undefined) return `rounds: the map is not over at ${last[0]}-${last[1]}`;
  return (result === 1) === won ? undefined : `winner: not who won at ${last[0]}-${last[1]}`;
}
