import {
  NANOS_PER_MS,
  type MatchClaim,
  type MatchId,
  type Millis,
  type Nanos,
  type ReceiveStamp,
  type SourceEvent,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import { ClaimTeller, type RetractionHint } from "./claims.ts";
import type { SeriesView } from "./view.ts";

/** Who speaks, and about which match. */
export interface SpeakerIdentity {
  readonly matchId: MatchId;
  readonly source: SourceId;
  readonly tier: Tier;
  readonly upstream: string;
  /** A running game's standing is said again when nothing was said for so long. */
  readonly keepAliveMs: number;
}

/** Where a view comes from. */
export interface Provenance {
  /** Names the message; further claims of one message get `.1`, `.2`, … after it, so that each has its own dedup key. */
  readonly ref: string;
  /** Whether the message is news rather than history. */
  readonly fresh: boolean;
  readonly occurredAt?: Millis | undefined;
  readonly publishedAt?: Millis | undefined;
}

/** Says one source's claims about one match as events. */
export class Speaker {
  readonly #identity: SpeakerIdentity;
  readonly #teller = new ClaimTeller();
  #saidAt: Nanos | undefined;

  constructor(identity: SpeakerIdentity) {
    this.#identity = identity;
  }

  /**
   * Emits what is new in the view. When nothing is, and `alive`, it may say again where the running game stands: truth
   * goes stale by the silence of its sources, and a source without news is not silent.
   */
  speak(
    view: SeriesView,
    hint: RetractionHint,
    from: Provenance,
    stamp: ReceiveStamp,
    emit: (event: SourceEvent) => void,
    alive = false,
  ): void {
    const { keepAliveMs, ...identity } = this.#identity;
    let count = 0;
    const say = (claim: MatchClaim, restated: boolean): void => {
      emit({
        type: "match_claim",
        at: stamp.at,
        receivedAt: stamp.receivedAt,
        ...(from.occurredAt === undefined ? {} : { occurredAt: from.occurredAt }),
        ...(from.publishedAt === undefined ? {} : { publishedAt: from.publishedAt }),
        ...identity,
        ref: count === 0 ? from.ref : `${from.ref}.${count}`,
        ...(restated || !from.fresh ? { replayed: true } : {}),
        claim,
      });
      count += 1;
    };
    this.#teller.tell(view, hint, say);
    if (count === 0 && alive && this.#due(stamp.at, keepAliveMs)) this.#teller.keepAlive(view, say);
    if (count > 0) this.#saidAt = stamp.at;
  }

  #due(at: Nanos, keepAliveMs: number): boolean {
    return this.#saidAt !== undefined && at - this.#saidAt >= keepAliveMs * NANOS_PER_MS;
  }
}
