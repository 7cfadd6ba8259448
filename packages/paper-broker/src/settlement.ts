import {
  mulDiv,
  type ActionId,
  type ChainAction,
  type MarketId,
  type Outcome,
  type TradeId,
  type TradeStatus,
  type Usdc,
} from "@matchpoint/sdk";
import type { AccountId, Asset } from "./exchange.ts";
import { failChance } from "./ghosts.ts";
import type { Matching } from "./matching.ts";
import { ownLegs, type PaperAction, type PaperMatch } from "./records.ts";
import type { Venue } from "./venue.ts";

const MAX_RETRIES = 3;
const OUTCOMES: readonly Outcome[] = [0, 1];

/** What a match can become. */
const NEXT: Readonly<Record<TradeStatus, readonly TradeStatus[]>> = {
  MATCHED: ["MINED", "RETRYING", "FAILED"],
  RETRYING: ["MINED", "RETRYING", "FAILED"],
  MINED: ["CONFIRMED", "FAILED"],
  CONFIRMED: [],
  FAILED: [],
};

/** What comes after a match: trades on their way to CONFIRMED, and merges, splits and redemptions. */
export class Settlement {
  readonly #venue: Venue;
  readonly #matching: Matching;

  constructor(venue: Venue, matching: Matching) {
    this.#venue = venue;
    this.#matching = matching;
  }

  /** A match is to be mined. */
  mine(tradeId: TradeId, attempt: number, now: number): void {
    const venue = this.#venue;
    const match = venue.pending.get(tradeId);
    if (match === undefined) return;
    const { faults } = venue.settings;
    const key = `${match.lot}|${attempt}`;
    if (match.doomed === true || venue.strikes(failChance(venue, match), "trade_fail", key)) {
      this.#fail(match, now);
    } else if (attempt < MAX_RETRIES && venue.strikes(faults.trade_retry, "trade_retry", key)) {
      this.#advance(match, "RETRYING", now);
      venue.agenda.plan(now + venue.takes("mined", key), { kind: "mine", tradeId, attempt: attempt + 1 });
    } else {
      this.#mined(match, now);
      const rest = venue.takes("confirmed", match.lot) - venue.takes("mined", match.lot);
      venue.agenda.plan(now + Math.max(0, rest), { kind: "confirm", tradeId });
    }
  }

  /** A mined match is final. */
  confirm(tradeId: TradeId, now: number): void {
    const match = this.#venue.pending.get(tradeId);
    if (match !== undefined) this.#confirmed(match, now);
  }

  /** Another chain than ours settles, and says what became of a match. Returns whether that can be. */
  told(tradeId: TradeId, status: TradeStatus, now: number): boolean {
    const match = this.#venue.pending.get(tradeId);
    if (match === undefined || !NEXT[match.status].includes(status)) return false;
    if (status === "MINED") this.#mined(match, now);
    else if (status === "CONFIRMED") this.#confirmed(match, now);
    else if (status === "FAILED") this.#fail(match, now);
    else this.#advance(match, status, now);
    return true;
  }

  /** The chain moved something without us. */
  transfer(id: AccountId, asset: Asset, amount: number, now: number): void {
    const account = this.#venue.account(id);
    if (asset === "collateral") {
      account.cash += amount;
      this.#enforceCash(id, now);
      return;
    }
    const { marketId, outcome } = asset;
    const held = account.holding(marketId, outcome);
    held.matched += amount;
    held.mined += amount;
    held.settled += amount;
    this.#enforceBacking(id, marketId, now);
  }

