import type { RealismPart } from "@matchpoint/sdk";
import type { Settings } from "../settings.ts";
import { LATENCY_TABLES } from "./latencyTables.ts";
import { atShare } from "./quantiles.ts";

/** What of the venue's nature a broker with these settings shows, part by part, for the account of a run. */
export function realismOf(settings: Settings): readonly RealismPart[] {
  const { faults, legs, restarts } = settings;
  const part = (name: string, on: boolean, detail: string): RealismPart => ({
    part: name,
    state: on ? "on" : "off",
    detail,
  });
  return [
    part("latency", legs.place.length > 1 && legs.ack.length > 1, latencyText(settings)),
    part("feed latency", atShare(legs.feed, 1) > 0, `${milliseconds(atShare(legs.feed, 0.5))} (median)`),
    part("taker delay", true, "per market, checked again at its end"),
    part("queue", settings.fillModel !== "touch", queueText(settings)),
    part("depletion", true, "what was taken stays taken until the level is refreshed"),
    part("stale books", settings.staleBook !== Infinity, staleText(settings)),
    part("ghost fills", faults.trade_fail > 0, ghostText(settings)),
    part("retried trades", faults.trade_retry > 0, percent(faults.trade_retry)),
    part("chain reverts", faults.chain_revert > 0, percent(faults.chain_revert)),
    part("repeated reports", faults.duplicate_report > 0, percent(faults.duplicate_report)),
    part(
      "settlement delay",
      settings.gate !== "matched" && atShare(legs.mined, 1) > 0,
      `usable when ${settings.gate}, mined after ${milliseconds(atShare(legs.mined, 0.5))} (median)`,
    ),
    part("rate limits", settings.rateLimit !== "off", settings.rateLimit),
    part(
      "restarts",
      restarts.every_ms > 0 && restarts.down_ms + restarts.post_only_ms > 0,
      restarts.every_ms === 0
        ? "never"
        : `once in ${days(restarts.every_ms)}, ${restarts.down_ms / 1_000} s, then ${restarts.post_only_ms / 1_000} s post-only`,
    ),
    part("scenarios", settings.scenarios, "optimistic: touch, pessimistic: worst_queue"),
  ];
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

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

function milliseconds(nanos: number): string {
  return `${Math.round(nanos / 1e6)} ms`;
}

function days(ms: number): string {
  return `${Math.round((ms / 86_400_000) * 10) / 10} days`;
}
