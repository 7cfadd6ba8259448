import type { RealismPart } from "@matchpoint/sdk";
import { DEFAULT_FAULTS, DEFAULT_PRINT_MATCH_MS, DEFAULT_STALE_BOOK_MS, type Settings } from "../settings.ts";
import { LATENCY_TABLES, type LatencyLeg } from "./latencyTables.ts";
import { atShare } from "./quantiles.ts";
import { DEFAULT_RESTARTS, type PaperRestarts } from "./restarts.ts";

/** A part that is less than a quarter of what is assumed of the venue is weakened; what may be too long, when it is four times as long. */
const FLOOR = 4;
/** A way's floor holds for all but the fastest of this share: its median alone would let half of all orders be instant. */
const FASTEST = 0.05;
/** Beyond these powers of the sizes the queue before an order is gone at one cancel, or half of it, whatever stands behind. */
const EXPONENTS = [0.5, 3] as const;

/** As often as the venue restarts by default. */
const WEEK_MS = DEFAULT_RESTARTS.every_ms;

/** What of the venue's nature a broker with these settings shows, part by part, for the account of a run. */
export function realismOf(settings: Settings): readonly RealismPart[] {
  const { faults, legs, rateLimit, scenarios, fillModel } = settings;
  return [
    latency(settings),
    part("feed latency", `${milliseconds(atShare(legs.feed, 0.5))} (median)`, {
      off: instant(settings, "feed") && "the book is seen at once",
      weak: [tooFast(settings, "feed", "seen after")],
    }),
    part("taker delay", "per market, checked again at its end", {}),
    part("queue", queueText(settings), {
      off: fillModel === "touch" && "a resting order is always first",
      weak: [exponentText(settings)],
    }),
    part("depletion", "what was taken stays taken until the level is refreshed", {
      weak: [
        below(
          "a print counts with its level change within",
          settings.printMatch / 1e6,
          DEFAULT_PRINT_MATCH_MS,
          ms,
        ),
      ],
    }),
    part("stale books", staleText(settings), {
      off: settings.staleBook === Infinity && "a book of any age fills",
      weak: [above("silent for", settings.staleBook / 1e6, DEFAULT_STALE_BOOK_MS, seconds)],
    }),
    part("ghost fills", ghostText(settings), {
      off: faults.trade_fail === 0 && "no trade fails",
      weak: [
        below(
          "",
          faults.trade_fail,
          DEFAULT_FAULTS.trade_fail,
          (share) => `${percent(share)} of trades`,
          percent,
        ),
        below(
          "dependence on the price",
          faults.trade_fail_adverse,
          DEFAULT_FAULTS.trade_fail_adverse,
          percent,
        ),
      ],
    }),
    rate(settings, "retried trades", "trade_retry"),
    rate(settings, "chain reverts", "chain_revert"),
    rate(settings, "repeated reports", "duplicate_report"),
    settlement(settings),
    part("rate limits", rateLimit, { off: rateLimit === "off" && "no limit" }),
    restarts(settings.restarts),
    part("scenarios", "optimistic: touch, pessimistic: worst_queue", {
      off: !scenarios && "the run's own account alone",
    }),
  ];
}

/** What keeps a part from being on: all of it missing, or each of its settings that is too weak. */
interface Lack {
  readonly off?: string | false;
  readonly weak?: readonly (string | undefined)[];
}

function part(name: string, detail: string, { off = false, weak = [] }: Lack): RealismPart {
  if (off !== false) return { part: name, state: "off", detail, why: off };
  const found = weak.filter((each) => each !== undefined);
  if (found.length === 0) return { part: name, state: "on", detail };
  return { part: name, state: "weakened", detail, why: found.join("; ") };
}

const WAYS = { place: "place", cancel: "cancel", ack: "answer", fill_report: "word of a fill" } as const;

/** Constants that were measured count; those of a table stand for no measurement. */
function latency(settings: Settings): RealismPart {
  const { table, ownLegs, jitter } = settings;
  const ways = Object.keys(WAYS) as (keyof typeof WAYS)[];
  const constant = (leg: LatencyLeg): boolean =>
    table === "constant-1" && jitter === 0 && !ownLegs.includes(leg);
  return part("latency", latencyText(settings), {
    off:
      ways.every((leg) => constant(leg) || instant(settings, leg)) &&
      (ways.some(constant) ? `constants of ${table}` : "nothing takes any time"),
    weak: ways.map((leg) =>
      constant(leg) ? `${WAYS[leg]} a constant of ${table}` : tooFast(settings, leg, WAYS[leg]),
    ),
  });
}

