import { MatchpointError } from "@matchpoint/sdk";
import { asFields, sortAnswer, type HttpExchange, type VenueHint } from "./answer.ts";
import { rejectionOf, type Rejection } from "./rejections.ts";

/** What an answer to `POST /v1/heartbeats` proves: whether the venue keeps our orders alive. */
export type HeartbeatAnswer =
  /** Accepted; the next one carries this id. */
  | { readonly kind: "beating"; readonly heartbeatId: string }
  /** Our id is not the one expected: go on with this one. */
  | { readonly kind: "resync"; readonly heartbeatId: string }
  | { readonly kind: "refused"; readonly rejection: Rejection }
  | { readonly kind: "unknown"; readonly cause: MatchpointError; readonly venue: VenueHint };

const ID = /^[\w-]{1,100}$/;

/**
 * Understands the answer to a heartbeat. Never throws.
 *
 * @example
 * ```ts
 * import { heartbeatAnswer } from "@matchpoint/adapters-polymarket";
 *
 * const body = new TextEncoder().encode('{"error":"Invalid Heartbeat ID","heartbeat_id":"b-2"}');
 * heartbeatAnswer({ status: 400, headers: {}, body }); // { kind: "resync", heartbeatId: "b-2" }
 * ```
 */
export function heartbeatAnswer(exchange: HttpExchange): HeartbeatAnswer {
  const sorted = sortAnswer(exchange, "POST /v1/heartbeats");
  if (sorted.kind === "unknown") return sorted;
  const fields = sorted.kind === "refused" ? sorted.fields : asFields(sorted.value);
  const stated = fields?.["heartbeat_id"];
  const heartbeatId = typeof stated === "string" && ID.test(stated) ? stated : undefined;
  if (sorted.kind === "refused") {
    if (/invalid heartbeat id/i.test(sorted.text) && heartbeatId !== undefined)
      return { kind: "resync", heartbeatId };
    return { kind: "refused", rejection: rejectionOf(sorted.text) };
  }
  if (heartbeatId !== undefined) return { kind: "beating", heartbeatId };
  const cause = new MatchpointError("HTTP_RESPONSE_INVALID", "no heartbeat_id in the answer", {
    where: "POST /v1/heartbeats",
  });
  return { kind: "unknown", cause, venue: {} };
}