  /** Takes a chain action. What it needs is held back until it is over. */
  request(account: AccountId, action: ChainAction, now: number): void {
    const venue = this.#venue;
    const { chain } = venue.account(account);
    const { actionId } = action;
    if (chain.has(actionId)) {
      venue.stats.duplicateActions++;
      return;
    }
    const problem = this.#problem(account, action);
    const entry: PaperAction = { action, status: "SENT", held: problem === undefined };
    chain.set(actionId, entry);
    for (const [oldest, { status }] of chain) {
      if (chain.size <= venue.settings.retain || status === "SENT") break;
      chain.delete(oldest);
    }
    venue.tellChain(account, now, now, { actionId, status: "SENT" });
    const over = now + venue.takes("chain", actionId);
    if (problem !== undefined) {
      entry.doomed = problem;
    } else {
      if (venue.strikes(venue.settings.faults.chain_revert, "chain_revert", actionId))
        entry.doomed = "execution reverted";
      this.#holdBack(account, action, 1);
      if (action.kind !== "split") this.#enforceBacking(account, action.marketId, now);
    }
    if (entry.doomed === undefined) {
      venue.tellChain(account, now, Math.min(over, now + venue.takes("mined", actionId)), {
        actionId,
        status: "MINED",
      });
    }
    venue.agenda.plan(over, { kind: "chain", account, actionId });
  }

  /** A chain action is over. */
  complete(account: AccountId, actionId: ActionId, now: number): void {
    const venue = this.#venue;
    const entry = venue.account(account).chain.get(actionId);
    if (entry === undefined) return;
    const { action } = entry;
    if (entry.held) this.#holdBack(account, action, -1);
    entry.held = false;
    // What it was to use may have been undone since: then it cannot be mined.
    const problem = entry.doomed ?? this.#problem(account, action);
    if (problem !== undefined) {
      entry.status = "REVERTED";
      venue.tellChain(account, now, now, { actionId, status: "REVERTED", detail: problem });
      return;
    }
    const proceeds = this.#perform(account, action);
    entry.status = "FINAL";
    venue.tellChain(account, now, now, { actionId, status: "FINAL", proceeds: proceeds as Usdc });
  }

  #mined(match: PaperMatch, now: number): void {
    for (const { account, leg } of ownLegs(match)) this.#venue.account(account).mined(match.marketId, leg);
    this.#advance(match, "MINED", now);
  }

  #confirmed(match: PaperMatch, now: number): void {
    for (const { account, leg } of ownLegs(match))
      this.#venue.account(account).confirmed(match.marketId, leg);
    this.#advance(match, "CONFIRMED", now);
    this.#venue.pending.delete(match.tradeId);
  }

  #advance(match: PaperMatch, status: PaperMatch["status"], now: number): void {
    match.status = status;
    this.#venue.tellTrade(now, now, match);
  }

  /** Undoes a match: shares and dollars never moved, on no side of it. */
  #fail(match: PaperMatch, now: number): void {
    const venue = this.#venue;
    const legs = ownLegs(match);
    const mined = match.status === "MINED";
    for (const { account, leg } of legs) venue.account(account).voided(match.marketId, leg, mined);
    venue.stats.tradesFailed++;
    this.#advance(match, "FAILED", now);
    venue.pending.delete(match.tradeId);
    for (const id of new Set(legs.map(({ account }) => account))) {
      this.#enforceBacking(id, match.marketId, now);
      this.#enforceCash(id, now);
    }
  }

  #problem(id: AccountId, action: ChainAction): string | undefined {
    const { markets } = this.#venue;
    const account = this.#venue.account(id);
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
  #holdBack(id: AccountId, action: ChainAction, sign: 1 | -1): void {
    const account = this.#venue.account(id);
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
  #perform(id: AccountId, action: ChainAction): number {
    const { markets } = this.#venue;
    const account = this.#venue.account(id);
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
  #enforceBacking(id: AccountId, marketId: MarketId, now: number): void {
    const { markets } = this.#venue;
    const account = this.#venue.account(id);
    for (const outcome of OUTCOMES) {
      const held = account.holding(marketId, outcome);
      while (held.offered > account.backing(held)) {
        const order = markets
          .get(marketId)
          ?.resting.findLast(
            (each) => each.account === id && each.intent.side === "sell" && each.intent.outcome === outcome,
          );
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
  #enforceCash(id: AccountId, now: number): void {
    const { open } = this.#venue;
    const account = this.#venue.account(id);
    if (account.free() >= 0) return;
    for (const order of [...open.values()].reverse()) {
      if (account.free() >= 0) return;
      if (order.account !== id || order.stage !== "resting" || order.intent.side !== "buy") continue;
      this.#matching.invalidate(
        order,
        { code: "BALANCE", detail: "the dollars that backed it are gone" },
        now,
      );
    }
  }
}
