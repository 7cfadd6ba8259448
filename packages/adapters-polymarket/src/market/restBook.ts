import {
  MatchpointError,
  type BookSnapshot,
  type CoreEvent,
  type MarketId,
  type ReceiveStamp,
  type TickSizeChanged,
  type TokenId,
  type Transport,
} from "@matchpoint/sdk";
import type { MarketDecoder } from "./decoder.ts";

/** How to ask for a book. */
export interface RestBookCall {
  readonly transport: Transport;
  /** Such as `https://clob.polymarket.com`. */
  readonly restUrl: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A book from REST; `tick` when its tick is news. */
export interface RestBook {
  readonly snapshot: BookSnapshot;
  readonly tick: TickSizeChanged | undefined;
}

/**
 * `GET /book` of one token: the answer's bytes, or `undefined` when the venue has no such book (any more).
 * @throws `MatchpointError` `HTTP_FAILED`, `ABORTED` (from the transport), `HTTP_RESPONSE_INVALID` for another status
 */
export async function fetchBook(call: RestBookCall, tokenId: TokenId): Promise<Uint8Array | undefined> {
  const url = `${call.restUrl}/book?token_id=${encodeURIComponent(tokenId)}`;
  const { status, body } = await call.transport.request({
    method: "GET",
    url,
    timeoutMs: call.timeoutMs,
    signal: call.signal,
  });
  if (status === 200) return body;
  if (status === 404) return undefined;
  const text = new TextDecoder().decode(body.subarray(0, 200));
  throw new MatchpointError("HTTP_RESPONSE_INVALID", `status ${status}: ${text}`, { where: `GET ${url}` });
}

/**
 * Reads a `/book` answer.
 * @throws `MatchpointError` `HTTP_RESPONSE_INVALID` when it is no book of the market
 */
export function readBook(
  decoder: MarketDecoder,
  body: Uint8Array,
  marketId: MarketId,
  stamp: ReceiveStamp,
): RestBook {
  let snapshot: BookSnapshot | undefined;
  let tick: TickSizeChanged | undefined;
  let reason = "it is the book of another market";
  decoder.decode(body, 0, body.length, stamp, (event: CoreEvent) => {
    if (event.type === "book_snapshot") snapshot = event;
    else if (event.type === "tick_size_changed") tick = event;
    else if (event.type === "frame_quarantined") reason = event.reason;
  });
  if (snapshot?.marketId === marketId) return { snapshot, tick };
  throw new MatchpointError("HTTP_RESPONSE_INVALID", `the answer of /book cannot be used: ${reason}`);
}
