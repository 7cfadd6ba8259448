import type { Core } from "@matchpoint/sdk";
import type { AlarmEntry, HistoryEntry, StallEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Life } from "./life.ts";
import type { AtEnd, Seen } from "./seen.ts";
import type { TrueBooks } from "./truthOfVenue.ts";
import { seconds, type Verdicts } from "./verdicts.ts";

/** What must be so when faults have stopped: I7 (three books agree), I21 (nothing is in doubt), I22 (a kill empties the venue), I23. @module */

const OUTCOMES = [0, 1] as const;
const KILL_WITHIN = 15_000_000_000;
/** Whoever looks every few seconds has heard by then of an order that came late, and has asked for its end. */
const HEARD_WITHIN = 10_000_000_000;
/** What happened within so many ns happened at once. */
const TURN = 50_000_000;
const LOOKS_TAKE = 4_000_000_000;
/** Alarms by which a person hears that something may rest at the venue. */
const TELLS_OF_ORDERS: ReadonlySet<string> = new Set([
  "ORDERS_MAY_BE_OPEN",
  "RECONCILE_MISMATCH",
  // Cancels that are refused in a row, and an order that was held to be gone.
  "BREAKER_TRIPPED",
  "ORDER_TRANSITION_ILLEGAL",
]);
/** A request may come to the venue for so long after it was sent: then its timestamp is too old. */
const ARRIVES = 60_000_000_000;

/** Lives whose last word counts: those that are there when all is over, and those that had ended in good order. */
function* settledLives({ history, lives }: AtEnd): Generator<readonly [Life, Core]> {
  const alive = new Set(history.world.lives().map(({ life }) => life));
  for (const life of lives.values()) {
    const core = life.runtime?.core;
    if (core !== undefined && (alive.has(life.start.life) || life.ended === "stopped")) yield [life, core];
  }
}

/** Faults have stopped, and the bot is told to end: what is open here and what rests at the venue are the same. */
export function judgeClosing({ history, verdicts, truth, life, core, step }: Seen): void {
  const here = new Set<string>();
  const fresh = new Set<string>();
  for (const { orderId, status, intent } of core.orders.allOpen()) {
    // What a timer asks for in this very turn may rest or not yet, and is in no doubt either: its end is judged with the run's.
    const isFresh = step.event.at - (life.preparedAt.get(orderId ?? "") ?? -TURN) < TURN;
    if (orderId !== undefined) (isFresh ? fresh : here).add(orderId);
    if (isFresh) continue;
    verdicts.holds("I21", status === "LIVE" || status === "PENDING_CANCEL", intent.intentId, () => {
      return `order ${orderId ?? intent.intentId} is still ${status} when all has come to rest`;
    });
  }
  for (const { orderId } of history.world.resting()) {
    if (truth.orders.get(orderId)?.lineage !== life.lineage) continue;
    verdicts.holds("I21", here.delete(orderId) || fresh.has(orderId), orderId, () => {
      const status = core.orders.byOrderId(orderId)?.status ?? "not known";
      return `order ${orderId} rests at the venue when all has come to rest, and is ${status} here`;
    });
  }
  for (const orderId of here) {
    const there = truth.orders.get(orderId)?.status ?? "unknown";
    verdicts.wrong(
      "I21",
      orderId,
      `order ${orderId} is open here when all has come to rest, and ${there} at the venue`,
    );
  }
}

/** A run says that it has ended clean: what the venue has listed for longer than two looks take has to be gone, and nothing may still come. */
export function judgeStopped({ history, verdicts, truth, life, step }: Seen): void {
  const { event } = step;
  if (event.type !== "run_stopped" || !event.clean) return;
  const left = history.world.resting().find(({ orderId }) => {
    const order = truth.orders.get(orderId);
    return order?.lineage === life.lineage && order.arrivedAt < step.at - LOOKS_TAKE;
  });
  verdicts.holds("I21", left === undefined, `clean ${life.start.life}`, () => {
    return `life ${life.start.life} says that it has ended clean, and order ${left!.orderId} rests at the venue`;
  });
  const coming = [...truth.orders.values()].find(
    ({ lineage, status, reply, arrived, postedAt, marketId }) =>
      lineage === life.lineage &&
      // A market that is resolved takes no order.
      !truth.payouts.has(marketId ?? "") &&
      postedAt > step.at - ARRIVES &&
      arrived === undefined &&
      status === undefined &&
      (reply === undefined || reply === "unknown"),
  );
  verdicts.holds("I21", coming === undefined, `coming ${life.start.life}`, () => {
    return `life ${life.start.life} says that it has ended clean, and order ${coming!.orderId}, which left ${seconds(step.at - coming!.postedAt)} before and never had an answer, may still come to the venue`;
  });
}

