import { createWsTransport, type PolymarketGateway } from "@matchpoint/adapters-polymarket";
import {
  createRuntime,
  describeDifference,
  MatchpointError,
  mulDiv,
  parsePrice,
  PRICE_ONE,
  Reconciler,
  tradeNews,
  type Adopted,
  type BotConfig,
  type Clock,
  type CoreEvent,
  type Difference,
  type ExecutionFold,
  type MarketDescription,
  type OrderId,
  type RebuiltAccount,
  type Runtime,
  type Trade,
  type Usdc,
} from "@matchpoint/sdk";
import { buildOfCode } from "../build.ts";

/** Something of the account that its journal does not have. */
export interface AdoptItem {
  /** For people. */
  readonly what: string;
  readonly adoption: Adopted["what"];
}

/** The account and what a journal must say of it so that the next run can go on. */
export interface Adoptable {
  readonly items: readonly AdoptItem[];
  /** The journal that says so, event by event with the hash of what it led to. */
  readonly journal: readonly (readonly [CoreEvent, string | undefined])[];
}

/** What is looked at. */
export interface AdoptableOptions {
  readonly config: BotConfig;
  readonly markets: readonly MarketDescription[];
  readonly gateway: PolymarketGateway;
  readonly carried: RebuiltAccount | undefined;
  readonly account: string;
  readonly runId: string;
  readonly clock: Clock;
  /** Whether dollars that came in from nowhere are makers' rebates, not a deposit. */
  readonly rebates?: boolean;
}

const DAY_S = 86_400;
/** Differences that the next start resolves by itself: it asks the venue for each order. */
const FOR_THE_START: ReadonlySet<Difference["kind"]> = new Set(["missing_order", "ended_order"]);

/**
 * Finds what on the account is not in its journal, and makes the journal in which it is: trades and orders first, by what the venue
 * lists; then what shares and dollars they do not explain. Sends nothing and writes nothing.
 *
 * @throws MatchpointError `RECOVERY_FAILED` while trades are under way or the venue does not answer, `ACCOUNT_UNEXPLAINED`
 */
export async function adoptable(options: AdoptableOptions): Promise<Adoptable> {
  const { config, markets, gateway, carried, account, runId, clock } = options;
  const journal: (readonly [CoreEvent, string | undefined])[] = [];
  const { collateral } = await gateway.fetchBalances();
  const build = buildOfCode();
  const runtime = createRuntime({
    config,
    strategies: [],
    execution: nowhere(gateway),
    runId,
    mode: "live",
    collateral,
    account,
    ...(build === undefined ? {} : { build }),
    startsAt: clock.wall(),
    ...(carried === undefined ? {} : { carried }),
    journal: { append: (event, hash) => journal.push([event, hash]) },
  });
  const { core } = runtime;
  const now = (): { at: typeof runtime.at; receivedAt: ReturnType<Clock["wall"]> } => ({
    at: runtime.at,
    receivedAt: clock.wall(),
  });
  for (const market of markets) runtime.offer({ type: "market_listed", market, ...now() });
  const since =
    carried === undefined ? String(Math.floor(clock.wall() / 1_000) - DAY_S) : String(carried.tradesFrom);
  const { trades } = await gateway.fetchTrades(since);
  const moving = trades.filter(({ status }) => status !== "CONFIRMED" && status !== "FAILED").length;
  if (moving > 0)
    throw new MatchpointError("RECOVERY_FAILED", `${moving} trades of the account are not settled yet`, {
      hint: "Try again in a minute.",
    });
  for (const report of await tradeNews({ adapter: gateway, core, clock, since }))
    runtime.offer({ ...report, at: runtime.at });
  const items: AdoptItem[] = [];
  const take = (evidence: string, item: AdoptItem): void => {
    items.push(item);
    runtime.offer({ type: "adopted", reason: "operator", evidence, what: item.adoption, ...now() });
  };
  // Without a journal only what is there now counts; what led there is nobody's.
  const from = carried === undefined ? gateway.tradesFromNow() : since;
  const look = (): Promise<readonly Difference[]> => differences(runtime, gateway, from);
  const orders = await gateway.fetchOpenOrders();
  const taken = new Set<OrderId>();
  for (const difference of await look()) {
    const { kind, orderId, tradeId } = difference;
    const order = orders.find((each) => each.orderId === orderId);
    const trade = trades.find((each) => each.orderId === orderId && each.tradeId === tradeId);
    if (kind === "foreign_order" && order !== undefined) {
      taken.add(order.orderId);
      take("the venue's open orders", {
        what: `order ${order.orderId}: ${order.side} ${order.size / 1e6} at ${order.price / PRICE_ONE}; the next start cancels it`,
        adoption: { kind: "order", ...order },
      });
    }
    if (kind === "foreign_trade" && trade !== undefined)
      take("the venue's trades", { what: describeTrade(trade), adoption: { kind: "trade", trade } });
  }
  for (const difference of await look()) {
    const { kind, marketId, outcome, expected, actual } = difference;
    if (kind === "cash") {
      const amount = (actual - expected) as Usdc;
      const rebate = options.rebates === true && amount > 0;
      take("the venue's balance", {
        what: `${describeDifference(difference)}${rebate ? "; makers' rebates" : ""}`,
        adoption: { kind: rebate ? "rebate" : kind, amount },
      });
    }
    if (kind === "position") {
      const shares = actual - expected;
      const held = core.ledger.position(marketId!, outcome!);
      const cost =
        shares > 0
          ? await worth(config, markets, difference, shares)
          : mulDiv(held.cost, Math.min(0 - shares, held.matched), Math.max(1, held.matched), "down");
      take("the venue's balance", {
        what: `${describeDifference(difference)}; counted as $${(cost / 1e6).toFixed(2)}`,
        adoption: {
          kind,
          marketId: marketId!,
          outcome: outcome!,
          shares: shares as never,
          cost: cost as Usdc,
        },
      });
    }
  }
  // What an order that is taken over here had filled before is in the shares.
  const filled = ({ kind, orderId }: Difference): boolean =>
    kind === "matched_amount" && orderId !== undefined && taken.has(orderId);
  const left = (await look()).filter((each) => !FOR_THE_START.has(each.kind) && !filled(each));
  if (left.length > 0)
    throw new MatchpointError("ACCOUNT_UNEXPLAINED", describeDifference(left[0]!), {
      hint: "The account moved meanwhile, or the venue's lists do not explain it: try again in a minute.",
    });
  runtime.stop("adopted");
  const openOrders = core.orders.openCount;
  runtime.offer({ type: "run_stopped", clean: openOrders === 0, openOrders, ...now() });
  return { items, journal };
}

