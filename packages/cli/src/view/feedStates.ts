import type { FeedRow } from "@matchpoint/dashboard";
import type { Core, CoreEvent, MatchId } from "@matchpoint/sdk";
import { feedState } from "../report/runLog.ts";
import type { MarketList } from "../report/labels.ts";

interface Known {
  readonly feed: string;
  readonly matchId: string | undefined;
  health: string;
  ok: boolean;
  reason: string;
  since: number;
  last: number | undefined;
}

/** What each feed last said, and how sound it is. */
export class FeedStates {
  readonly #feeds = new Map<string, Known>();
  readonly #sources: string[] = [];
  /** Per match: when each source last said anything, by its place in the list. */
  readonly #spoke = new Map<MatchId, Map<number, number>>();
  #skewMs: number | undefined;

  /** The sources of match facts, in the order of their first word. */
  get sources(): readonly string[] {
    return this.#sources;
  }
  /** By how much another clock was ahead of ours when it was last measured. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** When each source last said anything of a match, by its place in the list. */
  spokeOf(matchId: MatchId | undefined): ReadonlyMap<number, number> | undefined {
    return matchId === undefined ? undefined : this.#spoke.get(matchId);
  }

  take(event: CoreEvent, t: number): void {
    const skew = event.venueOffsetMs ?? event.ntpOffsetMs;
    if (skew !== undefined) this.#skewMs = skew;
    if (event.type === "match_claim") this.#heard(event.source, event.matchId, t);
    else if (event.type === "source_health") {
      const { feed, matchId, health, reason, sound } = feedState(event);
      const known = this.#known(feed, matchId, t);
      if (known.health !== health) known.since = t;
      known.health = health;
      known.ok = sound;
      known.reason = reason;
    }
  }

  rows(core: Core, markets: MarketList): readonly FeedRow[] {
    const sources = Array.from(
      this.#feeds.values(),
      ({ feed, matchId, health, ok, reason, since, last }): FeedRow => ({
        feed,
        ...(matchId === undefined || markets.match !== undefined ? {} : { of: markets.subject(matchId) }),
        health,
        ok,
        reason,
        since,
        ...(last === undefined ? {} : { last }),
      }),
    );
    const books = core
      .markets()
      .filter(({ payouts }) => payouts === undefined)
      .map(({ market, book }): FeedRow => {
        const ok = book.status === "live" || book.status === "synthetic";
        const of = markets.label(market.marketId);
        return { feed: "book", of, health: book.status, ok, reason: "", since: 0 };
      });
    return [...sources, ...books];
  }

  #heard(source: string, matchId: MatchId, t: number): void {
    let place = this.#sources.indexOf(source);
    if (place === -1) place = this.#sources.push(source) - 1;
    let spoke = this.#spoke.get(matchId);
    if (spoke === undefined) {
      spoke = new Map();
      this.#spoke.set(matchId, spoke);
    }
    spoke.set(place, t);
    this.#known(source, matchId, t).last = t;
  }

  #known(feed: string, matchId: string | undefined, t: number): Known {
    const key = `${feed} ${matchId ?? ""}`;
    let known = this.#feeds.get(key);
    if (known === undefined) {
      // What speaks is there, until its feed says otherwise.
      known = { feed, matchId, health: "live", ok: true, reason: "", since: t, last: undefined };
      this.#feeds.set(key, known);
    }
    return known;
  }
}
