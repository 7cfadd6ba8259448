import { id, MatchpointError, type CancelOutcome, type OrderId } from "@matchpoint/sdk";
import { normalId } from "../account/values.ts";
import { asFields, sortAnswer, type HttpExchange, type VenueHint } from "./answer.ts";
import { rejectionOf } from "./rejections.ts";

/** Why the venue does not cancel an order. */
export interface CancelRefusal {
  readonly name: string;
  readonly pattern: RegExp;
  /** A text as on the wire. */
  readonly example: string;
  /** `over`: nothing rests, ask what became of it; `later`: it is inside its delay; `unknown`: ask. */
  readonly means: "over" | "later" | "unknown";
}

/** The venue's words for why it does not cancel; the first row that matches counts. */
export const CANCEL_REFUSALS: readonly CancelRefusal[] = [
  // "or": it may have been filled. No row proves that an order is canceled.
  {
    name: "CANCELED_OR_MATCHED",
    pattern: /already canceled or matched/i,
    example: "already canceled or matched",
    means: "over",
  },
  { name: "MATCHED", pattern: /already matched/i, example: "order already matched", means: "over" },
  {
    name: "NOT_FOUND",
    pattern: /not found or already canceled/i,
    example: "Order not found or already canceled",
    means: "unknown", // it may not have arrived yet
  },
  { name: "DELAYED", pattern: /delay/i, example: "order is delayed and cannot be canceled", means: "later" },
];

/** What a reason not to cancel means. */
export function cancelRefusal(reason: string): Pick<CancelRefusal, "name" | "means"> {
  const found = CANCEL_REFUSALS.find((each) => each.pattern.test(reason.slice(0, 300)));
  return found === undefined
    ? { name: "UNRECOGNIZED", means: "unknown" }
    : { name: found.name, means: found.means };
}

/** What an answer to a `DELETE` of orders proves. */
export interface CancelAnswer {
  /** One for each order that was asked for, in that order; then those that the venue names by itself (cancel-all). */
  readonly outcomes: readonly CancelOutcome[];
  readonly venue: VenueHint;
}

/**
 * Understands the answer to `DELETE /order`, `/orders`, `/cancel-all` and `/cancel-market-orders`. Never throws.
 *
 * @example
 * ```ts
 * import { cancelAnswer } from "@matchpoint/adapters-polymarket";
 * import { id, type OrderId } from "@matchpoint/sdk";
 *
 * const body = new TextEncoder().encode('{"canceled":["0x12"],"not_canceled":{}}');
 * cancelAnswer({ status: 200, headers: {}, body }, [id<OrderId>("0x12")]).outcomes; // canceled
 * ```
 */
export function cancelAnswer(exchange: HttpExchange, asked: readonly OrderId[]): CancelAnswer {
  const sorted = sortAnswer(exchange, "DELETE orders");
  if (sorted.kind === "unknown")
    return { outcomes: asked.map((each) => unknown(each, sorted.cause)), venue: sorted.venue };
  if (sorted.kind === "refused") {
    // The request was refused: nothing was cancelled, and nothing is known to be over.
    const { name, detail } = rejectionOf(sorted.text);
    const reason = name === "UNRECOGNIZED" ? detail : `${name}: ${detail}`;
    return {
      outcomes: asked.map((orderId) => ({ kind: "not_canceled", orderId, reason })),
      venue: sorted.venue,
    };
  }
  const fields = asFields(sorted.value);
  const canceled: unknown = fields?.["canceled"];
  const refused = asFields(fields?.["not_canceled"]) ?? {};
  if (fields === undefined || !Array.isArray(canceled) || !canceled.every((each) => typeof each === "string"))
    return {
      outcomes: asked.map((each) => unknown(each, unusable("no list of canceled orders"))),
      venue: {},
    };
  const gone = new Set(canceled.map(normalId));
  const kept = new Map(Object.entries(refused).map(([orderId, reason]) => [normalId(orderId), reason]));
  const outcomeOf = (orderId: OrderId): CancelOutcome => {
    const key = normalId(orderId);
    if (gone.has(key) && kept.has(key)) return unknown(orderId, unusable("it is in both lists"));
    if (gone.has(key)) return { kind: "canceled", orderId };
    if (!kept.has(key)) return unknown(orderId, unusable("it is in neither list"));
    const reason = kept.get(key);
    return {
      kind: "not_canceled",
      orderId,
      reason: typeof reason === "string" ? reason.slice(0, 300) : "no reason",
    };
  };
  const own = new Set(asked.map(normalId));
  const others = [...new Set([...gone, ...kept.keys()])].filter((each) => !own.has(each));
  return { outcomes: [...asked, ...others.map((each) => id<OrderId>(each))].map(outcomeOf), venue: {} };
}

function unknown(orderId: OrderId, cause: Error): CancelOutcome {
  return { kind: "unknown", orderId, cause };
}

function unusable(message: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", message, { where: "DELETE orders" });
}
