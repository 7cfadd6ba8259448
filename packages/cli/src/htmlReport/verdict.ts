import { money } from "../report/format.ts";
import type { Usdc } from "@matchpoint/sdk";

/** A match or a day, and what it brought, in micro-dollars. */
export interface Brought {
  readonly name: string;
  readonly pnl: number;
}

/** All that a verdict rests on. Money in micro-dollars. */
export interface Evidence {
  readonly mode: "paper" | "live";
  /** By how much the lines of the account differ from the ledger: 0, or something is wrong. */
  readonly ledgerGap: number;
  /** Runs whose decisions could not be made again, so that their books alone are known. */
  readonly booksOnly: readonly string[];
  /** Runs that did not end in good order. */
  readonly unended: readonly string[];
  /** Runs that ended with a kill in force. */
  readonly killed: readonly string[];
  /** Parts of the venue's nature that were turned off. */
  readonly realismOff: readonly string[];
  /** Parts that are weaker than their floor, with why. */
  readonly realismWeakened: readonly string[];
  /** Paper: why the pessimist's account is not known; absent: it is, or the fills are real. */
  readonly scenariosLack?: string;
  readonly pessimistic?: number;
  readonly fills: number;
  readonly pnl: number;
  /** Of it, what has been sold, merged or paid out. */
  readonly realized: number;
  /** Matches that were traded, and all days on which anything ran. */
  readonly matches: readonly Brought[];
  readonly days: readonly Brought[];
  /** 95 % of a bootstrap by match, of the profit per match; absent: fewer than two matches. */
  readonly pnlInterval?: readonly [number, number];
  /** Of the model's Brier score's advantage over the mid; absent: no strategy trades by the model. */
  readonly brier?: { readonly advantage?: number; readonly interval?: readonly [number, number] };
}

/** A condition of trading with real money. */
export interface Rule {
  readonly id: string;
  /** The reason in short, when it is broken. */
  readonly title: string;
  /** What has to hold, in words, with its threshold. */
  readonly demands: string;
  /** Whether there is anything to be asked: where a profit comes from has no answer while there is none. Absent: always. */
  readonly asked?: (evidence: Evidence) => boolean;
  /** What was found that keeps from it, in words; `undefined`: the rule is kept. */
  readonly breach: (evidence: Evidence) => string | undefined;
}

/** The least that is evidence, and not an anecdote. */
export const LEAST_MATCHES = 30;
export const LEAST_DAYS = 7;

/** Rules in the order in which they bind: what makes the numbers doubtful first, then what they say. */
export const RULES: readonly Rule[] = [
  {
    id: "ledger_mismatch",
    title: "The account does not add up",
    demands: "The account's lines add up to the ledger, to the micro-dollar.",
    breach: ({ ledgerGap }) =>
      ledgerGap === 0
        ? undefined
        : `its lines and the ledger differ by ${dollars(ledgerGap)}, so no number here can be trusted.`,
  },
  {
    id: "books_only",
    title: "Decisions cannot be checked",
    demands: "Every decision can be made again from the journal.",
    breach: ({ booksOnly }) =>
      booksOnly.length === 0 ? undefined : `of ${listed(booksOnly)} only the books are known.`,
  },
  {
    id: "not_ended",
    title: "A run did not end in good order",
    demands: "Every run ended in good order; a live one with no order left open.",
    breach: ({ unended }) => (unended.length === 0 ? undefined : `${listed(unended)} did not.`),
  },
  {
    id: "killed",
    title: "A run ended with a kill in force",
    demands: "No run ended with a kill in force.",
    breach: ({ killed }) => (killed.length === 0 ? undefined : `${listed(killed)} did.`),
  },
  {
    id: "realism_off",
    title: "The simulated venue was too kind",
    demands: "No part of the paper venue's realism was turned off, or made weaker than its floor.",
    breach: tooKind,
  },
  {
    id: "scenarios_unknown",
    title: "The pessimist's account is not known",
    demands: "On paper, the pessimist's account of the same orders is known.",
    breach: ({ scenariosLack }) => (scenariosLack === undefined ? undefined : `${scenariosLack}.`),
  },
  {
    id: "no_fills",
    title: "Nothing was traded",
    demands: "Something was traded.",
    breach: ({ fills }) => (fills > 0 ? undefined : "there is no fill."),
  },
  {
    id: "no_profit",
    title: "There is no profit",
    demands: "The profit is above zero.",
    asked: traded,
    breach: ({ pnl }) => (pnl > 0 ? undefined : `it is ${dollars(pnl)}.`),
  },
  {
    id: "unrealized",
    title: "The profit is not realized",
    demands: "The profit is above zero without what is still held.",
    asked: wins,
    breach: ({ realized, pnl }) =>
      realized > 0 ? undefined : `realized are ${dollars(realized)} of ${dollars(pnl)}.`,
  },
  {
    id: "sign_flips",
    title: "The profit depends on the place in the queue",
    demands: "The profit is above zero in the pessimistic scenario too.",
    asked: (evidence) => wins(evidence) && evidence.pessimistic !== undefined,
    breach: ({ pnl, pessimistic = 0 }) =>
      pessimistic > 0
        ? undefined
        : `in the pessimistic scenario it is ${dollars(pessimistic)} instead of ${dollars(pnl)}.`,
  },
  {
    id: "too_few_matches",
    title: "Too few matches",
    demands: `At least ${LEAST_MATCHES} matches were traded.`,
    asked: traded,
    breach: ({ matches }) =>
      matches.length >= LEAST_MATCHES ? undefined : `${matches.length} of at least ${LEAST_MATCHES}.`,
  },
  {
    id: "too_few_days",
    title: "Too few days",
    demands: `The runs cover at least ${LEAST_DAYS} days (UTC).`,
    asked: traded,
    breach: ({ days }) =>
      days.length >= LEAST_DAYS ? undefined : `${days.length} of at least ${LEAST_DAYS}.`,
  },
  {
    id: "one_match",
    title: "The profit is one match",
    demands: "The profit is above zero without its best match.",
    asked: wins,
    breach: ({ pnl, matches }) => withoutBest(pnl, matches),
  },
  {
    id: "one_day",
    title: "The profit is one day",
    demands: "The profit is above zero without its best day.",
    asked: wins,
    breach: ({ pnl, days }) => withoutBest(pnl, days),
  },
  {
    id: "profit_spans_zero",
    title: "The profit may be luck",
    demands: "The 95 % interval of the profit per match, by match, is above zero.",
    asked: wins,
    breach: ({ pnlInterval }) => spanning(pnlInterval, (value) => dollars(Math.round(value))),
  },
  {
    id: "brier_spans_zero",
    title: "The model is not shown to beat the market",
    demands:
      "Where a strategy trades by the model: the 95 % interval of its Brier advantage over the mid, by match, is above zero.",
    asked: (evidence) => traded(evidence) && evidence.brier !== undefined,
    breach: ({ brier }) => spanning(brier?.interval, (value) => value.toFixed(4).replace("-", "−")),
  },
];

