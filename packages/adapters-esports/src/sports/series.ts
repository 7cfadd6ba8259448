import { NANOS_PER_MS, type Nanos } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "../common/view.ts";

type Pair = readonly [number, number];

/** What one frame says, in the order of the match's teams. */
export interface SportsReading {
  readonly started: boolean;
  readonly ended: boolean;
  readonly cancelled: "cancelled" | "postponed" | undefined;
  readonly maps: Pair | undefined;
  /** Points of the map that is played, and its number; `undefined` when they are not supplied. */
  readonly play: { readonly game: number; readonly points: Pair } | undefined;
}

/** The channel has no order of its own: only what stays behind for so long was taken back. */
const BEHIND_MS = 5_000;

/**
 * What became of a frame. `late`: it says less than one before it, of maps (`corrected` when it stays so), of the end
 * (`reopened`), or of points (`rewound`).
 */
export type SportsOutcome = "taken" | "late" | "corrected" | "reopened" | "rewound";

/** What the channel says about one match. It names no winner, ever: maps won are all that it states. */
export class SportsSeries {
  #now: SportsReading | undefined;
  #points = new Map<number, Pair>();
  #behindSince: Nanos | undefined;

  /** Takes over a frame. */
  take(given: SportsReading, at: Nanos): SportsOutcome {
    const reading = given.ended ? this.#atTheEnd(given) : given;
    let outcome: SportsOutcome = "taken";
    const back = this.#now === undefined ? undefined : fallsBack(this.#now, reading, this.#points);
    if (back !== undefined) {
      this.#behindSince ??= at;
      if (at - this.#behindSince < BEHIND_MS * NANOS_PER_MS) return "late";
      outcome = back;
    }
    this.#behindSince = undefined;
    if (outcome === "corrected") {
      const played = total(reading.maps);
      this.#points = new Map([...this.#points].filter(([game]) => game <= played));
    }
    // A frame without a score says nothing of it.
    const maps = reading.maps ?? (outcome === "taken" ? this.#now?.maps : undefined);
    this.#now = {
      ...reading,
      maps,
      started: reading.started || (outcome === "taken" && this.#now?.started === true),
    };
    if (reading.play !== undefined && total(reading.play.points) > 0) {
      this.#points.set(reading.play.game, reading.play.points);
    } else if (reading.play !== undefined && outcome === "rewound") this.#points.delete(reading.play.game);
    return outcome;
  }

  /** The end is said once, and may come with a score that is older or wiped: the end counts, such a score does not. */
  #atTheEnd(reading: SportsReading): SportsReading {
    const known = this.#now?.maps;
    const wiped = total(reading.maps) === 0;
    const older = this.#now?.ended !== true && less(reading.maps, known);
    return known !== undefined && (wiped || older) ? { ...reading, maps: known } : reading;
  }

  /** Being played, so that silence would be strange. */
  get running(): boolean {
    const now = this.#now;
    return now !== undefined && now.started && !now.ended && now.cancelled === undefined;
  }

  /** Nothing more is to come, unless it is taken back. */
  get over(): boolean {
    return this.#now?.ended === true || this.#now?.cancelled === "cancelled";
  }

  view(): SeriesView {
    const now = this.#now;
    const played = total(now?.maps);
    const games = new Map<number, GameView>();
    for (const [game, score] of [...this.#points].sort(([a], [b]) => a - b)) {
      const state = { ref: undefined, started: true, paused: false, winner: undefined, forfeit: false };
      games.set(game, { game, ...state, ended: game <= played || now?.ended === true, progress: { score } });
    }
    return {
      valid: true,
      started: now?.started === true,
      ended: now?.ended === true,
      winner: undefined,
      forfeit: false,
      cancelled: now?.cancelled,
      maps: now?.maps,
      games,
    };
  }

  /** As if nothing had been said but the score that stands now: what was said before is taken back by it. */
  afresh(): SeriesView {
    return { ...this.view(), started: false, ended: false, cancelled: undefined, games: new Map() };
  }
}

/** In what a frame says less than the one before it. */
function fallsBack(
  before: SportsReading,
  now: SportsReading,
  points: ReadonlyMap<number, Pair>,
): "corrected" | "reopened" | "rewound" | undefined {
  if (less(now.maps, before.maps)) return "corrected";
  if (before.ended && !now.ended) return "reopened";
  if (before.cancelled !== undefined && now.cancelled === undefined && !now.ended) return "reopened";
  if (now.play !== undefined && less(now.play.points, points.get(now.play.game))) return "rewound";
  return undefined;
}

function less(now: Pair | undefined, before: Pair | undefined): boolean {
  return now !== undefined && before !== undefined && (now[0] < before[0] || now[1] < before[1]);
}

function total(pair: Pair | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}
