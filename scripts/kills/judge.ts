import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  coreOfRun,
  DEFAULT_STRATEGIES,
  journaledRun,
  readJournal,
  type Core,
  type IntentId,
  type OrderId,
  type StrategyClass,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256 } from "@matchpoint/sdk/node";
import type { RunningVenue } from "@matchpoint/paper-venue";
import { Prober } from "./prober.ts";
import type { Wire } from "./wire.ts";

/** The prober keeps a state of its own, which no list of classes can name. */
const STRATEGIES: Readonly<Record<string, StrategyClass>> = {
  ...DEFAULT_STRATEGIES,
  [Prober.id]: Prober as never,
};

/** What is wrong with a world after its last run, in words; nothing when all is well. */
export interface Judgement {
  readonly wrong: readonly string[];
  readonly orders: number;
  readonly fills: number;
}

/** Holds every journal of a world against what was seen on the wire, and the last one's account against the venue's. */
export function judge(folder: string, wallet: string, venue: RunningVenue, wire: Wire): Judgement {
  const wrong: string[] = [];
  const hashes = new Map<OrderId, IntentId>();
  const intents = new Map<IntentId, OrderId>();
  let core: Core | undefined;
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith(".jsonl"))
    .sort()) {
    const bytes = readFileSync(join(folder, name));
    if (bytes.length === 0) continue;
    core = undefined;
    for (const { event } of readJournal(bytes, { crc32: nodeCrc32, sha256: nodeSha256 })) {
      core ??= coreOfRun(journaledRun(event, (use) => STRATEGIES[use]));
      core.step(event);
      if (event.type !== "order_prepared") continue;
      const { intentId, orderId } = event;
      const before = intents.get(intentId);
      if (before !== undefined && before !== orderId)
        wrong.push(`intent ${intentId} became two orders: ${before} and ${orderId}`);
      intents.set(intentId, orderId);
      hashes.set(orderId, intentId);
    }
  }
  for (const [salt, times] of wire.posted)
    if (times > 1) wrong.push(`the order with salt ${salt} was handed in ${times} times`);
  for (const orderId of wire.taken)
    if (!hashes.has(orderId as OrderId)) wrong.push(`the venue took ${orderId}, and no journal has it`);
  const view = venue.venue.exchange.view(wallet.toLowerCase());
  const { trades } = view.trades();
  for (const { orderId, tradeId } of trades)
    if (!hashes.has(orderId)) wrong.push(`trade ${tradeId} is of an order that no journal has`);
  const resting = view.openOrders();
  if (resting.length > 0) wrong.push(`${resting.length} orders rest at the venue after the last run`);
  if (core === undefined) return { wrong: [...wrong, "no journal"], orders: 0, fills: 0 };
  if (core.orders.openCount > 0) wrong.push(`${core.orders.openCount} orders are open in the last journal`);
  const cash: number = view.balances().collateral;
  if (cash !== core.ledger.cash)
    wrong.push(`cash is ${cash} at the venue and ${core.ledger.cash} in the ledger`);
  const held = new Set<string>();
  for (const marketId of core.ledger.markets())
    for (const outcome of [0, 1] as const)
      if (core.ledger.position(marketId, outcome).matched !== 0) held.add(`${marketId} ${outcome}`);
  for (const { marketId, outcome, matched } of view.positions()) {
    const here = core.ledger.position(marketId, outcome).matched;
    held.delete(`${marketId} ${outcome}`);
    if (here !== matched)
      wrong.push(`${marketId} ${outcome}: ${matched} shares at the venue and ${here} in the ledger`);
  }
  for (const each of held) wrong.push(`${each} is held in the ledger and not at the venue`);
  return { wrong, orders: hashes.size, fills: trades.length };
}
