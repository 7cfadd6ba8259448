import type {
  ChainAction,
  ExecutionAdapter,
  ExecutionReport,
  OrderStore,
  TradeReport,
  Usdc,
} from "@matchpoint/sdk";

/** An account in plain words, for comparing: cash, what is held, what is open. */
export interface Account {
  readonly cash: number;
  readonly held: readonly string[];
  readonly open: readonly string[];
}

/** Every trade that was reported, once, in the state that its reports add up to, in the order of their first reports. */
export function latestTrades(told: readonly ExecutionReport[], store: OrderStore): readonly TradeReport[] {
  const latest = new Map<string, TradeReport>();
  for (const report of told) {
    if (report.type !== "trade_report") continue;
    const { orderId, tradeId } = report;
    const key = `${orderId} ${tradeId}`;
    if (latest.has(key)) continue;
    const status = store.tradeStatus(orderId, tradeId);
    latest.set(key, status === undefined || status === "retired" ? report : { ...report, status });
  }
  return [...latest.values()];
}

/** What the reports add up to, from this much collateral on. */
export function reported(
  told: readonly ExecutionReport[],
  store: OrderStore,
  actions: ReadonlyMap<string, ChainAction>,
  collateral: Usdc,
): Account {
  let cash: number = collateral;
  const held = new Map<string, number>();
  const add = (key: string, shares: number): void => {
    held.set(key, (held.get(key) ?? 0) + shares);
  };
  for (const { side, size, cost, fee, status, marketId, outcome } of latestTrades(told, store)) {
    if (status === "FAILED") continue;
    const buys = side === "buy";
    cash += buys ? 0 - cost - fee : cost - fee;
    add(`${marketId} ${outcome}`, buys ? size : 0 - size);
  }
  const done = new Set<string>();
  for (const report of told) {
    if (report.type !== "chain_report" || report.status !== "FINAL") continue;
    const action = actions.get(report.actionId);
    if (action === undefined || done.has(report.actionId)) continue;
    done.add(report.actionId);
    cash += report.proceeds ?? 0;
    for (const outcome of [0, 1] as const) {
      const amount = action.amounts[outcome];
      add(`${action.marketId} ${outcome}`, action.kind === "split" ? amount : 0 - amount);
    }
  }
  const live = [...store.allOpen()].filter(({ status }) => status === "LIVE");
  return {
    cash,
    held: rows(held),
    open: live.map(({ orderId, matched }) => `${orderId!} ${matched}`).sort(),
  };
}

/** What the adapter fetches. */
export async function fetched(adapter: ExecutionAdapter): Promise<Account> {
  const { collateral } = await adapter.fetchBalances();
  const positions = await adapter.fetchPositions();
  const orders = await adapter.fetchOpenOrders();
  const held = new Map(
    positions.map(({ marketId, outcome, matched }) => [`${marketId} ${outcome}`, matched as number]),
  );
  return {
    cash: collateral,
    held: rows(held),
    open: orders.map(({ orderId, matched }) => `${orderId} ${matched}`).sort(),
  };
}

function rows(held: ReadonlyMap<string, number>): string[] {
  return [...held]
    .filter(([, amount]) => amount !== 0)
    .map(([key, amount]) => `${key} ${amount}`)
    .sort();
}
