import { describe, expect, test } from "vitest";
import { id, type StrategyId, type Usdc } from "../../src/index.ts";
import type { AccountBalance } from "../../src/portfolio/index.ts";
import { auditLedger, checkLedger } from "../../src/portfolio/check.ts";
import { emptyTally } from "../../src/portfolio/fold.ts";
import { MarketAccount } from "../../src/portfolio/marketAccount.ts";
import { MARKET } from "./support.ts";

interface Told {
  deposits: number;
  cash: number;
  realizedTotal: number;
  feesTotal: number;
  accrued: number;
  received: number;
  lines: number[];
}

/** One market in which `s` won three micro-dollars with fees of two, a rebate of one, and holds nothing. */
function market(): MarketAccount {
  const account = new MarketAccount(MARKET);
  const tally = { ...emptyTally(), realized: 3, cash: 3, fees: 2, rebates: 1, trades: 2, volume: 9 };
  Object.assign(account.state, tally);
  account.state.strategies.set(id<StrategyId>("s"), { ...tally });
  return account;
}

function check(told: Partial<Told>, account = market()): void {
  const whole = { deposits: 10, cash: 17, realizedTotal: 3, feesTotal: 2, accrued: 1, received: 4, ...told };
  const { accrued, received, lines = [5, -5] } = whole;
  const accounts = function* (): Iterable<AccountBalance> {
    for (const balance of lines) yield { account: "some", balance: balance as Usdc };
  };
  const rebates = { accrued, received, due: accrued - received };
  checkLedger({ ...whole, rebates, accounts } as never, [account]);
}

describe("what does not add up is named", () => {
  test("sound books are not complained of", () => {
    expect(() => {
      check({});
    }).not.toThrow();
  });

  test.each<[Partial<Told>, string]>([
    [{ lines: [5, -4] }, "the accounts add up to 1 micro-dollars instead of zero"],
    [{ lines: [0.5, -0.5] }, "account some holds 0.5, which is no exact amount"],
    [{ cash: 18 }, "cash of 18 is not deposits, received rebates and markets' flows"],
    [{ deposits: 11 }, "cash of 17 is not deposits, received rebates and markets' flows"],
    [{ received: 5 }, "cash of 17 is not deposits, received rebates and markets' flows"],
    [{ realizedTotal: 4 }, "realized P&L of 4 is not the markets' 3"],
    [{ feesTotal: 1 }, "fees of 1 are not the markets' 2"],
    [{ accrued: 2 }, "rebates of 2 are not the markets' 1"],
  ])("%j", (told, message) => {
    expect(() => {
      check(told);
    }).toThrow(
      expect.objectContaining({ code: "LEDGER_UNBALANCED", hint: "Trading must stop: the books are wrong." }),
    );
    expect(() => {
      check(told);
    }).toThrow(message);
  });

  test.each<[string, (account: MarketAccount) => void, string]>([
    ["cash", ({ state }) => (state.cash = 4), "market 0xm: cash 4 and cost 0 are not realized 3"],
    [
      "a cost without shares",
      ({ state }) => {
        state.pools[1].cost = 2;
        state.cash = 1;
      },
      "market 0xm: no shares are held at a cost of 2",
    ],
    [
      "shares that nobody moved",
      ({ state }) => (state.pools[1].shares = 7),
      "market 0xm: 0/7 shares are held, but 0/0 moved",
    ],
    [
      "shares that are not there",
      ({ state }) => (state.shares0 = 7),
      "market 0xm: 0/0 shares are held, but 7/0 moved",
    ],
    ...(["fees", "trades", "volume", "proceeds", "rebates"] as const).map(
      (what): [string, (account: MarketAccount) => void, string] => [
        what,
        ({ state }) => (state.strategies.get(id<StrategyId>("s"))![what] += 1),
        `market 0xm: ${what} of`,
      ],
    ),
  ])("%s of a market", (_, spoil, message) => {
    const account = market();
    spoil(account);
    expect(() => {
      check({}, account);
    }).toThrow(message);
  });

  test("books that were kept otherwise than their entries say", () => {
    const account = new MarketAccount(MARKET);
    expect(() => {
      auditLedger([account]);
    }).not.toThrow();
    account.state.pools[1].unminedBuys = 3;
    expect(() => {
      auditLedger([account]);
    }).toThrow(
      /market 0xm: kept (?:0,){11}-1,(?:0,){5}-1,3,0,0 but entries fold to (?:0,){11}-1,(?:0,){5}-1,0,0,0\n/,
    );
  });
});
