import type { MatchId, SourceId } from "../ids.ts";
import type { TruthStatus, Verdict } from "../state/index.ts";
import type { TruthInput } from "./machine.ts";

/** One step of the truth machine: what is held true about a match, or one of its games, changed. */
export interface TruthChange {
  readonly matchId: MatchId;
  /** Absent: the series. */
  readonly game?: number;
  /** The machine's input; with `from` and `to` it is a row of `TRUTH_MACHINE`. Absent for `stale` and `fresh_again`. */
  readonly on?: TruthInput;
  readonly from: TruthStatus;
  readonly to: TruthStatus;
  readonly previous: Verdict;
  readonly current: Verdict;
  /**
   * `status`: the machine moved, or a flag of the verdict did. `progress`: the score or the evidence moved, the status did
   * not. `revised`: something held true was taken back. `stale`, `fresh_again`: about the whole match.
   */
  readonly kind: "status" | "progress" | "revised" | "stale" | "fresh_again";
  /** Whether it may be acted on as news: not replayed history, not tier C, not a timer, not a score that went backwards. */
  readonly fresh: boolean;
  /** Whose claim brought it about; absent: time, or a listing. */
  readonly source?: SourceId;
  readonly reason: string;
}
