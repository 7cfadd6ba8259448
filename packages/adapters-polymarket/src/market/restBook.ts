import {
  MatchpointError,
  type BookSnapshot,
  type CoreEvent,
  type MarketDescription,
  type MarketId,
  type ReceiveStamp,
  type TickSizeChanged,
  type TokenId,
  type Transport,
} from "@matchpoint/sdk";
import { isAhead, type Cover } from "./cover.ts";
import { createMarketDecoder, type MarketDecoder } from "./decoder.ts";
import { TokenIndex } from "./tokenIndex.ts";

/** How to ask for a book. */
export interface RestBookCall {
  readonly transport: Transport;
  /** Such as `https://clob.polymarket.com`. */
  readonly restUrl: string;
  readonly timeoutMs: number;
}

/** A book from REST; `tick` when its tick is news. */
export interface RestBook {
  readonly snapshot: BookSnapshot;
  readonly tick: TickSizeChanged | undefined;
}

/** REST and socket stamp the same change with times that may differ by a little. */
export const SAME_TIME_MS = 2_000;

/** Asks REST for books. Reading one changes nothing yet: its tick counts as told with {@link RestBooks.adopt}. */
export class RestBooks {
  readonly #call: RestBookCall;
  /** What the socket and the books that were adopted said of ticks. */
  readonly #told: TokenIndex;
  readonly #own: TokenIndex;
  readonly #decoder: MarketDecoder;

  constructor(markets: readonly MarketDescription[], told: TokenIndex, call: RestBookCall) {
    this.#call = call;
    this.#told = told;
    this.#own = new TokenIndex(markets);
    this.#decoder = createMarketDecoder(this.#own);
  }

  /**
   * `GET /book` of one token: the answer's bytes, or `undefined` when the venue has no such book (any more).
   * @throws `MatchpointError` `HTTP_FAILED`, `ABORTED` (from the transport), `HTTP_RESPONSE_INVALID` for another status
   */
  async fetch(tokenId: TokenId, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { transport, restUrl, timeoutMs } = this.#call;
    const url = `${restUrl}/book?token_id=${encodeURIComponent(tokenId)}`;
    const { status, body } = await transport.request({ method: "GET", url, timeoutMs, signal });
    if (status === 200) return body;
    if (status === 404) return undefined;
    const text = new TextDecoder().decode(body.subarray(0, 200));
    throw new MatchpointError("HTTP_RESPONSE_INVALID", `status ${status}: ${text}`, { where: `GET ${url}` });
  }

  /**
   * Reads a `/book` answer.
   * @throws `MatchpointError` `HTTP_RESPONSE_INVALID` when it is not one book, of the cover
   */
  read(body: Uint8Array, marketId: MarketId, cover: Pick<Cover, "outcome">, stamp: ReceiveStamp): RestBook {
    this.#own.setTick(marketId, this.#told.tickOf(marketId)!);
    const snapshots: BookSnapshot[] = [];
    let tick: TickSizeChanged | undefined;
    let reason = "it is not one book of the token that was asked for";
    this.#decoder.decode(body, 0, body.length, stamp, (event: CoreEvent) => {
      if (event.type === "book_snapshot") snapshots.push(event);
      else if (event.type === "tick_size_changed") tick = event;
      else if (event.type === "frame_quarantined") reason = event.reason;
    });
    const [snapshot] = snapshots;
    if (snapshot !== undefined && isAhead(snapshot)) reason = "its time is of the future";
    else if (snapshots.length === 1 && snapshot?.marketId === marketId && snapshot.outcome === cover.outcome)
      return { snapshot, tick };
    throw new MatchpointError("HTTP_RESPONSE_INVALID", `the answer of /book cannot be used: ${reason}`);
  }

  /** Counts the tick of a book as told; false when it is no news any more. */
  adopt({ marketId, tick }: TickSizeChanged): boolean {
    if (this.#told.tickOf(marketId) === tick) return false;
    this.#told.setTick(marketId, tick);
    return true;
  }
}