/** Nothing of a bot that has ended in good order is left, and nothing is unsettled. */
export function judgeRest(end: AtEnd): void {
  const { history, verdicts, truth } = end;
  for (const trade of truth.unsettled())
    verdicts.wrong(
      "I21",
      trade.tradeId,
      `trade ${trade.tradeId} is neither confirmed nor failed when the run is over`,
    );
  const resting = history.world.resting();
  for (const [life, core] of settledLives(end)) {
    if (life.ended !== "stopped") continue;
    const name = `life ${life.start.life}`;
    const open = core.orders.openCount;
    verdicts.holds(
      "I21",
      open === 0,
      `${name} open`,
      () => `${name} has ended in good order with ${open} orders open`,
    );
    const left = resting.filter(({ orderId }) => truth.orders.get(orderId)?.lineage === life.lineage);
    verdicts.holds("I21", left.length === 0, `${name} rests`, () => {
      return `${name} has ended in good order, and ${left.length} orders of it rest at the venue: ${left[0]!.orderId}`;
    });
  }
}

/** The core's books, the judge's, the venue's own and those added up from its history are one. */
export function judgeConservation(end: AtEnd): void {
  const { history, verdicts, truth } = end;
  const { cash, positions } = history.world.holdings();
  verdicts.holds("I7", cash === truth.wallet.cash, "wallet", () => {
    return `the venue holds ${cash} micro-dollars, its history adds up to ${truth.wallet.cash}`;
  });
  const there = new Map(
    positions.map(({ marketId, outcome, matched }) => [`${marketId} ${outcome}`, matched]),
  );
  compare(verdicts, "the venue", truth.wallet, (key) => there.get(key) ?? 0);
  for (const key of there.keys()) if (!truth.wallet.positions.has(key)) truth.wallet.positions.set(key, 0);
  for (const [life, core] of settledLives(end)) {
    const number = life.start.life;
    const { left = truth.booksOf(life.lineage) } = life;
    if (left === "untold") continue;
    const books = left.copy();
    // What somebody else did on the wallet is no lineage's: the program halts for it, and books what a person says is its own.
    for (const [orderId, tradeId] of life.account.adoptedTrades()) truth.addTrade(books, orderId, tradeId);
    for (const [key, shares] of life.account.putIn)
      books.positions.set(key, (books.positions.get(key) ?? 0) + shares);
    const expected = life.account.deposited + life.account.rebates + books.cash;
    verdicts.holds("I7", core.ledger.cash === expected, `cash of ${number}`, () => {
      return `life ${number} has ${core.ledger.cash} micro-dollars in its books; the venue's history of it adds up to ${expected}`;
    });
    compare(verdicts, `life ${number}`, books, (key) => {
      const [marketId, outcome] = key.split(" ");
      return core.ledger.position(marketId as never, Number(outcome) as 0 | 1).matched;
    });
    for (const marketId of core.ledger.markets()) {
      for (const outcome of OUTCOMES) {
        const held = core.ledger.position(marketId, outcome).matched;
        const key = `${marketId} ${outcome}`;
        if (held !== 0 && !books.positions.has(key))
          verdicts.wrong(
            "I7",
            `${number} ${key}`,
            `life ${number} holds ${held} of ${key}, of which the venue knows nothing`,
          );
      }
    }
  }
}

function compare(verdicts: Verdicts, who: string, books: TrueBooks, held: (key: string) => number): void {
  for (const [key, shares] of books.positions) {
    const has = held(key);
    verdicts.holds("I7", has === shares, `${who} ${key}`, () => {
      return `${who} holds ${has} micro-shares of ${key}; the history of the venue and the chain adds up to ${shares}`;
    });
  }
}