/** What came of a rule. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly demands: string;
  /** `moot`: there was nothing to ask. */
  readonly state: "kept" | "broken" | "moot";
  readonly found?: string;
}

/** Whether a strategy is to be trusted with (more) money, and the first rule that says no. */
export interface Verdict {
  readonly verdict: "DEPLOY" | "NO-DEPLOY";
  /** The rule that binds: the first one that is broken. */
  readonly binding?: Finding;
  readonly findings: readonly Finding[];
}

/** Holds the evidence against every rule. */
export function judge(evidence: Evidence): Verdict {
  const findings = RULES.map(({ id, title, demands, asked, breach }): Finding => {
    if (asked?.(evidence) === false) return { id, title, demands, state: "moot" };
    const found = breach(evidence);
    return found === undefined
      ? { id, title, demands, state: "kept" }
      : { id, title, demands, state: "broken", found };
  });
  const binding = findings.find(({ state }) => state === "broken");
  return binding === undefined
    ? { verdict: "DEPLOY", findings }
    : { verdict: "NO-DEPLOY", binding, findings };
}

function tooKind({ realismOff, realismWeakened }: Evidence): string | undefined {
  const found = [
    ...(realismOff.length === 0 ? [] : [`off are ${realismOff.join(", ")}`]),
    ...(realismWeakened.length === 0 ? [] : [`weakened are ${realismWeakened.join(", ")}`]),
  ];
  return found.length === 0 ? undefined : `${found.join("; ")}; what they cost is not in the profit.`;
}

function traded({ fills }: Evidence): boolean {
  return fills > 0;
}

function wins({ fills, pnl }: Evidence): boolean {
  return fills > 0 && pnl > 0;
}

function withoutBest(pnl: number, all: readonly Brought[]): string | undefined {
  const best = all.reduce<Brought | undefined>(
    (most, each) => (most === undefined || each.pnl > most.pnl ? each : most),
    undefined,
  );
  const rest = pnl - (best?.pnl ?? 0);
  return rest > 0 || best === undefined
    ? undefined
    : `without ${best.name} (${dollars(best.pnl)}) it is ${dollars(rest)}.`;
}

function spanning(
  interval: readonly [number, number] | undefined,
  text: (value: number) => string,
): string | undefined {
  if (interval === undefined) return "of fewer than two matches there is no interval.";
  const [low, high] = interval;
  return low > 0 ? undefined : `the 95 % interval is ${text(low)} to ${text(high)}.`;
}

function dollars(value: number): string {
  return money(value as Usdc, true).replace("-", "−");
}

/** Names, at most three of them. */
function listed(names: readonly string[]): string {
  const [first, ...rest] = names;
  return rest.length === 0 ? first! : `${first!} and ${rest.length} more`;
}
