/** Hears the user channel word for word, for looking at what the venue really sends. @module */
import type { Clock, Nanos, ReceiveStamp, Transport } from "@matchpoint/sdk";
import { normalId } from "../account/values.ts";
import { UserChannel } from "../account/userChannel.ts";
import type { ApiCredentials } from "../auth/l2.ts";
import { asFields, type Fields } from "../execution/answer.ts";
import { GATEWAY_DEFAULTS } from "../execution/gatewayOptions.ts";

/** An event of the user channel as it came. */
export interface HeardEvent {
  /** `order` or `trade`; empty when it does not say. */
  readonly event: string;
  /** Of orders `PLACEMENT`, `UPDATE` or `CANCELLATION`. */
  readonly type: string;
  readonly id: string;
  readonly status: string;
  /** Unread: its unit is what is asked about. */
  readonly createdAt: unknown;
  /** Orders that a trade names, of both sides. */
  readonly orderIds: readonly string[];
  readonly at: Nanos;
}

/** Frames that are kept. */
const KEPT = 2_000;

/** Listens on the user channel and keeps what it says. */
export class UserEar {
  readonly heard: HeardEvent[] = [];
  readonly #channel: UserChannel;
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;

  constructor(
    options: { readonly transport: Transport; readonly clock: Clock; readonly credentials: ApiCredentials },
    url: string,
  ) {
    this.#clock = options.clock;
    this.#channel = new UserChannel(
      { ...GATEWAY_DEFAULTS, ...options, url, random: () => 1 },
      {
        frame: (text, stamp) => {
          this.#frame(text, stamp);
        },
        open: () => {
          this.#wake();
        },
        down: () => undefined,
        // Quiet is what an account without orders sounds like.
        missed: () => Promise.resolve(false),
      },
    );
  }

  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  start(): void {
    this.#channel.start();
  }

  stop(): void {
    this.#channel.stop();
  }

  /** Resolves when `found` finds something, at the latest after `ms`. */
  async until<T>(found: () => T | undefined, ms: number): Promise<T | undefined> {
    const now = found();
    if (now !== undefined) return now;
    return new Promise((resolve) => {
      const look = (): void => {
        const value = found();
        if (value !== undefined) end(value);
      };
      const end = (value: T | undefined): void => {
        cancel();
        this.#waiting.delete(look);
        resolve(value);
      };
      const cancel = this.#clock.after(ms, () => {
        end(found());
      });
      this.#waiting.add(look);
    });
  }

  #frame(text: string, stamp: ReceiveStamp): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return; // PONG
    }
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const fields = asFields(each);
      if (fields === undefined) continue;
      const word = (key: string): string => {
        const found = fields[key];
        return typeof found === "string" ? found.slice(0, 160) : "";
      };
      this.heard.push({
        event: word("event_type"),
        type: word("type"),
        id: normalId(word("id")),
        status: word("status"),
        createdAt: fields["created_at"],
        orderIds: orderIdsOf(fields),
        at: stamp.at,
      });
      if (this.heard.length > KEPT) this.heard.shift();
    }
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

function orderIdsOf(fields: Fields): readonly string[] {
  const makers = Array.isArray(fields["maker_orders"]) ? (fields["maker_orders"] as unknown[]) : [];
  const named = [fields["taker_order_id"], ...makers.map((maker) => asFields(maker)?.["order_id"])];
  return named.filter((each): each is string => typeof each === "string").map(normalId);
}
