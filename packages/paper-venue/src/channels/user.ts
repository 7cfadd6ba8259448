import type { OrderId } from "@matchpoint/sdk";
import type { Core } from "../core.ts";
import type { OrderRecord, TradeRecord } from "../engine/records.ts";
import { orderFrame, tradeFrame } from "../engine/wire.ts";
import type { Occasion } from "../faults/faults.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { nanos } from "../time.ts";
import { Sockets } from "./sockets.ts";

interface Subscriber {
  /** The API key that it listens for, once it has shown it. */
  apiKey: string | undefined;
  /** Condition ids in lower case; empty: all. */
  readonly markets: Set<string>;
}

const MAX_TEXT = 1_000_000;

/** The channel of one's own orders and trades. No replay and no snapshot. Source: docs.polymarket.com user channel. */
export class UserChannel {
  readonly #core: Core;
  readonly #sockets: Sockets<Subscriber>;

  constructor(core: Core) {
    this.#core = core;
    this.#sockets = new Sockets(core.agenda, (effect) => core.effect(effect));
  }

  open(socketId: string, at: number): void {
    this.#sockets.open(socketId, { apiKey: undefined, markets: new Set() }, at);
  }

  gone(socketId: string): void {
    this.#sockets.gone(socketId);
  }

  /** Cuts every socket. */
  closeAll(code: number, reason: string): void {
    for (const [socketId] of this.#sockets.all()) this.#sockets.close(socketId, code, reason);
  }

  receive(socketId: string, text: string, at: number): void {
    if (this.#sockets.heard(socketId, text, at)) return;
    const subscriber = this.#sockets.state(socketId);
    if (subscriber === undefined) return;
    const message = text.length > MAX_TEXT ? undefined : fieldsOf(parseJson(text));
    const operation = message && own(message, "operation");
    const markets = message && own(message, "markets");
    const ids = Array.isArray(markets)
      ? (markets as unknown[])
          .filter((each): each is string => typeof each === "string")
          .map((each) => each.toLowerCase())
      : [];
    if (subscriber.apiKey !== undefined && (operation === "subscribe" || operation === "unsubscribe")) {
      for (const each of ids) {
        if (operation === "subscribe") subscriber.markets.add(each);
        else subscriber.markets.delete(each);
      }
      return;
    }
    const auth = fieldsOf(message && own(message, "auth"));
    const key =
      auth && this.#core.keys.credentials(own(auth, "apiKey"), own(auth, "secret"), own(auth, "passphrase"));
    if (key === undefined) {
      this.#sockets.close(socketId, 1008, "invalid credentials");
      return;
    }
    subscriber.apiKey = key.apiKey;
    for (const each of ids) subscriber.markets.add(each);
  }

  order(record: OrderRecord, type: string, at: number): void {
    const frame = orderFrame(record, type, this.#core.wall.millis(at));
    const occasion = { event: "order", status: record.status, addresses: [record.account] };
    this.#tell(record.owner, record.market.description.marketId, frame, occasion, at);
  }

  trade(record: TradeRecord, at: number): void {
    const { trade, market } = record;
    const { orders } = this.#core.engine;
    const orderOf = (orderId: OrderId) => orders.get(orderId);
    const taker = trade.taker.orderId === undefined ? undefined : orders.get(trade.taker.orderId);
    const sides = new Map<string, readonly ["TAKER" | "MAKER", string]>();
    if (taker !== undefined) sides.set(taker.owner, ["TAKER", taker.account]);
    for (const { orderId } of trade.makers) {
      const maker = orderId === undefined ? undefined : orders.get(orderId);
      if (maker !== undefined && !sides.has(maker.owner)) sides.set(maker.owner, ["MAKER", maker.account]);
    }
    for (const [owner, [side, account]] of sides) {
      const frame = tradeFrame(record, orderOf, side, owner, this.#core.wall.millis(at));
      const occasion = { event: "trade", status: record.status, addresses: [account] };
      this.#tell(owner, market.description.marketId, frame, occasion, at);
    }
  }

  #tell(owner: string, marketId: string, frame: unknown, about: Occasion, at: number): void {
    const { faults, agenda } = this.#core;
    const occasion = { ...about, market: marketId };
    const text = JSON.stringify(frame);
    for (const [socketId, { apiKey, markets }] of this.#sockets.all()) {
      if (apiKey !== owner || (markets.size > 0 && !markets.has(marketId.toLowerCase()))) continue;
      if (faults.strike("user_freeze", occasion, at) !== undefined) continue;
      if (faults.strike("user_drop", occasion, at) !== undefined) continue;
      const held = faults.strike("user_reorder", occasion, at);
      if (held !== undefined) {
        agenda.plan(at + nanos(held.number("delayMs")), () => this.#sockets.send(socketId, text));
        continue;
      }
      this.#sockets.send(socketId, text);
      if (faults.strike("user_duplicate", occasion, at) !== undefined) this.#sockets.send(socketId, text);
    }
  }
}
