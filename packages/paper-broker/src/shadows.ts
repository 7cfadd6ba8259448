import {
  mulDiv,
  USDC_ONE,
  type CoreEvent,
  type ExecutionCommand,
  type FillScenario,
  type Intent,
  type Nanos,
  type PreparedOrder,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import type { AccountId } from "./exchange.ts";
import type { FillModel } from "./options.ts";
import { FoldedExchange } from "./paperExchange.ts";
import { spendsDollars } from "./records.ts";
import type { Settings } from "./settings.ts";
import type { PaperSnapshot } from "./snapshot.ts";

const OWN: AccountId = "own";
/** Orders count in hundredths of a share and dollars in cents: both 10,000 micro-units. */
const HUNDREDTH = 10_000;

/**
 * The same account under another fill model. It is sent the same orders at the same times, takes the same liquidity and has the same
 * luck; only what rests is filled otherwise, and so what it holds. It does not decide: exits are cut to what it holds, hedges to what
 * it has to hedge, merges and redemptions are of its own shares.
 */
class Shadow {
  readonly name: FillScenario["name"];
  readonly exchange: FoldedExchange;
  readonly #settings: Settings;

  constructor(name: FillScenario["name"], fillModel: FillModel, base: Settings, keeper: FoldedExchange) {
    this.name = name;
    this.#settings = { ...base, fillModel, mute: true };
    this.exchange = new FoldedExchange(this.#settings, keeper);
    this.exchange.deposit(OWN, base.collateral);
  }

  submit(command: ExecutionCommand, at: Nanos): void {
    this.exchange.reach(at); // what it holds is what it holds by then
    const own = this.#own(command);
    if (own !== undefined) this.exchange.submit(OWN, own, at);
  }

  account(): FillScenario {
    return scenarioOf(this.name, this.#settings, this.exchange);
  }

  #own(command: ExecutionCommand): ExecutionCommand | undefined {
    if (command.kind === "cancel") return command;
    if (command.kind === "place") {
      const order = this.#cut(command.order);
      return order === undefined ? undefined : { kind: "place", order };
    }
    const { action } = command;
    const held = this.#held(action.marketId, "settled");
    const pairs = Math.min(held[0], held[1]) as Shares;
    if (action.kind === "split") return command;
    const amounts = action.kind === "merge" ? ([pairs, pairs] as const) : held;
    if (amounts[0] + amounts[1] === 0) return undefined;
    return { kind: "chain", action: { ...action, amounts } };
  }

  /** What this account would have had a reason to order. */
  #cut(order: PreparedOrder): PreparedOrder | undefined {
    const { intent } = order;
    const { marketId, outcome, side, purpose, size } = intent;
    if (side === "buy" && purpose !== "hedge") return order;
    const held = this.#held(marketId, "matched");
    const most = side === "sell" ? held[outcome] : held[1 - outcome]! - held[outcome];
    if (most >= size) return order;
    const cut = part(intent, Math.max(0, most));
    return cut === undefined ? undefined : { ...order, intent: cut };
  }

  #held(marketId: Intent["marketId"], what: "matched" | "settled"): [Shares, Shares] {
    const held: [Shares, Shares] = [0 as Shares, 0 as Shares];
    for (const position of this.exchange.view(OWN).positions()) {
      if (position.marketId === marketId) held[position.outcome] = position[what];
    }
    return held;
  }
}

/** An intent for at most so many shares; `undefined` when nothing that can be ordered is left. */
function part(intent: Intent, most: number): Intent | undefined {
  const size = (most - (most % HUNDREDTH)) as Shares;
  if (size <= 0) return undefined;
  if (!spendsDollars(intent) || intent.spend === undefined) return { ...intent, size };
  const spend = mulDiv(intent.spend, size, intent.size, "down");
  const whole = (spend - (spend % HUNDREDTH)) as Usdc;
  return whole < USDC_ONE ? undefined : { ...intent, size, spend: whole };
}

/** An account as a scenario's line. */
function scenarioOf(
  name: FillScenario["name"],
  { fillModel, collateral }: Settings,
  exchange: FoldedExchange,
): FillScenario {
  const view = exchange.view(OWN);
  const { fills, makerFills } = view.stats();
  return {
    name,
    model: fillModel,
    deposits: collateral,
    cash: view.balances().collateral,
    positions: view
      .positions()
      .map(({ marketId, outcome, matched }) => ({ marketId, outcome, shares: matched })),
    fills,
    makerFills,
  };
}

/** The optimist and the pessimist beside the account that trades, at the price of what rests: the books are shared. */
export class Shadows {
  readonly #base: FoldedExchange;
  readonly #settings: Settings;
  readonly #all: readonly Shadow[];

  constructor(settings: Settings, base: FoldedExchange) {
    this.#base = base;
    this.#settings = settings;
    this.#all = settings.scenarios
      ? [
          new Shadow("optimistic", "touch", settings, base),
          new Shadow("pessimistic", "worst_queue", settings, base),
        ]
      : [];
  }

  /** An event comes: what was due before it meets the books as they still are. */
  before(event: CoreEvent): void {
    for (const { exchange } of this.#all) exchange.reach(event.at);
  }

  /** The account that trades, and so the books, have seen it. */
  after(event: CoreEvent): void {
    for (const { exchange } of this.#all) exchange.observe(event);
  }

  submit(command: ExecutionCommand, at: Nanos): void {
    for (const shadow of this.#all) shadow.submit(command, at);
  }

  /** Every scenario as it is at a time, the base in the middle; none when they are not kept. */
  accounts(at: Nanos): readonly FillScenario[] {
    const [optimistic, pessimistic] = this.#all;
    if (optimistic === undefined || pessimistic === undefined) return [];
    for (const { exchange } of this.#all) exchange.reach(at);
    return [optimistic.account(), scenarioOf("base", this.#settings, this.#base), pessimistic.account()];
  }

  save(): readonly PaperSnapshot[] {
    return this.#all.map(({ exchange }) => exchange.snapshot());
  }

  restore(saved: readonly PaperSnapshot[]): void {
    this.#all.forEach(({ exchange }, i) => {
      exchange.restore(saved[i]!);
    });
  }
}
