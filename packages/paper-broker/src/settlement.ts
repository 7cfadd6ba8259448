import {
  mulDiv,
  type ActionId,
  type ChainAction,
  type MarketId,
  type Outcome,
  type TradeId,
  type Usdc,
} from "@matchpoint/sdk";
import type { Matching } from "./matching.ts";
import type { PaperAction, PaperTrade } from "./records.ts";
import type { Venue } from "./venue.ts";

const MAX_RETRIES = 3;
const OUTCOMES: readonly Outcome[] = [0, 1];

/** What comes after a match: trades on their way to CONFIRMED, and merges, splits and redemptions. */
export class Settlement {
  readonly #venue: Venue;
  readonly #matching: Matching;

  constructor(venue: Venue, matching: Matching) {
    this.#venue = venue;
    this.#matching = matching;
  }

  /** A matched trade is to be mined. */
  mine(tradeId: TradeId, attempt: number, now: number): void {
    const venue = this.#venue;
    const trade = venue.pending.get(tradeId);
    if (trade === undefined) return;
    const { faults } = venue.settings;
    const key = `${tradeId}|${attempt}`;
    if (venue.strikes(faults.trade_fail, "trade_fail", key)) {
      this.#fail(trade, now);
    } else if (attempt < MAX_RETRIES && venue.strikes(faults.trade_retry, "trade_retry", key)) {
      this.#advance(trade, "RETRYING", now);
      venue.agenda.plan(now + venue.takes("mined", key), { kind: "mine", tradeId, attempt: attempt + 1 });
    } else {
      if (trade.side === "buy") venue.account.holding(trade.marketId, trade.outcome).mined += trade.size;
      else if (venue.settings.gate === "mined") venue.account.incoming -= trade.cost - trade.fee;
      this.#advance(trade, "MINED", now);
      const rest = venue.takes("confirmed", tradeId) - venue.takes("mined", tradeId);
      venue.agenda.plan(now + Math.max(0, rest), { kind: "confirm", tradeId });
    }
  }

  /** A mined trade is final. */
  confirm(tradeId: TradeId, now: number): void {
    const venue = this.#venue;
    const trade = venue.pending.get(tradeId);
    if (trade === undefined) return;
    if (trade.side === "buy") venue.account.holding(trade.marketId, trade.outcome).settled += trade.size;
    else if (venue.settings.gate === "confirmed") venue.account.incoming -= trade.cost - trade.fee;
    this.#advance(trade, "CONFIRMED", now);
    venue.pending.delete(tradeId);
  }

  /** Takes a chain action. What it needs is held back until it is over. */
  request(action: ChainAction, now: number): void {
    const venue = this.#venue;
    const { actionId } = action;
    if (venue.chain.has(actionId)) {
      venue.stats.duplicateActions++;
      return;
    }
    const problem = this.#problem(action);
    const entry: PaperAction = { action, status: "SENT", held: problem === undefined };
    venue.chain.set(actionId, entry);
    for (const [oldest, { status }] of venue.chain) {
      if (venue.chain.size <= venue.settings.retain || status === "SENT") break;
      venue.chain.delete(oldest);
    }
    venue.tellChain(now, now, { actionId, status: "SENT" });
    const over = now + venue.takes("chain", actionId);
    if (problem !== undefined) {
      entry.doomed = problem;
    } else {
      if (venue.strikes(venue.settings.faults.chain_revert, "chain_revert", actionId))
        entry.doomed = "execution reverted";
      this.#holdBack(action, 1);
      if (action.kind !== "split") this.#enforceBacking(action.marketId, now);
    }
    if (entry.doomed === undefined) {
      venue.tellChain(now, Math.min(over, now + venue.takes("mined", actionId)), {
        actionId,
        status: "MINED",
      });
    }
    venue.agenda.plan(over, { kind: "chain", actionId });
  }

  /** A chain action is over. */
  complete(actionId: ActionId, now: number): void {
    const venue = this.#venue;
    const entry = venue.chain.get(actionId);
    if (entry === undefined) return;
    const { action } = entry;
    if (entry.held) this.#holdBack(action, -1);
    entry.held = false;
    if (entry.doomed !== undefined) {
      entry.status = "REVERTED";
      venue.tellChain(now, now, { actionId, status: "REVERTED", detail: entry.doomed });
      return;
    }
    const proceeds = this.#perform(action);
    entry.status = "FINAL";
    venue.tellChain(now, now, { actionId, status: "FINAL", proceeds: proceeds as Usdc });
  }

