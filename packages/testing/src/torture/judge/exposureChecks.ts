import type { Intent, MarketDescription, Order } from "@matchpoint/sdk";
import { mostOfSize } from "./drawdownChecks.ts";
import type { Seen } from "./seen.ts";

/** Exposure: I6, by the judge's own worst case of everything that is not over. @module */

const OUTCOMES = [0, 1] as const;
const MILLION = 1_000_000;

/** What a buy may still cost without fees, in micro-dollars: rounded up, as nobody may count on less. */
function worstOf(seen: Seen, { intent, orderId }: Order): number {
  if (intent.side === "sell") return 0;
  const filled = orderId === undefined ? { shares: 0, dollars: 0 } : seen.life.account.filled(orderId);
  if (intent.spend !== undefined) return Math.max(0, intent.spend - filled.dollars);
  return Math.ceil((Math.max(0, intent.size - filled.shares) * intent.limit) / 10_000);
}

/** The match that a market's risk counts with: it is about it, or is decided by it. */
function matchOf({ subject, related }: MarketDescription): string | undefined {
  return subject?.matchId ?? related;
}

/** After a step that let orders out: whatever fills, no limit is broken. */
export function judgeExposure(seen: Seen): void {
  const { step } = seen;
  const intents: Intent[] = [];
  for (const effect of step.effects) if (effect.type === "place") intents.push(effect.intent);
  if (intents.length === 0) return;
  for (const intent of intents) if (intent.side === "sell") judgeSale(seen, intent);
  judgeDay(seen, intents);
  const risky = intents.filter(({ purpose }) => purpose !== "exit");
  if (risky.length === 0) return;
  judgeCounts(seen, risky.at(-1)!);
  if (risky.some(({ side }) => side === "buy")) judgeDollars(seen, risky);
}

/** Counts what was open when the last of them was let out: exits that came after it have no such limit. */
function judgeCounts({ core, step, history, verdicts, life }: Seen, last: Intent): void {
  const { max_open_orders: all, max_open_orders_per_market: each } = history.world.config.risk;
  const { intentId, marketId } = last;
  let [later, laterThere, passed] = [0, 0, false];
  for (const effect of step.effects) {
    if (effect.type !== "place") continue;
    if (passed) later += 1;
    if (passed && effect.intent.marketId === marketId) laterThere += 1;
    passed ||= effect.intent.intentId === intentId;
  }
  const open = core.orders.openCount - later;
  verdicts.holds(
    "I6",
    open <= all,
    "orders",
    () => `with ${intentId} ${open} orders are open, at most ${all}`,
  );
  const cancelBurst = life.cancelBurst ?? history.world.cancelBurst ?? Infinity;
  // Taking back all of them is one request, and one cancel for each.
  verdicts.holds(
    "I13",
    open + 1 <= cancelBurst,
    "cancels",
    () => `with ${intentId} ${open} orders are open, the venue takes ${cancelBurst} cancels at once`,
  );
  const there = core.orders.open(marketId).length - laterThere;
  verdicts.holds(
    "I6",
    there <= each,
    `orders ${marketId}`,
    () => `with ${intentId} ${there} orders are open in ${marketId}, at most ${each}`,
  );
}

