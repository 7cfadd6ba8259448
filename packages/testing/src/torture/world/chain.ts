import type {
  ActionId,
  ChainAction,
  ChainHoldings,
  ChainReport,
  MarketId,
  Millis,
  Nanos,
  Shares,
  TradeId,
  TradeReport,
  Usdc,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { SimVenue } from "./venue.ts";

const BLOCK_MS = 2_000;
const MAX_RETRIES = 3;
/** Blocks after which one is final when nothing is wrong. */
const FINAL_AFTER = 2;

interface PendingTrade {
  readonly trade: TradeReport;
  readyAt: number;
  attempt: number;
  /** Block in which it was mined. */
  minedIn: number | undefined;
}

type Bot = "a" | "b";

/** What the account holds by the chain, at one block. */
export interface ChainState {
  readonly cash: number;
  readonly positions: ReadonlyMap<string, number>;
}

/** The chain under the venue: blocks, and what becomes in them of matched trades and of the account's own actions. */
export class SimChain {
  readonly #ground: Ground;
  readonly #venue: SimVenue;
  readonly #pending = new Map<TradeId, PendingTrade>();
  /** Trades that were confirmed lately, newest last, with their block. */
  readonly #confirmed: { readonly tradeId: TradeId; readonly block: number }[] = [];
  /** How much of a ghost fill follows the price. */
  readonly #rho: number;
  readonly #maxDepth: number;
  /** Actions by whose they are and their ids: each bot counts its own. */
  readonly #actions = new Map<
    string,
    { readonly action: ChainAction; readonly life: number; readonly bot: Bot }
  >();
  /** Words of the chain about actions, the last one of each: what a wallet's journal of transactions keeps. */
  readonly #said = new Map<string, ChainReport>();
  height = 100;
  finalized = 98;
  /** When the final block was made, in nanoseconds: where it stands still this does too. */
  #finalMadeAt = 0;
  #finalityStands = false;
  /** Finality stands still, and nothing was seen to wait for it so far. */
  #holdsBack = false;
  /** What was held at the last blocks, newest last. */
  readonly #blocks: ChainState[] = [];
  /** Kept when somebody asks the chain. */
  keepsBlocks = false;
  onAction: ((report: ChainReport, bot: Bot) => void) | undefined;

  constructor(ground: Ground, venue: SimVenue) {
    this.#ground = ground;
    this.#venue = venue;
    const draw = ground.dice.stream("chain");
    this.#rho = draw.unit();
    this.#maxDepth = draw.int(1, 8);
    venue.onChain = (report) => {
      this.#word(report);
    };
    const block = (): void => {
      this.#block();
      ground.time.after(BLOCK_MS, block);
    };
    ground.time.after(BLOCK_MS, block);
    ground.schedule("finality_stall", () => {
      const forMs = draw.between(10_000, 60_000);
      // It may have stood still for long before this run looked.
      this.#finalMadeAt -= draw.between(0, 80_000) * 1e6;
      this.#finalityStands = true;
      this.#holdsBack = true;
      ground.time.after(forMs, () => (this.#finalityStands = false));
    });
    ground.schedule("money_moved", () => {
      const free = venue.free();
      const amount = Math.floor(free * draw.between(0.05, 0.5));
      if (amount <= 0) return;
      venue.transfer(0 - amount, "taken by somebody else");
      ground.injected(
        "money_moved",
        (entry) =>
          (entry.kind === "alarm" && entry.code === "RECONCILE_MISMATCH") ||
          (entry.kind === "start_failed" && entry.code === "ACCOUNT_UNEXPLAINED"),
      );
    });
  }

  /** Trades that are neither confirmed nor failed, and actions under way. */
  get pending(): number {
    let actions = 0;
    for (const each of this.#said.values())
      if (each.status !== "FINAL" && each.status !== "REVERTED") actions += 1;
    return this.#pending.size + actions;
  }

  /** How old the last final block is, in milliseconds. */
  get finalAgeMs(): number {
    return Math.max(0, Math.round((this.#ground.time.now - this.#finalMadeAt) / 1e6));
  }

  matched(trade: TradeReport): void {
    if (this.#pending.has(trade.tradeId)) return;
    const draw = this.#ground.dice.stream("mining");
    const readyAt = this.#ground.time.now + draw.between(500, 4_000) * 1e6;
    this.#pending.set(trade.tradeId, { trade, readyAt, attempt: 0, minedIn: undefined });
  }

  /** An action was asked for; each is done once, however often its bot asks. */
  submit(action: ChainAction, { number: life, bot }: { readonly number: number; readonly bot: Bot }): void {
    const key = keyOf(action.actionId, bot);
    if (this.#actions.has(key)) return;
    this.#actions.set(key, { action, life, bot });
    if (this.#ground.dice.strikes("action_reverted")) {
      this.#ground.fault("action_reverted", `${action.kind} ${action.actionId}`, life);
      const say = (status: ChainReport["status"]): void => {
        const stamp = { at: 0 as Nanos, receivedAt: 0 as Millis };
        this.#word({ type: "chain_report", actionId: key, status, detail: "execution reverted", ...stamp });
      };
      say("SENT");
      this.#ground.time.after(4_000, () => {
        say("REVERTED");
      });
      return;
    }
    this.#venue.act({ ...action, actionId: key });
  }

  /** Whether an action was asked for, and what the chain said of it last. */
  known(actionId: ActionId, bot: Bot): { readonly last: ChainReport | undefined } | undefined {
    const key = keyOf(actionId, bot);
    return this.#actions.has(key) ? { last: this.#said.get(key) } : undefined;
  }

  /** What the chain itself holds of the account; a node may be behind. */
  holdings(markets: readonly MarketId[], life: number): ChainHoldings {
    const { dice } = this.#ground;
    let at = this.#blocks.length - 1;
    if (at > 0 && dice.strikes("rpc_lag")) {
      at = dice.stream("rpc").int(0, at - 1);
      if (this.#blocks[at] !== this.#blocks.at(-1))
        this.#ground.fault("rpc_lag", `${this.#blocks.length - 1 - at} blocks behind`, life);
    }
    const state = at < 0 ? this.#state() : at === this.#blocks.length - 1 ? this.#state() : this.#blocks[at]!;
    const positions = markets.flatMap((marketId) =>
      ([0, 1] as const).map((outcome) => ({
        marketId,
        outcome,
        shares: (state.positions.get(`${outcome} ${marketId}`) ?? 0) as Shares,
      })),
    );
    return { collateral: state.cash as Usdc, positions };
  }

  /** What is mined by now: the venue's books less what is only matched. */
  #state(): ChainState {
    const { cash, positions } = this.#venue.holdings();
    const held = new Map(
      positions.map(({ marketId, outcome, matched }) => [`${outcome} ${marketId}`, matched]),
    );
    let dollars = cash;
    for (const { trade, minedIn } of this.#pending.values()) {
      if (minedIn !== undefined) continue;
      const { marketId, outcome, side, size, cost, fee } = trade;
      const key = `${outcome} ${marketId}`;
      held.set(key, (held.get(key) ?? 0) - (side === "buy" ? size : 0 - size));
      dollars += side === "buy" ? cost + fee : fee - cost;
    }
    return { cash: dollars, positions: held };
  }

  #word(given: ChainReport): void {
    const known = this.#actions.get(given.actionId);
    if (known === undefined) return;
    const { action, life, bot } = known;
    const report = { ...given, actionId: action.actionId };
    const { status, proceeds } = report;
    this.#said.set(given.actionId, report);
    this.#ground.history.add({
      kind: "chain",
      life,
      action,
      status,
      ...(proceeds === undefined ? {} : { proceeds }),
    });
    this.onAction?.(report, bot);
  }

  #block(): void {
    const { dice } = this.#ground;
    const draw = dice.stream("blocks");
    this.height += 1;
    let reorg = 0;
    if (dice.strikes("reorg")) reorg = this.#takeBack(draw.int(1, this.#maxDepth));
    if (!this.#finalityStands || !dice.on) {
      this.finalized = Math.max(this.finalized, this.height - FINAL_AFTER);
      this.#finalMadeAt = this.#ground.time.now - (this.height - this.finalized) * BLOCK_MS * 1e6;
    }
    this.#mine();
    this.#confirm();
    if (this.keepsBlocks) {
      this.#blocks.push(this.#state());
      if (this.#blocks.length > 12) this.#blocks.shift();
    }
    if (this.#confirmed.length > 0 && dice.strikes("deep_reorg")) this.#takeBackConfirmed();
    if (reorg > 0 || this.#pending.size > 0 || this.height % 8 === 0)
      this.#ground.history.add({ kind: "block", height: this.height, finalized: this.finalized, reorg });
  }

  #mine(): void {
    const { dice, time } = this.#ground;
    for (const each of [...this.#pending.values()]) {
      if (each.minedIn !== undefined || each.readyAt > time.now) continue;
      const { trade } = each;
      if (dice.strikes("ghost_fill", this.#ghostly(trade))) {
        this.#pending.delete(trade.tradeId);
        this.#venue.settle(trade.tradeId, "FAILED", "revert");
        this.#ground.fault("ghost_fill", `trade ${trade.tradeId} of ${trade.size / 1e6} shares`);
      } else if (each.attempt < MAX_RETRIES && dice.strikes("retrying")) {
        each.attempt += 1;
        each.readyAt = time.now + dice.stream("mining").between(1_000, 20_000) * 1e6;
        this.#venue.settle(trade.tradeId, "RETRYING", "retry");
        this.#ground.fault("retrying", `trade ${trade.tradeId}`);
      } else {
        each.minedIn = this.height;
        this.#venue.settle(trade.tradeId, "MINED");
      }
    }
  }

  #confirm(): void {
    for (const each of [...this.#pending.values()]) {
      if (each.minedIn === undefined) continue;
      if (each.minedIn > this.finalized) {
        this.#wait(each.trade, each.minedIn);
        continue;
      }
      this.#pending.delete(each.trade.tradeId);
      this.#venue.settle(each.trade.tradeId, "CONFIRMED");
      this.#confirmed.push({ tradeId: each.trade.tradeId, block: each.minedIn });
      if (this.#confirmed.length > 20) this.#confirmed.shift();
    }
  }

  /** A trade is not final yet. Had finality not stood still it would be. */
  #wait({ tradeId }: TradeReport, minedIn: number): void {
    if (!this.#holdsBack || minedIn > this.height - FINAL_AFTER) return;
    this.#holdsBack = false;
    this.#ground.fault("finality_stall", `trade ${tradeId} is not final`);
  }

  /** Takes blocks back; gives how many. Most of their trades are mined again at once, the others have failed. */
  #takeBack(depth: number): number {
    const draw = this.#ground.dice.stream("reorg");
    const hit = [...this.#pending.values()].filter(
      ({ minedIn }) => minedIn !== undefined && minedIn > this.height - depth,
    );
    for (const { trade } of hit) {
      if (draw.chance(0.6)) continue;
      this.#pending.delete(trade.tradeId);
      this.#venue.settle(trade.tradeId, "FAILED", "reorg");
      this.#ground.fault("reorg", `trade ${trade.tradeId} was mined, and is not`);
    }
    return depth;
  }

  #takeBackConfirmed(): void {
    const { tradeId } = this.#confirmed.at(-1)!;
    this.#confirmed.pop();
    if (this.#venue.undo(tradeId))
      this.#ground.fault("deep_reorg", `trade ${tradeId} was confirmed, and is not`);
  }

  /** How much likelier than on average a trade fails: those that would have won fail most, as whoever lost on them sees to it. */
  #ghostly({ marketId, outcome, side, price }: TradeReport): number {
    const book = this.#venue.book(marketId);
    const [bid, ask] = [book?.bids[0]?.[0], book?.asks[0]?.[0]];
    if (bid === undefined || ask === undefined) return 1;
    const mid = outcome === 0 ? (bid + ask) / 2 : 10_000 - (bid + ask) / 2;
    const won = side === "buy" ? mid > price : mid < price;
    return 1 - this.#rho + (won ? 2 * this.#rho : 0);
  }
}

function keyOf(actionId: ActionId, bot: Bot): ActionId {
  return `${bot} ${actionId}` as ActionId;
}
