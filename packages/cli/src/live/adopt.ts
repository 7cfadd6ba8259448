import {
  MatchpointError,
  parseUsdc,
  type AdoptedTrade,
  type ExecutionAdapter,
  type OperatorCommand,
  type Runtime,
  type Trade,
} from "@matchpoint/sdk";

/** How the operator's word `adopt` is written. */
export const ADOPT_WORDS = "adopt, or adopt cash DOLLARS";

/**
 * What the operator's word `adopt` books: every trade of the venue's that this run did not make or never heard of; or, as
 * `adopt cash 12.50` (or `-12.50`), dollars that somebody put in or took out. Nothing is adopted by itself.
 *
 * @throws MatchpointError `USAGE` when the words are others, `HTTP_FAILED` when the venue does not list its trades
 */
export async function adoption(
  line: string,
  { core }: Pick<Runtime, "core">,
  adapter: Pick<ExecutionAdapter, "fetchTrades">,
  since: string,
): Promise<OperatorCommand> {
  const [, cash] = /^adopt\s+cash\s+(\S+)$/.exec(line) ?? [];
  if (cash !== undefined) return { kind: "adopt", trades: [], collateral: dollars(cash) };
  if (line !== "adopt")
    throw new MatchpointError("USAGE", `not understood: ${line}`, { hint: `Write ${ADOPT_WORDS}.` });
  const { trades } = await adapter.fetchTrades(since);
  const unknown = trades.filter(
    (trade) => isUnknown(trade, core.orders) && core.market(trade.marketId) !== undefined,
  );
  if (unknown.length === 0)
    throw new MatchpointError("USAGE", "there is no trade of the venue's that this run does not know");
  return { kind: "adopt", trades: unknown satisfies readonly AdoptedTrade[] };
}

/** A trade of this account that is not counted here. */
function isUnknown({ orderId, tradeId }: Trade, orders: Runtime["core"]["orders"]): boolean {
  return orders.ownership(orderId) !== "retired" && orders.tradeStatus(orderId, tradeId) === undefined;
}

function dollars(text: string): ReturnType<typeof parseUsdc> {
  const negative = text.startsWith("-");
  const amount = parseUsdc(negative ? text.slice(1) : text);
  return (negative ? 0 - amount : amount) as typeof amount;
}