function judgeDollars(seen: Seen, intents: readonly Intent[]): void {
  const { core, history, verdicts, life, step } = seen;
  const { risk } = history.world.config;
  // In a drawdown all of it shrinks for entries; what was let out beside them may take the rest.
  const part = mostOfSize(life, risk.drawdown, step.event.at);
  const partOfAll = intents.every(({ purpose }) => purpose === "entry") ? part : 1;
  const worst = new Map<string, number>();
  let [account, unsettled] = [0, 0];
  for (const order of core.orders.allOpen()) {
    const cash = worstOf(seen, order);
    account += cash;
    unsettled += cash;
    const { marketId } = order.intent;
    worst.set(marketId, (worst.get(marketId) ?? 0) + cash);
  }
  // What a sale that is being retried has brought goes back if it fails.
  const { cash } = life.account;
  let owed = 0;
  for (const marketId of life.account.costs.keys()) owed += life.account.owed(marketId);
  const free = cash - account - owed - Math.max(0, life.account.retriedProceeds);
  const name = intents.map(({ intentId }) => intentId).join(", ");
  verdicts.holds(
    "I6",
    free >= 0,
    "cash",
    () =>
      `with ${name} open orders and retried sales may cost ${cash - free}, the account has ${cash} micro-dollars`,
  );
  const holdings = new Map<string, number>();
  for (const [marketId, costs] of life.account.costs) {
    const before = costs.withoutRetried();
    let total = life.account.owed(marketId);
    unsettled += total;
    for (const outcome of OUTCOMES) {
      const cost = costs.cost[outcome];
      // What shares have brought that never were pays for nothing else, and is not held again if their sale fails.
      const held = Math.max(0, cost);
      const back = before === undefined ? 0 : Math.max(0, before[outcome] - held);
      total += held + back;
      const { shares, unconfirmed } = life.account.position(marketId, outcome);
      unsettled += back;
      if (shares > 0 && unconfirmed > 0) unsettled += (cost * Math.min(unconfirmed, shares)) / shares;
    }
    holdings.set(marketId, total);
    account += total;
  }
  const most = (what: string, value: number, limit: number, of = partOfAll): void => {
    verdicts.holds("I6", value <= limit * MILLION * of + (of < 1 ? 1 : 0), what, () => {
      const least = of === 1 ? "" : `, of which the drawdown leaves ${(of * 100).toFixed(2)} %`;
      return `with ${name} ${what} may come to ${value} micro-dollars, at most ${limit} dollars${least}`;
    });
  };
  most("the account", account, risk.max_account_usdc);
  most("what is not settled", unsettled, risk.max_unsettled_usdc);
  const exposure = (marketId: string): number => (worst.get(marketId) ?? 0) + (holdings.get(marketId) ?? 0);
  for (const { marketId, side, intentId, size, limit, spend, purpose } of intents) {
    if (side === "sell") continue;
    most(`market ${marketId}`, exposure(marketId), risk.max_market_usdc);
    const ofOrder = purpose === "entry" ? part : 1;
    most(`order ${intentId}`, spend ?? (size * limit) / 10_000, risk.max_order_usdc, ofOrder);
    const entry = life.markets.get(marketId);
    const of = entry === undefined ? undefined : matchOf(entry.market);
    const league = leagueOf(seen, of);
    let [match, tournament] = [0, 0];
    for (const [id, { market }] of life.markets) {
      const other = matchOf(market);
      if (of !== undefined && other === of) match += exposure(id);
      if (leagueOf(seen, other) === league) tournament += exposure(id);
    }
    if (of !== undefined) most(`match ${of}`, match, risk.max_match_usdc);
    if (risk.max_tournament_usdc !== undefined)
      most(`tournament ${league ?? "(nobody knows which)"}`, tournament, risk.max_tournament_usdc);
  }
}

/** The tournament of a match. Those of which nobody knows it count together. */
function leagueOf({ history }: Seen, match: string | undefined): string | undefined {
  return history.world.matches.find(({ matchId }) => matchId === match)?.league;
}

/** What is sold is held, has passed the sell gate, and is promised to nobody else. */
function judgeSale({ life, core, history, verdicts }: Seen, { intentId, marketId, outcome }: Intent): void {
  const { account } = life;
  const { shares, unconfirmed, unmined } = account.position(marketId, outcome);
  const gate = history.world.config.engine.sell_gate;
  const below =
    gate === "matched" ? account.retriedBuys(marketId, outcome) : gate === "mined" ? unmined : unconfirmed;
  let promised = 0;
  for (const { intent, orderId } of core.orders.open(marketId)) {
    if (intent.side !== "sell" || intent.outcome !== outcome) continue;
    promised += Math.max(0, intent.size - (orderId === undefined ? 0 : account.filled(orderId).shares));
  }
  const free = shares - below - account.reserved(marketId, outcome);
  verdicts.holds("I6", promised <= free, intentId, () => {
    return `with ${intentId} open sales promise ${promised} of ${marketId} outcome ${outcome}; ${free} are there, mined as ${gate} asks, and not on their way to the chain`;
  });
}

/** Once a day's loss has reached its limit, nothing new is begun that day, restarts or not. */
function judgeDay({ life, history, verdicts, step }: Seen, intents: readonly Intent[]): void {
  const entry = intents.find(({ purpose }) => purpose === "entry");
  if (entry === undefined) return;
  const lost = life.day.base - life.account.realized;
  const most = history.world.config.risk.max_daily_loss_usdc * MILLION;
  verdicts.holds("I6", lost < most, `day ${life.day.ends}`, () => {
    return `${entry.intentId} was let out after ${lost} micro-dollars were lost today, at most ${most} (${step.event.type})`;
  });
}
