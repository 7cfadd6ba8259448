import {
  id,
  MatchpointError,
  type OrderId,
  type OrderType,
  type PlaceOutcome,
  type TradeId,
} from "@matchpoint/sdk";
import { normalId, PLAIN_ID, wireOptionalSize } from "../account/values.ts";
import {
  asFields,
  errorText,
  sortAnswer,
  type Fields,
  type HttpExchange,
  type Sorted,
  type VenueHint,
} from "./answer.ts";
import { rejectionOf, type Rejection } from "./rejections.ts";

/** What an answer to `POST /order` proves about one order. */
export type PlaceAnswer =
  | {
      readonly kind: "live" | "matched" | "delayed" | "unmatched";
      readonly orderId: OrderId;
      /** What we gave and got so far, in millionths (of a dollar or a share, by the side); absent when not stated. */
      readonly making: number | undefined;
      readonly taking: number | undefined;
      readonly tradeIds: readonly TradeId[];
    }
  /** There is no such order at the venue. */
  | { readonly kind: "rejected"; readonly rejection: Rejection; readonly venue?: VenueHint }
  /** A FAK or FOK order that was taken and found nothing: over, and no error. */
  | { readonly kind: "no_fill"; readonly rejection: Rejection }
  /** The order may be live: only evidence tells. */
  | {
      readonly kind: "unknown";
      readonly cause: MatchpointError;
      readonly venue: VenueHint;
      readonly rejection?: Rejection;
    };

const STATUSES = ["live", "matched", "delayed", "unmatched"] as const;
const WHERE = "POST /order";

/**
 * Understands the answer to one order. Never throws.
 *
 * A time-out, a broken connection, 425, 5xx, HTML, and an answer without a state are `unknown`, as is whatever contradicts
 * itself: the order may be live, and only `GET /data/order/{id}` and the trades tell. A refusal is one only with the venue's
 * own words; of 5xx those alone of 503 that name a mode in which it takes no such orders.
 *
 * @example
 * ```ts
 * import { placeAnswer } from "@matchpoint/adapters-polymarket";
 * import { id, type OrderId } from "@matchpoint/sdk";
 *
 * const lost = placeAnswer({ failed: new Error("timed out after 3000 ms") }, id<OrderId>("0x12"));
 * lost.kind; // "unknown"
 * ```
 */
export function placeAnswer(exchange: HttpExchange, expected: OrderId): PlaceAnswer {
  const sorted = sortAnswer(exchange, WHERE);
  if (sorted.kind === "unknown") return sorted;
  if (sorted.kind === "refused") return refused(sorted, expected);
  return entryAnswer(sorted.value, expected);
}

/**
 * Understands the answer to `POST /orders`: one answer per order, in the order sent. A refusal of the whole batch is one of each
 * order. Answers are given to orders by their hashes where these are stated; what has none goes by its place.
 */
export function batchAnswer(exchange: HttpExchange, expected: readonly OrderId[]): readonly PlaceAnswer[] {
  const sorted = sortAnswer(exchange, "POST /orders");
  if (sorted.kind === "unknown") return expected.map(() => sorted);
  if (sorted.kind === "refused") return expected.map((orderId) => refused(sorted, orderId));
  const { value } = sorted;
  if (!Array.isArray(value) || value.length !== expected.length) {
    const text = asFields(value) === undefined ? undefined : errorText(value as Fields);
    const cause = unusable(text ?? `not a list of ${expected.length} answers`);
    return expected.map(() => unknown(cause));
  }
  const entries = value as readonly unknown[];
  const named = new Map<string, unknown[]>();
  for (const entry of entries) {
    const orderId = asFields(entry)?.["orderID"];
    if (typeof orderId !== "string" || orderId === "") continue;
    named.set(normalId(orderId), [...(named.get(normalId(orderId)) ?? []), entry]);
  }
  // Answers out of their places leave none to those without a name.
  const inPlace = entries.every((entry, at) => {
    const orderId = asFields(entry)?.["orderID"];
    return typeof orderId !== "string" || orderId === "" || normalId(orderId) === normalId(expected[at]!);
  });
  return expected.map((orderId, at) => {
    const own = named.get(normalId(orderId));
    if (own !== undefined && own.length > 1) return unknown(unusable("two answers for one order"));
    if (own !== undefined) return entryAnswer(own[0], orderId);
    return inPlace
      ? entryAnswer(entries[at], orderId)
      : unknown(unusable("the answers are not in the order sent"));
  });
}

