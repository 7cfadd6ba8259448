import type { TruthState, Verdict } from "../../state/index.ts";
import { takes } from "../amounts.ts";
import { ENTRY_ONLY, type RiskCheck } from "../check.ts";
import type { DenialCode } from "../denialCodes.ts";
import type { RiskView } from "../view.ts";

type Truth = NonNullable<RiskView["truth"]>;

/** What an entry in the market rests on: its own verdict and the series'; for a market on the series, every game's too. */
function verdicts(view: RiskView, truth: Truth): readonly Verdict[] {
  const { state, own } = truth;
  return view.market.subject?.kind === "series" ? [own, state, ...state.games] : [own, state];
}

function described(verdict: Verdict, state: TruthState): string {
  return "game" in verdict
    ? `game ${String(verdict.game)}`
    : verdict === state
      ? "the series"
      : "the market's subject";
}

/** Entries of strategies that rest on truth; nobody else is asked. */
const truthDriven = (code: DenialCode, problem: (view: RiskView) => string | undefined): RiskCheck => ({
  code,
  purposes: ENTRY_ONLY,
  check: (_intent, view) => (view.strategy.truthDriven ? problem(view) : undefined),
});

function find(view: RiskView, test: (verdict: Verdict) => boolean, what: string): string | undefined {
  const { truth } = view;
  if (truth === undefined) return undefined;
  const verdict = verdicts(view, truth).find(test);
  return verdict === undefined ? undefined : `${described(verdict, truth.state)} ${what}`;
}

/** What takes liquidity on late news buys from who knows more. Resting post-only orders and exits are not asked. */
const signalTooLate: RiskCheck = {
  code: "SIGNAL_TOO_LATE",
  purposes: ENTRY_ONLY,
  check(intent, { strategy, truth, book }) {
    if (!strategy.truthDriven) return undefined;
    const signal = truth?.signal;
    if (signal === undefined || signal.mayTake || !takes(intent, book)) return undefined;
    const { source, lagMs, limitMs } = signal;
    const late = lagMs === undefined ? "of unknown lag" : `${seconds(lagMs)} s late`;
    return `the news came from ${source}, which is ${late}, at most ${seconds(limitMs ?? 0)} s`;
  },
};

/** What takes liquidity on odds that nobody ever held against outcomes pays for them. Quotes and exits are not asked. */
const modelUncalibrated: RiskCheck = {
  code: "MODEL_UNCALIBRATED",
  purposes: ENTRY_ONLY,
  check(intent, { strategy, truth, book }) {
    if (!strategy.truthDriven || truth?.calibrated !== false || !takes(intent, book)) return undefined;
    return `the model's probability for this ${truth.state.match.title} match was never compared with outcomes`;
  },
};

function seconds(ms: number): string {
  return String(Math.round(ms / 100) / 10);
}

export const truthChecks: readonly RiskCheck[] = [
  truthDriven("SUBJECT_UNPROVEN", ({ market }) =>
    market.subject === undefined
      ? `it is not proven which match the market is about${market.unproven === undefined ? "" : `: ${market.unproven}`}`
      : undefined,
  ),
  truthDriven("TRUTH_UNKNOWN", ({ truth }) =>
    truth === undefined ? "nothing is known of the market's match" : undefined,
  ),
  truthDriven("TRUTH_STALE", ({ truth }) =>
    truth?.state.stale === true
      ? `no fresh claim; silent: ${truth.state.staleSource ?? "every source"}`
      : undefined,
  ),
  truthDriven("TRUTH_DISPUTED", (view) =>
    find(
      view,
      ({ status }) => status === "disputed" || status === "retracted",
      "is disputed or was retracted",
    ),
  ),
  truthDriven("TRUTH_SINGLE_SOURCE", (view) =>
    find(view, ({ singleSource }) => singleSource, "rests on a single source"),
  ),
  signalTooLate,
  modelUncalibrated,
];
