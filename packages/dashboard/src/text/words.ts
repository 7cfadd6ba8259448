import type {
  ActionAnswer,
  ActionOrder,
  ChartMark,
  LatencyStage,
  Parts,
  PositionRow,
  StopRow,
} from "../frames.ts";

// What the run's own names mean to people.

export const STAGES: Readonly<Record<LatencyStage, string>> = {
  source_to_receive: "source → receive",
  receive_to_decision: "receive → decision",
  decision_to_post: "decision → post",
  post_to_ack: "post → ack",
  ack_to_match: "ack → match",
  match_to_confirmed: "match → confirmed",
};

export const PARTS: Readonly<Record<keyof Parts, { readonly name: string; readonly what: string }>> = {
  edge: { name: "Signal edge", what: "what was seen at the decision: the model's worth less the price" },
  legLoss: { name: "Leg loss", what: "what a pair's leg cost beyond break-even when it was decided" },
  slippage: { name: "Slippage", what: "from the price of the decision to that of the fill" },
  fees: { name: "Fees", what: "paid to the venue" },
  after5s: { name: "After 5 s", what: "how its worth moved in the five seconds after the fill" },
  after30s: { name: "After 30 s", what: "how it moved from then to thirty seconds" },
  settlement: {
    name: "Settlement",
    what: "from thirty seconds to the payout, or to what the model says now",
  },
  conversion: { name: "Conversion", what: "merges, splits and redemptions" },
  exit: { name: "Exit", what: "what selling the rest at once would bring, less its worth by the model" },
  rounding: { name: "Rounding", what: "the account's whole micro-dollars" },
};

export const SETTLEMENTS: Readonly<Record<PositionRow["settlement"], string>> = {
  matched: "settling",
  settled: "settled",
  redeemable: "redeemable",
  redeeming: "being redeemed",
  merging: "being merged",
  disputed: "disputed",
};

export const RESULTS: Readonly<
  Record<ActionOrder["result"], { readonly word: string; readonly good: boolean }>
> = {
  cancelled: { word: "cancelled", good: true },
  filled: { word: "filled before", good: true },
  rejected: { word: "never accepted", good: true },
  open: { word: "STILL OPEN", good: false },
  unknown: { word: "NOT KNOWN", good: false },
};

export const STOPS: Readonly<Record<StopRow["what"], string>> = {
  kill: "Killed",
  stop_entry: "Entries stopped",
  strategy: "Strategy disabled",
  day_loss: "Day's loss limit reached",
  market: "Market halted",
};

/** What was ordered, before what it came to. */
export const ACTIONS: Readonly<Record<ActionAnswer["action"], string>> = {
  kill: "Kill:",
  "stop-entry": "Stop entries:",
  halt: "Halt:",
};

export const STEPS: readonly { readonly to: "truth" | "order" | "fill" | "event"; readonly name: string }[] =
  [
    { to: "truth", name: "match" },
    { to: "order", name: "order" },
    { to: "fill", name: "fill" },
    { to: "event", name: "line" },
  ];

/** A state's name as people read it. */
export function stateWord(state: string): string {
  return state === "TEMPORAL_ACTIVE" ? "ACTIVE" : state.replaceAll("_", " ");
}

/** How bad a market's, the system's or the venue's state is. */
export function toneOf(state: string): "good" | "caution" | "alarm" | "quiet" {
  if (/HALT|KILL|DOWN|DISPUT|BREACH|FAULT/.test(state)) return "alarm";
  if (/READY|ACTIVE|OPEN|ARMED|PAIR|TRADING|LIVE/.test(state) && !/RE_?OPEN/.test(state)) return "good";
  if (/RESOLVED|STOPPED|CLOSED|DISCOVERED|WATCH|IDLE|BOOT/.test(state)) return "quiet";
  return "caution";
}

/** Kinds of chart marks that the scrubber shows too. */
export function isMilestone(mark: ChartMark): boolean {
  return (
    mark.kind === "fill" ||
    mark.kind === "end" ||
    /won|round|map|game/.test(mark.kind === "truth" ? mark.what : "")
  );
}