/** What the core's contract makes of an answer. */
export function placeOutcome(answer: PlaceAnswer, orderType: OrderType): PlaceOutcome {
  switch (answer.kind) {
    case "live":
    case "matched":
    case "delayed":
      return { kind: answer.kind };
    case "unmatched":
      // A GTC or GTD order rests after its delay, a FAK or FOK order is over.
      if (orderType === "GTC" || orderType === "GTD") return { kind: "live" };
      return {
        kind: "rejected",
        code: orderType === "FAK" ? "FAK_NO_MATCH" : "FOK_NOT_FILLED",
        detail: "unmatched",
      };
    case "rejected":
    case "no_fill":
      return { kind: "rejected", code: answer.rejection.code, detail: answer.rejection.detail };
    case "unknown":
      return { kind: "unknown", cause: answer.cause };
  }
}

function entryAnswer(value: unknown, expected: OrderId): PlaceAnswer {
  const fields = asFields(value);
  if (fields === undefined) return unknown(unusable("the answer is not an object"));
  const { orderID: stated, status, success } = fields;
  const orderId = typeof stated === "string" ? stated : "";
  const text = errorText(fields);
  if (orderId !== "" && normalId(orderId) !== normalId(expected))
    return unknown(unusable(`it names order ${orderId.slice(0, 80)}, not ${expected}`));
  // `success: true` proves nothing: refused orders of a batch carry it too.
  if (text !== undefined) return said(text, fields, expected);
  if (success === false) return unknown(unusable("success is false, without a reason"));
  if (orderId === "") return unknown(unusable("neither an orderID nor an errorMsg"));
  const known = STATUSES.find((each) => typeof status === "string" && status.toLowerCase() === each);
  if (known === undefined)
    return unknown(
      unusable(
        `status is ${typeof status === "string" ? JSON.stringify(status.slice(0, 40)) : typeof status}`,
      ),
    );
  return accepted(known, fields, expected);
}

/** A text that came with an answer of success, or with a status that refuses the whole request. */
function said(text: string, fields: Fields, expected: OrderId): PlaceAnswer {
  const rejection = rejectionOf(text);
  const { orderID: orderId, status } = fields;
  if (rejection.proves === "no_fill") return { kind: "no_fill", rejection };
  const named = typeof orderId === "string" && orderId !== "";
  if (rejection.name === "MATCH_DELAYED" && named && normalId(orderId) === normalId(expected))
    return accepted("delayed", fields, expected);
  if (rejection.proves === "open" && rejection.code !== "DUPLICATE")
    return unknown(unusable(rejection.detail), rejection);
  // An order that is refused and has a state contradicts itself.
  const state = typeof status === "string" && status !== "";
  const contradicts = state || (named && rejection.name === "UNRECOGNIZED");
  return contradicts ? unknown(unusable(rejection.detail), rejection) : { kind: "rejected", rejection };
}

function refused(
  { status, text, fields, venue }: Extract<Sorted, { kind: "refused" }>,
  expected: OrderId,
): PlaceAnswer {
  const answer = said(text, { ...fields, status: undefined }, expected);
  if (answer.kind === "rejected" && venue.mode !== undefined) return { ...answer, venue };
  if (answer.kind !== "rejected" || answer.rejection.name !== "UNRECOGNIZED") return answer;
  // The status says what an unknown text does not.
  if (status === 429)
    return {
      kind: "rejected",
      rejection: { ...rejectionOf("Too Many Requests"), detail: answer.rejection.detail },
    };
  if (status === 401)
    return {
      kind: "rejected",
      rejection: { ...rejectionOf("Unauthorized"), detail: answer.rejection.detail },
    };
  return answer;
}

function accepted(kind: (typeof STATUSES)[number], fields: Fields, orderId: OrderId): PlaceAnswer {
  const making = wireOptionalSize(fields["makingAmount"]);
  const taking = wireOptionalSize(fields["takingAmount"]);
  const trades: unknown = fields["tradeIDs"];
  const tradeIds = Array.isArray(trades)
    ? trades.filter((each): each is string => typeof each === "string" && PLAIN_ID.test(each))
    : [];
  return {
    kind,
    orderId,
    making: making === -1 ? undefined : making,
    taking: taking === -1 ? undefined : taking,
    tradeIds: tradeIds.map((each) => id<TradeId>(each)),
  };
}

function unknown(cause: MatchpointError, rejection?: Rejection): PlaceAnswer {
  return { kind: "unknown", cause, venue: {}, ...(rejection === undefined ? {} : { rejection }) };
}

function unusable(message: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", message, { where: WHERE });
}
