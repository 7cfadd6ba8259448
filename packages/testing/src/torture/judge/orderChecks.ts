import type { CoreEvent, Order, OrderStatus } from "@matchpoint/sdk";
import type { PostEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { OrdersWritten } from "./journalText.ts";
import type { Life, WatchedOrder } from "./life.ts";
import type { Seen } from "./seen.ts";
import type { TruthOfVenue } from "./truthOfVenue.ts";
import type { Verdicts } from "./verdicts.ts";

/** Orders: I1 (durable before it leaves, one hash per intent), I3 (filled is the sum of trades), I5 (legal moves, on evidence). @module */

/** An order has left. `ofIntents`: the hash by which an intent left first, by lineage and intent. */
export function judgePost(
  { verdicts, truth }: { readonly verdicts: Verdicts; readonly truth: TruthOfVenue },
  life: Life,
  entry: PostEntry,
  history: History,
  written: OrdersWritten,
  ofIntents: Map<string, string>,
): void {
  const { orderId, intent, durable } = entry;
  const disk = history.world.disk(life.start.journal);
  const stands = disk === undefined ? undefined : written.upTo(disk.bytes, durable).get(orderId);
  verdicts.holds("I1", stands !== undefined, orderId, () => {
    const known = life.account.intents.has(intent.intentId);
    return `order ${orderId} of intent ${intent.intentId} left although it ${known ? "was not durable" : "stands nowhere"} in ${life.start.journal} (${durable} bytes durable)`;
  });
  if (stands?.size !== undefined && (stands.size !== intent.size || stands.limit !== intent.limit)) {
    const as = `${stands.size} at ${String(stands.limit)}`;
    verdicts.wrong(
      "I1",
      orderId,
      `order ${orderId} left as ${intent.size} at ${intent.limit}, and is journaled as ${as}`,
    );
  }
  const key = `${life.lineage} ${intent.intentId}`;
  const first = ofIntents.get(key);
  if (first === undefined) ofIntents.set(key, orderId);
  else if (first !== orderId)
    verdicts.wrong("I1", key, `intent ${intent.intentId} left twice, as ${first} and as ${orderId}`);
  const { posts } = truth.order(orderId);
  if (posts > 1) verdicts.wrong("I1", `${orderId} again`, `order ${orderId} was sent ${posts} times`);
}

const OVER: ReadonlySet<string> = new Set<OrderStatus>([
  "DENIED",
  "FILLED",
  "CANCELED",
  "EXPIRED",
  "REJECTED",
  "INVALID",
]);
const STARTED = [
  "LIVE",
  "DELAYED",
  "MATCHED",
  "REJECTED",
  "UNKNOWN",
  "CANCELED",
  "EXPIRED",
  "INVALID",
  "FILLED",
];

/** Where an order may go from where it is; more than one step may be seen at once. */
const MOVES: Readonly<Record<string, readonly string[]>> = {
  INTENT: ["PREPARED", "DENIED", "CANCELED"],
  PREPARED: ["SENT", "PENDING_CANCEL", ...STARTED],
  SENT: ["PENDING_CANCEL", ...STARTED],
  DELAYED: ["PENDING_CANCEL", ...STARTED],
  LIVE: ["PENDING_CANCEL", "DELAYED", "MATCHED", "FILLED", "CANCELED", "EXPIRED", "INVALID", "UNKNOWN"],
  MATCHED: ["LIVE", "PENDING_CANCEL", "FILLED", "CANCELED", "EXPIRED", "INVALID", "UNKNOWN"],
  PENDING_CANCEL: ["LIVE", "MATCHED", "FILLED", "CANCELED", "EXPIRED", "INVALID", "UNKNOWN"],
  UNKNOWN: ["PENDING_CANCEL", ...STARTED],
};

/** What has to be heard for an order to come to be so: kinds of events, or the statuses of a report. */
const EVIDENCE: Readonly<Record<string, readonly string[]>> = {
  PREPARED: ["order_prepared"],
  SENT: ["sent", "live", "matched"],
  LIVE: ["live", "unmatched", "cancel_refused", "trade"],
  DELAYED: ["delayed"],
  MATCHED: ["matched", "trade"],
  FILLED: ["matched", "trade"],
  REJECTED: ["rejected"],
  EXPIRED: ["expired"],
  INVALID: ["invalid"],
  UNKNOWN: ["unknown", "absent", "rejected", "market_listed", "adopted"],
  CANCELED: ["canceled", "unmatched", "absent", "reconciled", "market_resolution", "market_listed"],
};

/** These may move orders that they do not name. */
const SWEEPING: ReadonlySet<CoreEvent["type"]> = new Set<CoreEvent["type"]>([
  "reconciled",
  "market_resolution",
  "market_listed",
  "adopted",
  "operator",
  "run_stopping",
  "timer",
]);

/** States at the venue in which an order rests, or may come to. */
const ALIVE: ReadonlySet<string | undefined> = new Set(["live", "delayed", "unmatched"]);

/** A look counts when it comes so long after the one before. */
const LOOKS_APART = 1_000_000_000;
const LOOKS_NEEDED = 2;

/** Follows every order that a step may have moved. */
export function judgeOrders(seen: Seen): void {
  const { life, core, step } = seen;
  const { event, effects } = step;
  for (const effect of effects) {
    if (effect.type === "place") look(seen, effect.intent.intentId);
    else if (effect.type === "cancel") asked(seen, effect.intentId);
  }
  if (event.type === "order_prepared") look(seen, event.intentId);
  else if (event.type === "order_report" || event.type === "trade_report") {
    const order = core.orders.byOrderId(event.orderId);
    if (order !== undefined) {
      if (event.type === "order_report" && event.status === "absent") judgeAbsent(seen, event.orderId);
      if (event.type === "order_report") {
        heard(life, order, event.status, event.at);
        judgeRefused(seen, order, event.status);
      }
      look(seen, order.intent.intentId);
      judgeFilled(seen, order);
    }
  }
  if (SWEEPING.has(event.type)) for (const intentId of [...life.open]) look(seen, intentId);
  else for (const effect of effects) if (effect.type === "cancel") look(seen, effect.intentId);
}

/** A look that found nothing has been answered: an answer that did not come is no absence. Adapters of others may not tell. */
function judgeAbsent({ life, verdicts }: Seen, orderId: string): void {
  if (life.answers.size === 0) return;
  const answers = life.answers.get(orderId) ?? 0;
  verdicts.holds("I5", answers > 0, `${orderId} unanswered`, () => {
    return `order ${orderId} is said to be absent, and the venue has not answered any question about it since the last look`;
  });
  life.answers.set(orderId, Math.max(0, answers - 1));
}

function watch(seen: Seen, order: Order): WatchedOrder {
  const { life } = seen;
  const { intentId } = order.intent;
  const watched = {
    intentId,
    orderId: order.orderId,
    status: order.status,
    cancelAskedAt: undefined,
    askedAgainAt: undefined,
    looks: 0,
    lastLookAt: 0,
  };
  life.watched.set(intentId, watched);
  if (!OVER.has(order.status)) life.open.add(intentId);
  return watched;
}

function asked(seen: Seen, intentId: string): void {
  const order = seen.core.orders.get(intentId as never);
  if (order === undefined) return;
  const watched = seen.life.watched.get(intentId) ?? watch(seen, order);
  watched.cancelAskedAt ??= seen.step.event.at;
  watched.askedAgainAt = seen.step.event.at;
}

/** Counts looks that found nothing, and begins anew when the order is seen. */
function heard(life: Life, { intent }: Order, status: string, at: number): void {
  const watched = life.watched.get(intent.intentId);
  if (watched === undefined) return;
  if (status === "live" || status === "delayed" || status === "matched") watched.looks = 0;
  if (status !== "absent") return;
  const expired = intent.expiresAt !== undefined && at > intent.expiresAt;
  if (!expired && (watched.cancelAskedAt === undefined || at <= watched.cancelAskedAt)) return;
  if (watched.looks > 0 && at - watched.lastLookAt < LOOKS_APART) return;
  watched.looks += 1;
  watched.lastLookAt = at;
}

function look(seen: Seen, intentId: string): void {
  const { life, core, verdicts, step } = seen;
  const order = core.orders.get(intentId as never);
  const known = life.watched.get(intentId);
  if (order === undefined) {
    if (known !== undefined && !OVER.has(known.status))
      verdicts.wrong("I5", intentId, `intent ${intentId} is forgotten while it is ${known.status}`);
    life.open.delete(intentId);
    return;
  }
  const watched = known ?? watch(seen, order);
  const from = watched.status;
  const to = order.status;
  if (from === to) return;
  watched.status = to;
  if (OVER.has(to)) life.open.delete(intentId);
  verdicts.looked("I5");
  const name = `order ${order.orderId ?? intentId}`;
  const { event } = step;
  if (MOVES[from]?.includes(to) !== true) {
    verdicts.wrong(
      "I5",
      `${intentId} ${from} ${to}`,
      `${name} went from ${from} to ${to}, which no order does, on ${event.type}`,
    );
    return;
  }
  const evidence = evidenceOf(event);
  if (to !== "PENDING_CANCEL" && EVIDENCE[to]?.includes(evidence) !== true)
    verdicts.wrong(
      "I5",
      `${intentId} ${to}`,
      `${name} went from ${from} to ${to} on ${evidence}, which shows no such thing`,
    );
  if (to === "CANCELED" && evidence === "absent" && watched.looks < LOOKS_NEEDED) {
    const after = `${watched.looks} of ${LOOKS_NEEDED} looks after a cancel or its expiry`;
    verdicts.wrong("I5", `${intentId} absent`, `${name} is held to be gone from ${from} after ${after}`);
  }
  // Waiting is not enough: it may have come to the venue after all, and only after a cancel does its absence mean anything.
  if (to === "UNKNOWN" && watched.cancelAskedAt === undefined)
    verdicts.wrong("I5", `${intentId} uncancelled`, `${name} is UNKNOWN and is not cancelled by its hash`);
  judgeEnd(seen, order, evidence);
}

function evidenceOf(event: CoreEvent): string {
  if (event.type === "order_report") return event.status;
  return event.type === "trade_report" ? "trade" : event.type;
}

/** What was refused and is told to rest has to go, at once: no word of its end can have been overtaken by this one. */
function judgeRefused({ truth, verdicts, step }: Seen, { orderId, status }: Order, said: string): void {
  if (orderId === undefined || status !== "REJECTED" || said !== "live") return;
  if (!ALIVE.has(truth.orders.get(orderId)?.status)) return;
  const goes = step.effects.some((effect) => effect.type === "cancel" && effect.orderId === orderId);
  verdicts.holds("I5", goes, `${orderId} refused`, () => {
    return `order ${orderId} was refused, is heard to rest at the venue, and is not asked to go`;
  });
}

/** An end that a report tells of has to be one that the venue knows of. */
function judgeEnd({ truth, verdicts }: Seen, order: Order, evidence: string): void {
  const { orderId, status } = order;
  if (orderId === undefined || !OVER.has(status)) return;
  const there = truth.orders.get(orderId);
  if (there === undefined || there.posts === 0) return;
  if (status === "REJECTED" && there.reply !== "rejected" && !there.said.has("rejected")) {
    const told = there.reply === undefined ? "has no answer yet" : `was answered ${there.reply}`;
    verdicts.wrong(
      "I5",
      `${orderId} rejected`,
      `order ${orderId} is taken for refused, and its POST ${told}`,
    );
  }
  // What was sent was refused before the engine, and a copy of it that the network made was not: of that nobody could know yet.
  if (status === "REJECTED" && there.arrived === "copied") return;
  const rests = ALIVE.has(there.status);
  if (rests && evidence !== "absent" && evidence !== "trade" && status !== "FILLED")
    verdicts.wrong(
      "I5",
      `${orderId} over`,
      `order ${orderId} is ${status} here, and ${there.status ?? ""} at the venue`,
    );
}

/** What is filled is the sum of the trades that stand, no more than was asked for. */
export function judgeFilled({ life, verdicts, step, effect }: Seen, order: Order): void {
  const { orderId, intent } = order;
  if (orderId === undefined || !life.account.orders.has(orderId)) return;
  const { shares, dollars } = life.account.filled(orderId);
  const invariant = effect === "repeated" ? "I8" : "I3";
  verdicts.holds(invariant, order.matched === shares, orderId, () => {
    const on =
      step.event.type === "trade_report"
        ? `trade ${step.event.tradeId} ${step.event.status}`
        : step.event.type;
    return `order ${orderId} counts ${order.matched} micro-shares as filled, its trades add up to ${shares} (after ${on}, ${effect})`;
  });
  // A market buy is for dollars; the venue may give it a little more than its shares.
  const most = intent.spend === undefined ? shares <= intent.size : dollars <= intent.spend + 100;
  verdicts.holds(
    "I3",
    shares >= 0 && most,
    `${orderId} more`,
    () => `order ${orderId} of ${intent.size} has ${shares} filled`,
  );
}
