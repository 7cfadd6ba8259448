import { fetchClobMarket, withClobMarket } from "@matchpoint/adapters-polymarket";
import {
  formatPrice,
  isMatchpointError,
  MatchpointError,
  parsePrice,
  PRICE_ONE,
  type BotConfig,
  type Clock,
  type MarketDescription,
  type Outcome,
  type Price,
  type Transport,
} from "@matchpoint/sdk";
import { CLEAR_SOON_MS, FAR, MAX_PRICE } from "./settings.ts";

/** A book's best prices; a side that is empty has none. */
export interface Best {
  readonly bid: Price | undefined;
  readonly ask: Price | undefined;
}

/** The market that is tried, with the CLOB's own terms. */
export interface ChosenMarket {
  readonly configured: MarketDescription;
  readonly market: MarketDescription;
  readonly outcome: Outcome;
  /** Far below everything that is asked or bid. */
  readonly price: Price;
  readonly best: Best;
}

/** What choosing a market asks with. */
export interface MarketPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly url: string;
  readonly signal: AbortSignal;
}

/**
 * The first market that takes orders and whose prices are far above the lowest one, with the outcome that is bid for most.
 * @throws MatchpointError `USAGE` when there is none, with what is wrong with each
 */
export async function chooseMarket(
  config: BotConfig,
  listed: readonly MarketDescription[],
  ports: MarketPorts,
): Promise<ChosenMarket> {
  const reasons: string[] = [];
  for (const configured of listed) {
    const found = await suited(config, configured, ports);
    if (typeof found !== "string") return found;
    reasons.push(`${configured.title}: ${found}`);
  }
  throw new MatchpointError("USAGE", `no market is suited: ${reasons.join("; ") || "none is listed"}`, {
    hint: `It takes one that is open, with bids and asks of at least $${formatPrice((FAR + 100) as Price)}: name it with --market, or add it to the configuration.`,
  });
}

async function suited(
  config: BotConfig,
  configured: MarketDescription,
  ports: MarketPorts,
): Promise<ChosenMarket | string> {
  const { transport, clock, url, signal } = ports;
  let market: MarketDescription;
  try {
    const actual = await fetchClobMarket({ transport, clock, restUrl: url }, configured.marketId, signal);
    const merged = withClobMarket(configured, actual);
    if ("kind" in merged) return merged.reason;
    market = merged;
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return error.message.split("\n")[0]!;
  }
  if (!market.acceptingOrders) return "it takes no orders now";
  const { startsAt, clearBookOnStart, tick } = market;
  const startsIn = startsAt === undefined ? Infinity : startsAt - clock.wall();
  if (clearBookOnStart && startsIn > 0 && startsIn < CLEAR_SOON_MS)
    return "its match begins within ten minutes, and all orders are cleared then";
  const lowest = Math.max(tick, Math.round(config.execution.limits.min_price * PRICE_ONE));
  const price = (Math.ceil(lowest / tick) * tick) as Price;
  if (price > MAX_PRICE)
    return `the lowest price that may be signed is $${formatPrice(price)}, which is not far from any market (execution.limits.min_price)`;
  const books = await Promise.all(([0, 1] as const).map((outcome) => bestOf(market, outcome, ports)));
  const outcome: Outcome = (books[1]!.bid ?? 0) > (books[0]!.bid ?? 0) ? 1 : 0;
  const best = books[outcome]!;
  if (!isFar(best, price)) return `its bids and asks are not far above $${formatPrice(price)}`;
  return { configured, market, outcome, price, best };
}

/** Whether a buy at a price is far below everything, behind bids that would be filled before it. */
export function isFar({ bid, ask }: Best, price: Price): boolean {
  return bid !== undefined && ask !== undefined && bid >= price + FAR && ask >= price + FAR;
}

/** The best prices of an outcome, by REST. Nothing is assumed about the order in which levels come. */
export async function bestOf(
  market: MarketDescription,
  outcome: Outcome,
  { transport, url, signal }: MarketPorts,
): Promise<Best> {
  const { tokenId } = market.outcomes[outcome];
  try {
    const answer = await transport.request({
      method: "GET",
      url: `${url}/book?token_id=${tokenId}`,
      timeoutMs: 5_000,
      signal,
    });
    if (answer.status !== 200) return { bid: undefined, ask: undefined };
    const { bids, asks } = JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, unknown>;
    const bid = pricesOf(bids);
    const ask = pricesOf(asks);
    return {
      bid: bid.length === 0 ? undefined : (Math.max(...bid) as Price),
      ask: ask.length === 0 ? undefined : (Math.min(...ask) as Price),
    };
  } catch {
    // What cannot be read is no book, and no market is chosen by it.
    return { bid: undefined, ask: undefined };
  }
}

function pricesOf(levels: unknown): readonly number[] {
  if (!Array.isArray(levels)) return [];
  return (levels as readonly { readonly price?: unknown }[]).map(({ price }) => parsePrice(String(price)));
}