function settlement(settings: Settings): RealismPart {
  const { gate, legs } = settings;
  const detail = `usable when ${gate}, mined after ${milliseconds(atShare(legs.mined, 0.5))} (median)`;
  return part("settlement delay", detail, {
    off: gate === "matched" ? "usable when matched" : instant(settings, gate) && `${gate} at once`,
    weak: [
      tooFast(settings, "mined", "mined after"),
      tooFast(settings, "confirmed", "confirmed after"),
      tooFast(settings, "chain", "merges final after"),
    ],
  });
}

function rate({ faults }: Settings, name: string, key: keyof Settings["faults"]): RealismPart {
  return part(name, percent(faults[key]), {
    off: faults[key] === 0 && "none",
    weak: [below("", faults[key], DEFAULT_FAULTS[key], percent)],
  });
}

function restarts({ every_ms: every, down_ms: down, post_only_ms: postOnly }: PaperRestarts): RealismPart {
  const detail =
    every === 0 ? "never" : `once in ${days(every)}, ${down / 1_000} s, then ${postOnly / 1_000} s post-only`;
  return part("restarts", detail, {
    off: (every === 0 || down + postOnly === 0) && "never",
    // Many short ones weigh as much as a long one.
    weak: [
      below("down a week", (down * WEEK_MS) / every, DEFAULT_RESTARTS.down_ms, seconds),
      below("post-only a week", (postOnly * WEEK_MS) / every, DEFAULT_RESTARTS.post_only_ms, seconds),
    ],
  });
}

/** Whether a way never takes any time. */
function instant({ legs, jitter }: Settings, leg: LatencyLeg): boolean {
  return atShare(legs[leg], 1) + jitter === 0;
}

function tooFast({ legs, jitter }: Settings, leg: LatencyLeg, words: string): string | undefined {
  const found = (atShare(legs[leg], FASTEST) + FASTEST * jitter) / 1e6;
  const some = legs[leg].length > 1 ? ` in the fastest ${percent(FASTEST)}` : "";
  const assumed = atShare(LATENCY_TABLES["uncalibrated-1"].legs[leg], 0.5);
  return below(words, found, assumed, (value) => `${ms(value)}${some}`, ms);
}

function below(
  words: string,
  found: number,
  assumed: number,
  text: (value: number) => string,
  plain = text,
): string | undefined {
  const floor = assumed / FLOOR;
  if (found >= floor) return undefined;
  return `${words} ${text(found)}, floor ${plain(floor)}, assumed ${plain(assumed)}`.trim();
}

function above(
  words: string,
  found: number,
  assumed: number,
  text: (value: number) => string,
): string | undefined {
  const most = assumed * FLOOR;
  return found <= most
    ? undefined
    : `${words} ${text(found)}, at most ${text(most)}, assumed ${text(assumed)}`;
}

function exponentText({ fillModel, queueExponent }: Settings): string | undefined {
  const [least, most] = EXPONENTS;
  if (fillModel !== "queue" || (queueExponent >= least && queueExponent <= most)) return undefined;
  return `exponent ${queueExponent}, from ${least} to ${most}, assumed 1`;
}

function latencyText({ table, ownLegs, legs }: Settings): string {
  const { source } = LATENCY_TABLES[table];
  const own = ownLegs.length === 0 ? "" : `, own: ${ownLegs.join(", ")}`;
  return `${table}${own}; order in ${milliseconds(atShare(legs.place, 0.5))}, out ${milliseconds(atShare(legs.ack, 0.5))} (medians); ${source}`;
}

function queueText({ fillModel, queueExponent }: Settings): string {
  return fillModel === "queue" ? `queue, exponent ${queueExponent}, not fitted` : fillModel;
}

function staleText({ staleBook }: Settings): string {
  return staleBook === Infinity
    ? "a book of any age fills"
    : `no fill from a book that is silent for ${staleBook / 1e9} s`;
}

function ghostText({ faults: { trade_fail: rate, trade_fail_adverse: adverse } }: Settings): string {
  if (rate === 0) return percent(0);
  return `${percent(rate)} of trades; ${percent((1 + adverse) / 2)} of these would have won`;
}

/** Four figures: what is small is not shown as nothing. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return `${short(share * 100)} %`;
}

function ms(value: number): string {
  return `${short(value)} ms`;
}

function milliseconds(nanos: number): string {
  return ms(nanos >= 1e6 ? Math.round(nanos / 1e6) : nanos / 1e6);
}

function seconds(value: number): string {
  return `${short(value / 1_000)} s`;
}

function days(value: number): string {
  return `${short(value / 86_400_000)} days`;
}