async function differences(
  { core }: Runtime,
  adapter: PolymarketGateway,
  since: string,
): Promise<readonly Difference[]> {
  const look = await new Reconciler({ adapter, core, since }).look();
  if (look.kind === "compared") return look.comparison.differences;
  throw new MatchpointError("RECOVERY_FAILED", `the venue could not be compared with: ${look.reason}`, {
    hint: "Try again when it answers.",
  });
}

function describeTrade({ tradeId, side, size, price, marketId, outcome }: Trade): string {
  return `trade ${tradeId}: ${side} ${size / 1e6} at ${price / PRICE_ONE}, outcome ${outcome} of market ${marketId}`;
}

/** What shares count as whose price nobody knows: the market's midpoint, or half a dollar where there is none. */
async function worth(
  { execution }: BotConfig,
  markets: readonly MarketDescription[],
  { marketId, outcome }: Difference,
  shares: number,
): Promise<number> {
  const token = markets.find((market) => market.marketId === marketId)?.outcomes[outcome!].tokenId;
  const base = execution.clob_url ?? "https://clob.polymarket.com";
  let price = PRICE_ONE / 2;
  try {
    const url = `${base}/midpoint?token_id=${token ?? ""}`;
    const answer = await createWsTransport().request({ method: "GET", url, timeoutMs: 5_000 });
    const { mid } = JSON.parse(new TextDecoder().decode(answer.body)) as { readonly mid?: unknown };
    if (typeof mid === "string") price = parsePrice(Number(mid).toFixed(2));
  } catch {
    // Half a dollar it is.
  }
  return mulDiv(shares, price, PRICE_ONE, "down");
}

/** Where nothing is sent to: only the books are kept. */
function nowhere({ capabilities }: PolymarketGateway): ExecutionFold {
  return {
    capabilities: { ...capabilities, merge: false, split: false },
    prepare: () => {
      throw new MatchpointError("INVARIANT", "nothing is ordered here");
    },
    observe: () => undefined,
    submit: () => undefined,
    nextDue: () => undefined,
    advance: () => undefined,
  };
}
