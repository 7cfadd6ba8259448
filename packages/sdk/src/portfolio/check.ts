import { MatchpointError } from "../errors.ts";
import type { Usdc } from "../units/index.ts";
import type { MarketState } from "./fold.ts";
import type { MarketAccount } from "./marketAccount.ts";
import type { AccountBalance } from "./types.ts";

interface Totals {
  readonly deposits: Usdc;
  readonly cash: Usdc;
  readonly realizedTotal: Usdc;
  readonly feesTotal: Usdc;
  accounts(): Iterable<AccountBalance>;
}

function demand(equal: boolean, message: string): void {
  if (equal) return;
  throw new MatchpointError("LEDGER_UNBALANCED", message, {
    hint: "Trading must stop: the books are wrong.",
  });
}

/** Adds everything up. */
export function checkLedger(ledger: Totals, accounts: Iterable<MarketAccount>): void {
  let sum = 0;
  for (const { account, balance } of ledger.accounts()) {
    demand(Number.isSafeInteger(balance), `account ${account} holds ${balance}, which is no exact amount`);
    sum += balance;
  }
  demand(sum === 0, `the accounts add up to ${sum} micro-dollars instead of zero`);

  let [cash, realized, fees] = [0, 0, 0];
  for (const { marketId, state } of accounts) {
    checkMarket(marketId, state);
    cash += state.cash;
    realized += state.realized;
    fees += state.fees;
  }
  demand(ledger.cash === ledger.deposits + cash, `cash of ${ledger.cash} is not deposits and markets' flows`);
  demand(
    ledger.realizedTotal === realized,
    `realized P&L of ${ledger.realizedTotal} is not the markets' ${realized}`,
  );
  demand(ledger.feesTotal === fees, `fees of ${ledger.feesTotal} are not the markets' ${fees}`);
}

function checkMarket(marketId: string, state: MarketState): void {
  const { cash, pools, realized } = state;
  const cost = pools[0].cost + pools[1].cost;
  demand(
    cash + cost === realized,
    `market ${marketId}: cash ${cash} and cost ${cost} are not realized ${realized}`,
  );
  for (const { shares, cost: held } of pools) {
    demand(shares !== 0 || held === 0, `market ${marketId}: no shares are held at a cost of ${held}`);
  }
  const parts = { realized: 0, fees: 0, trades: 0, volume: 0 };
  for (const tally of state.strategies.values()) {
    parts.realized += tally.realized;
    parts.fees += tally.fees;
    parts.trades += tally.trades;
    parts.volume += tally.volume;
  }
  for (const what of ["realized", "fees", "trades", "volume"] as const) {
    demand(
      parts[what] === state[what],
      `market ${marketId}: ${what} of ${state[what]} is attributed as ${parts[what]}`,
    );
  }
}

/** Folds every account anew: what was kept up to date step by step must be the same. */
export function auditLedger(accounts: Iterable<MarketAccount>): void {
  for (const account of accounts) {
    const [kept, folded] = [numbersOf(account.state), numbersOf(account.fold())];
    for (const [i, value] of kept.entries()) {
      demand(
        value === folded[i],
        `market ${account.marketId}: kept ${kept.join()} but entries fold to ${folded.join()}`,
      );
    }
  }
}

function numbersOf({ cash, realized, fees, trades, volume, pools }: MarketState): number[] {
  const numbers = [cash, realized, fees, trades, volume];
  for (const { shares, cost, openedAt, unminedBuys, unconfirmedBuys, unconfirmedSells } of pools) {
    numbers.push(shares, cost, openedAt ?? -1, unminedBuys, unconfirmedBuys, unconfirmedSells);
  }
  return numbers;
}
