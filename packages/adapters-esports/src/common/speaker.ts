import {
  NANOS_PER_MS,
  type MatchClaim,
  type Millis,
  type Nanos,
  type ReceiveStamp,
  type SourceEvent,
  type SourceId,
  type Tier,
} from "@matchpoint/sdk";
import { ClaimTeller, type RetractionHint } from "./claims.ts";
import type { FollowedMatch } from "./teams.ts";
import type { SeriesView } from "./view.ts";

/** Who speaks, and about which match. */
export interface SpeakerIdentity {
  readonly followed: FollowedMatch;
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

/** What a source says whose teams cannot be told apart: everything is taken back, and nothing of it counts. */
const NOTHING: SeriesView = {
  valid: false,
  started: false,
  ended: false,
  winner: undefined,
  forfeit: false,
  cancelled: undefined,
  maps: undefined,
  games: new Map(),
};

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
    const { keepAliveMs, followed, ...identity } = this.#identity;
    const { misnamed, match } = followed;
    const said = misnamed === undefined ? view : NOTHING;
    let count = 0;
    const say = (claim: MatchClaim, restated: boolean): void => {
      emit({
        type: "match_claim",
        at: stamp.at,
        receivedAt: stamp.receivedAt,
        ...(from.occurredAt === undefined ? {} : { occurredAt: from.occurredAt }),
        ...(from.publishedAt === undefined ? {} : { publishedAt: from.publishedAt }),
        matchId: match.matchId,
        ...identity,
        ref: count === 0 ? from.ref : `${from.ref}.${count}`,
        ...(restated || !from.fresh ? { replayed: true } : {}),
        claim,
      });
      count += 1;
    };
    this.#teller.tell(said, hint, say);
    if (count === 0 && alive && this.#due(stamp.at, keepAliveMs)) this.#teller.keepAlive(said, say);
    if (count > 0) this.#saidAt = stamp.at;
  }

  #due(at: Nanos, keepAliveMs: number): boolean {
    return this.#saidAt !== undefined && at - this.#saidAt >= keepAliveMs * NANOS_PER_MS;
  }
}