/** Follows kills: within so many seconds nothing of the bot rests, or it has said that something does. */
export class Kills {
  /** By life: when it was killed, and the alarms since. */
  readonly #open = new Map<number, { readonly at: number; alarmed: boolean; stood: number }>();

  killed(life: number, at: number): void {
    if (!this.#open.has(life)) this.#open.set(life, { at, alarmed: false, stood: 0 });
  }

  alarm({ life, code }: AlarmEntry): void {
    const kill = this.#open.get(life);
    if (kill !== undefined && TELLS_OF_ORDERS.has(code)) kill.alarmed = true;
  }

  /** Whoever stands still hears of nothing, and asks for nothing. */
  stalled({ life, ms }: StallEntry): void {
    const kill = this.#open.get(life);
    if (kill !== undefined) kill.stood += ms * 1e6;
  }

  /** Whoever is gone has no alarms to raise; its next start has the kill on its books. */
  gone(life: number): void {
    this.#open.delete(life);
  }

  look(
    entry: HistoryEntry,
    history: History,
    verdicts: Verdicts,
    own: (orderId: string, life: number, before: number) => boolean,
  ): void {
    if (this.#open.size === 0) return;
    for (const [life, { at, alarmed, stood }] of this.#open) {
      if (entry.at < at + stood + KILL_WITHIN) continue;
      this.#open.delete(life);
      // What has come only now goes when it is heard of; who halts a market follows it.
      const before = entry.at - stood - HEARD_WITHIN;
      const left = history.world.resting().filter(({ orderId }) => own(orderId, life, before));
      verdicts.holds("I22", left.length === 0 || alarmed, `life ${life}`, () => {
        return `${left.length} orders of life ${life} rest at ${seconds(entry.at)}, ${seconds(entry.at - at)} after its kill, and no alarm says so: ${left[0]!.orderId}`;
      });
    }
  }
}

/** No secret stands in anything that the program has written or said. */
export function judgeSecrets({ history, verdicts, lives }: AtEnd): void {
  const secrets = history.world.secrets;
  if (secrets.length === 0) return;
  for (const { start } of lives.values()) {
    const disk = history.world.disk(start.journal);
    if (disk === undefined) continue;
    const bytes = Buffer.from(disk.bytes.buffer, disk.bytes.byteOffset, disk.bytes.byteLength);
    for (const secret of secrets) {
      const at = bytes.indexOf(secret);
      verdicts.holds("I23", at === -1, start.journal, () => {
        const line = bytes.subarray(bytes.lastIndexOf(10, at) + 1, at).toString("utf8");
        return `a secret stands in ${start.journal} at byte ${at}: ${line.slice(-160)}`;
      });
    }
  }
}

/** The same of what it says aloud. */
export function judgeWords(entry: HistoryEntry, history: History, verdicts: Verdicts): void {
  if (entry.kind !== "alarm" && entry.kind !== "start_failed" && entry.kind !== "death") return;
  const { message = "" } = entry;
  for (const secret of history.world.secrets)
    verdicts.holds(
      "I23",
      !message.includes(secret),
      entry.kind,
      () => `a secret stands in what life ${entry.life} said (${entry.kind})`,
    );
}

/** A life that is over is followed by one that lives, or says why it cannot. */
export function judgeComeback(
  { history, verdicts, lives }: AtEnd,
  failures: ReadonlyMap<number, string>,
): void {
  const alive = new Set(history.world.lives().map(({ life }) => life));
  const main = [...lives.values()].filter(({ start }) => start.bot === "a");
  if (main.length === 0 || main.some(({ start, ended }) => alive.has(start.life) || ended === "stopped"))
    return;
  const last = main.at(-1)!;
  verdicts.looked("I21");
  const why = failures.get(last.start.life);
  if (why === undefined || !EXPLAINED.has(why))
    verdicts.wrong(
      "I21",
      "comeback",
      `the bot is gone when the run is over: life ${last.start.life} ${why ?? "ended and nobody started it again"}`,
    );
}

/** What a bot may refuse to start with for good: a person has to decide. */
const EXPLAINED: ReadonlySet<string> = new Set(["ACCOUNT_UNEXPLAINED", "JOURNAL_CORRUPT"]);

/** Which lives belong together, for what is told of lineages. */
export function lineageOf(lives: ReadonlyMap<number, Life>, life: number): number {
  return lives.get(life)?.lineage ?? life;
}
