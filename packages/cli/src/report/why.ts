import { formatShares, type Core, type Price, type WhyNot } from "@matchpoint/sdk";
import { count, plain, plural, wrap } from "./format.ts";
import type { MarketList } from "./labels.ts";
import type { DenialRow, RunLog } from "./runLog.ts";
import { table, type Column } from "./table.ts";
import { priceText, readable } from "./words.ts";

const WHY_LINES = 15;
const DENIALS = "https://github.com/matchpoint-sdk/matchpoint/blob/main/docs/reference/denials.md";
const DENIED = "denied: ";
/** What every order gets that is asked for when the run is ending: says nothing about the strategy or the market. */
const OWN_END = "SYSTEM_STOPPING";

/** Why a run did not do more: what was denied, then what the strategies themselves passed over. */
export function whyLines(
  whyNot: readonly WhyNot[],
  log: RunLog,
  core: Core,
  markets: MarketList,
  width: number,
): string[] {
  return [
    ...denialLines(log.denials, core, markets, width),
    ...skipLines(
      whyNot.filter(({ reason }) => !reason.startsWith(DENIED)),
      log,
      markets,
      width,
    ),
  ];
}

function denialLines(
  denials: readonly DenialRow[],
  core: Core,
  markets: MarketList,
  width: number,
): string[] {
  const shown = denials.filter(({ code }) => code !== OWN_END);
  const ended = denials.find(({ code }) => code === OWN_END);
  const lines: string[] = [];
  if (shown.length > 0) {
    const columns: readonly Column<DenialRow>[] = [
      { title: "TIMES", align: "right", cell: (row) => count(row.count) },
      { title: "CODE", align: "left", cell: (row) => row.code },
      { title: "STRATEGY", align: "left", least: 12, cell: (row) => [...row.strategies].join(", ") },
      {
        title: "LAST TIME",
        align: "left",
        least: 24,
        wrap: true,
        cell: ({ last }) => lastDenial(last, core, markets),
      },
    ];
    lines.push("What was denied", ...table(columns, shown, width), `What a denial means: ${DENIALS}`);
  }
  if (ended !== undefined) {
    const { count: times } = ended;
    const note = `${plural(times, "order")} ${times === 1 ? "was" : "were"} denied because the run was ending (${OWN_END}), and ${times === 1 ? "is" : "are"} not listed`;
    lines.push(...wrap(note, width));
  }
  return lines.length === 0 ? [] : [...lines, ""];
}

function lastDenial({ intent, detail }: DenialRow["last"], core: Core, markets: MarketList): string {
  const { marketId, outcome, side, size, limit } = intent;
  const entry = core.market(marketId);
  // A strategy may ask for what is no outcome, amount or price at all: that is why it was denied.
  const name = nameAt(entry?.market.outcomes ?? [], outcome) ?? `outcome ${String(outcome)}`;
  const shares = sound(size) ? formatShares(size) : String(size);
  const price = sound(limit) ? priceText(limit) : String(limit);
  const order = `${side} ${shares} ${name} at ${price}`;
  return `${markets.label(marketId)}: ${order}${detail === "" ? "" : `: ${readable(detail)}`}`;
}

function nameAt(outcomes: readonly { readonly name: string }[], index: number): string | undefined {
  return outcomes[index]?.name;
}

function sound(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function skipLines(skips: readonly WhyNot[], log: RunLog, markets: MarketList, width: number): string[] {
  if (skips.length === 0) return withoutReasons(log);
  const shown = skips.slice(0, WHY_LINES);
  const columns: readonly Column<WhyNot>[] = [
    { title: "TIMES", align: "right", cell: (row) => count(row.count) },
    { title: "STRATEGY", align: "left", least: 12, cell: (row) => row.strategyId },
    { title: "MARKET", align: "left", least: 8, middle: true, cell: (row) => markets.label(row.marketId) },
    {
      title: "REASON (LAST TIME)",
      align: "left",
      least: 24,
      wrap: true,
      cell: (row) => readable(`${row.reason}${lastTime(row.last)}`),
    },
  ];
  const lines = ["Why it did not trade", ...table(columns, shown, width)];
  const rest = skips.length - shown.length;
  if (rest > 0) lines.push(`and ${plural(rest, "more reason", "more reasons")}; --json has up to 100`);
  return lines;
}

/** What there is to say when no strategy gave a reason: it failed, or was never asked. */
function withoutReasons(log: RunLog): string[] {
  if (log.faults > 0) return ["Why it did not trade: strategies failed before they could say"];
  const feeds = new Set(
    log.troubled.map(({ feed, health, reason }) => plain(`  ${feed}: ${health} (${reason})`)),
  );
  if (feeds.size === 0) return ["Why it did not trade: no strategy gave a reason"];
  return ["Why it did not trade: feeds are not sound", ...[...feeds].slice(0, WHY_LINES)];
}

/** Numbers under these names are prices, which everyone reads in dollars. */
const PRICES: ReadonlySet<string> = new Set(["ask", "bid", "limit", "price"]);

/** What was said with a reason the last time, in short. */
function lastTime(last: WhyNot["last"]): string {
  const parts = Object.entries(last ?? {}).flatMap(([key, value]) => {
    if (typeof value === "string") return [key === "detail" ? value : `${key} ${value}`];
    if (typeof value !== "number") return [];
    if (PRICES.has(key) && Number.isInteger(value)) return [`${key} ${priceText(value as Price)}`];
    return [`${key} ${Number.isInteger(value) ? value : value.toFixed(4)}`];
  });
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