  #advance(trade: PaperTrade, status: PaperTrade["status"], now: number): void {
    trade.status = status;
    this.#venue.tellTrade(now, now, trade);
  }

  /** Undoes a trade: the other side's shares or dollars never came. */
  #fail(trade: PaperTrade, now: number): void {
    const venue = this.#venue;
    const { account } = venue;
    const held = account.holding(trade.marketId, trade.outcome);
    if (trade.side === "buy") {
      account.cash += trade.cost + trade.fee;
      held.matched -= trade.size;
    } else {
      account.cash -= trade.cost - trade.fee;
      if (venue.settings.gate !== "matched") account.incoming -= trade.cost - trade.fee;
      held.matched += trade.size;
      held.mined += trade.size;
      held.settled += trade.size;
    }
    venue.stats.tradesFailed++;
    this.#advance(trade, "FAILED", now);
    venue.pending.delete(trade.tradeId);
    this.#enforceBacking(trade.marketId, now);
    this.#enforceCash(now);
  }

  #problem(action: ChainAction): string | undefined {
    const { account, markets } = this.#venue;
    const { kind, marketId, amounts } = action;
    const market = markets.get(marketId);
    if (market === undefined) return "market not found";
    if (!amounts.every((each) => Number.isSafeInteger(each) && each >= 0) || amounts[0] + amounts[1] <= 0) {
      return "amounts are not amounts of shares";
    }
    if (kind !== "redeem" && amounts[0] !== amounts[1])
      return `a ${kind} needs as many shares of one outcome as of the other`;
    if (kind === "split") {
      return account.free() < amounts[0] ? `balance ${account.free()} is less than ${amounts[0]}` : undefined;
    }
    if (kind === "redeem" && market.payouts === undefined) return "the market is not resolved";
    for (const outcome of OUTCOMES) {
      const { settled } = account.holding(marketId, outcome);
      if (settled < amounts[outcome])
        return `outcome ${outcome}: ${settled} confirmed, ${amounts[outcome]} needed`;
    }
    return undefined;
  }

  /** Sets aside what an action will use (`sign` 1), or puts it back (-1). */
  #holdBack(action: ChainAction, sign: 1 | -1): void {
    const { account } = this.#venue;
    const { kind, marketId, amounts } = action;
    if (kind === "split") {
      account.reserved += sign * amounts[0];
      return;
    }
    for (const outcome of OUTCOMES) {
      const held = account.holding(marketId, outcome);
      held.mined -= sign * amounts[outcome];
      held.settled -= sign * amounts[outcome];
      held.locked += sign * amounts[outcome];
    }
  }

  /** Moves shares and dollars for good; returns the dollars received. */
  #perform(action: ChainAction): number {
    const { account, markets } = this.#venue;
    const { kind, marketId, amounts } = action;
    const sign = kind === "split" ? 1 : -1;
    const payouts = markets.get(marketId)?.payouts;
    let proceeds = kind === "redeem" ? 0 : -sign * amounts[0];
    for (const outcome of OUTCOMES) {
      const held = account.holding(marketId, outcome);
      held.matched += sign * amounts[outcome];
      held.mined += sign * amounts[outcome];
      held.settled += sign * amounts[outcome];
      if (kind === "redeem") proceeds += mulDiv(amounts[outcome], payouts?.[outcome] ?? 0, 1_000_000, "down");
    }
    account.cash += proceeds;
    return proceeds;
  }

  /** Open sells that nothing backs any more are invalid, the newest first. */
  #enforceBacking(marketId: MarketId, now: number): void {
    const { account, markets } = this.#venue;
    for (const outcome of OUTCOMES) {
      const held = account.holding(marketId, outcome);
      while (held.offered > account.backing(held)) {
        const order = markets
          .get(marketId)
          ?.resting.findLast(({ intent }) => intent.side === "sell" && intent.outcome === outcome);
        if (order === undefined) break;
        this.#matching.invalidate(
          order,
          { code: "BALANCE", detail: "the shares that backed it are gone" },
          now,
        );
      }
    }
  }

  /** Open buys that nothing pays for any more are invalid, the newest first. */
  #enforceCash(now: number): void {
    const { account, open } = this.#venue;
    if (account.free() >= 0) return;
    for (const order of [...open.values()].reverse()) {
      if (account.free() >= 0) return;
      if (order.stage !== "resting" || order.intent.side !== "buy") continue;
      this.#matching.invalidate(
        order,
        { code: "BALANCE", detail: "the dollars that backed it are gone" },
        now,
      );
    }
  }
}
