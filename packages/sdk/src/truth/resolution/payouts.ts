import type { MarketSubject, Outcome, Team } from "../../events/index.ts";
import type { TruthState, Verdict } from "../../state/index.ts";
import { USDC_ONE, type Usdc } from "../../units/index.ts";
import { DEFAULT_RESOLUTION_RULES, type ResolutionRule } from "./rule.ts";

/** What a rule makes of truth. */
export type ExpectedResolution =
  | {
      readonly decided: true;
      /** Micro-dollars per whole share of outcome 0 and 1. */
      readonly payouts: readonly [Usdc, Usdc];
      /** Whether truth is `effectively_final` only, so that this may still change. */
      readonly provisional: boolean;
      readonly reason: string;
    }
  | { readonly decided: false; readonly reason: string };

const HALF = (USDC_ONE / 2) as Usdc;
const HALVES: readonly [Usdc, Usdc] = [HALF, HALF];

/** The verdict on what a market is about; `undefined` for a game that the match does not have. */
export function verdictOf(subject: MarketSubject, state: TruthState): Verdict | undefined {
  if (subject.kind === "series") return state;
  return state.games.find((game) => game.game === subject.game);
}

/** Whether play of the subject had begun, as far as truth shows. */
function begun(subject: MarketSubject, state: TruthState): boolean {
  const played = (game: TruthState["games"][number]): boolean => {
    if (Object.keys(game.progress).length > 0 || game.status === "live" || game.status === "paused")
      return true;
    return (game.status === "effectively_final" || game.status === "final") && !game.forfeit;
  };
  return subject.kind === "series"
    ? state.games.some(played)
    : state.games.some((game) => game.game === subject.game && played(game));
}

function winnerTakes(subject: MarketSubject, winner: Team): readonly [Usdc, Usdc] {
  const outcome: Outcome = subject.teamOf[0] === winner ? 0 : 1;
  return outcome === 0 ? [USDC_ONE, 0 as Usdc] : [0 as Usdc, USDC_ONE];
}

/**
 * Applies a market's rule to truth: what each outcome pays, if truth stays as it is.
 *
 * @example
 * ```ts
 * import { resolvePayouts, type MarketSubject, type TruthState } from "@matchpoint/sdk";
 * function isWorth(subject: MarketSubject, truth: TruthState): string {
 *   const expected = resolvePayouts(subject, truth);
 *   return expected.decided ? expected.payouts.join("/") : expected.reason;
 * }
 * ```
 */
export function resolvePayouts(
  subject: MarketSubject,
  state: TruthState,
  rule: ResolutionRule = DEFAULT_RESOLUTION_RULES[subject.kind],
): ExpectedResolution {
  const own = verdictOf(subject, state);
  if (own === undefined) return { decided: false, reason: "the match has no such game" };
  if (subject.teamOf[0] === subject.teamOf[1])
    return { decided: false, reason: "both outcomes name the same team" };
  if (own.status === "void") {
    // Void covers walkovers too, and does not say for whom: a text that pays them out leaves this open.
    if (rule.forfeitBeforeStart === "winner" && !begun(subject, state))
      return {
        decided: false,
        reason: "not held, and the text pays walkovers to a team that truth does not name",
      };
    return { decided: true, payouts: HALVES, provisional: true, reason: "not held" };
  }
  if (own.status === "not_played") {
    return { decided: true, payouts: HALVES, provisional: state.status !== "final", reason: "not played" };
  }
  if ((own.status !== "final" && own.status !== "effectively_final") || own.winner === undefined) {
    return { decided: false, reason: `truth is ${own.status}` };
  }
  const provisional = own.status !== "final";
  if (own.forfeit) {
    const pays = begun(subject, state) ? rule.forfeitAfterStart : rule.forfeitBeforeStart;
    if (pays === "fifty_fifty") return { decided: true, payouts: HALVES, provisional, reason: "forfeit" };
  }
  return { decided: true, payouts: winnerTakes(subject, own.winner), provisional, reason: "won" };
}

/** The venue pays other than truth and rule expect. */
export interface ResolutionMismatch {
  readonly code: "PAYOUT_DIFFERS_FROM_TRUTH";
  readonly expected: readonly [Usdc, Usdc];
  readonly paid: readonly [Usdc, Usdc];
  readonly message: string;
}

/** Compares the venue's resolution with truth; `undefined` when they agree or truth has not decided. */
export function checkResolution(
  subject: MarketSubject,
  state: TruthState,
  paid: readonly [Usdc, Usdc],
  rule: ResolutionRule = DEFAULT_RESOLUTION_RULES[subject.kind],
): ResolutionMismatch | undefined {
  const expected = resolvePayouts(subject, state, rule);
  if (!expected.decided) return undefined;
  if (expected.payouts[0] === paid[0] && expected.payouts[1] === paid[1]) return undefined;
  const vector = (payouts: readonly [Usdc, Usdc]): string => payouts.map((each) => each / USDC_ONE).join("/");
  return {
    code: "PAYOUT_DIFFERS_FROM_TRUTH",
    expected: expected.payouts,
    paid,
    message:
      `venue pays ${vector(paid)} per share, rule ${rule.id} expects ${vector(expected.payouts)}` +
      ` (${expected.reason}${expected.provisional ? ", provisional" : ""})`,
  };
}
