import type { FeedHealth, MatchId, SourceHealthChanged, SourceId } from "@matchpoint/sdk";

/** What an event about health is stamped with. */
type Stamp = Pick<SourceHealthChanged, "at" | "receivedAt">;

/** From best to worst. */
const ORDER: readonly FeedHealth[] = ["live", "replaying", "connecting", "stale", "invalid", "down"];

/** The health of a feed: one state per match, of which the worst speaks for the whole. */
export class HealthBoard {
  readonly #source: SourceId;
  readonly #byMatch = new Map<MatchId, FeedHealth>();

  constructor(source: SourceId) {
    this.#source = source;
  }

  /** Notes a match's health. Returns the event to emit, or `undefined` when nothing changed. */
  set(matchId: MatchId, health: FeedHealth, reason: string, stamp: Stamp): SourceHealthChanged | undefined {
    if (this.#byMatch.get(matchId) === health) return undefined;
    this.#byMatch.set(matchId, health);
    return this.event(matchId, health, reason, stamp);
  }

  /** A health event whether or not anything changed. */
  event(matchId: MatchId, health: FeedHealth, reason: string, stamp: Stamp): SourceHealthChanged {
    return {
      type: "source_health",
      at: stamp.at,
      receivedAt: stamp.receivedAt,
      source: this.#source,
      matchId,
      health,
      reason,
    };
  }

  get(matchId: MatchId): FeedHealth | undefined {
    return this.#byMatch.get(matchId);
  }

  /** A match that the feed has finished with no longer counts. */
  forget(matchId: MatchId): void {
    this.#byMatch.delete(matchId);
  }

  /** The worst of all; `down` when nothing is followed. */
  worst(): FeedHealth {
    let worst = -1;
    for (const health of this.#byMatch.values()) worst = Math.max(worst, ORDER.indexOf(health));
    return worst === -1 ? "down" : ORDER[worst]!;
  }
}
