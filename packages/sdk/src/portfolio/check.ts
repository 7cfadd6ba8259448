import { MatchpointError } from "../errors.ts";
import type { Usdc } from "../units/index.ts";
import { emptyTally, TALLIED, type MarketState } from "./fold.ts";
import type { MarketAccount } from "./marketAccount.ts";
import type { AccountBalance, RebateBalance } from "./types.ts";

interface Totals {
  readonly deposits: Usdc;
  readonly cash: Usdc;
  readonly realizedTotal: Usdc;
  readonly feesTotal: Usdc;
  readonly rebates: RebateBalance;
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

  let [cash, realized, fees, accrued] = [0, 0, 0, 0];
  for (const { marketId, state } of accounts) {
    checkMarket(marketId, state);
    accrued += state.rebates;
    cash += state.cash;
    realized += state.realized;
    fees += state.fees;
  }
  demand(
    ledger.cash === ledger.deposits + cash + ledger.rebates.received,
    `cash of ${ledger.cash} is not deposits, received rebates and markets' flows`,
  );
  demand(
    ledger.rebates.accrued === accrued,
    `rebates of ${ledger.rebates.accrued} are not the markets' ${accrued}`,
  );
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
  demand(
    state.shares0 === pools[0].shares && state.shares1 === pools[1].shares,
    `market ${marketId}: ${pools[0].shares}/${pools[1].shares} shares are held, but ${state.shares0}/${state.shares1} moved`,
  );
  const parts = emptyTally();
  for (const tally of state.strategies.values()) for (const what of TALLIED) parts[what] += tally[what];
  for (const what of TALLIED) {
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

function numbersOf({ pools, ...state }: MarketState): number[] {
  const numbers = TALLIED.map((what) => state[what]);
  for (const { shares, cost, openedAt, unminedBuys, unconfirmedBuys, unconfirmedSells } of pools) {
    numbers.push(shares, cost, openedAt ?? -1, unminedBuys, unconfirmedBuys, unconfirmedSells);
  }
  return numbers;
}
