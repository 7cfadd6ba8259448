import {
  hash128,
  id,
  NANOS_PER_MS,
  type CoreEvent,
  type FrameDecoder,
  type MatchId,
  type Millis,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
} from "@matchpoint/sdk";
import { countUnknown } from "../common/fields.ts";
import { createJsonDecoder, isJson, refusal, Tally } from "../common/frame.ts";
import { believable, malformed, readTime, type Json } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, noteName, teamIndex, type FollowedMatch } from "../common/teams.ts";
import type {
  PandascoreDecoder,
  PandascoreDecoderOptions,
  PandascoreStats,
  PandascoreStatus,
} from "./decoderApi.ts";
import { readFrame, readRoundEvent } from "./live.ts";
import {
  FRAME_FIELDS,
  MATCH_FIELDS,
  PANDASCORE_EVENT,
  PANDASCORE_FRAME,
  PANDASCORE_HELLO,
  PANDASCORE_INCIDENT,
  PANDASCORE_MATCH,
  PANDASCORE_REF,
} from "./schema.ts";
import { PandascoreSeries } from "./series.ts";

interface Track {
  readonly followed: FollowedMatch;
  readonly series: PandascoreSeries;
  readonly speaker: Speaker;
  polledAt: Nanos | undefined;
  /** When what REST said last was entered there. */
  modifiedAt: Millis | undefined;
  deleted: boolean;
  framedAt: Nanos | undefined;
  lastFrame: string;
  /** How often a game was set back. */
  setbacks: number;
  readonly seen: Set<string>;
}

/** Hashes of events kept for dedup: a recovery sends a whole game again. */
const SEEN_LIMIT = 20_000;

/**
 * Turns PandaScore's match objects, frames and events into match claims. It has neither sequence numbers nor server times:
 * what is news is decided by when the same thing was last looked at, and duplicates are known by their content.
 */
export function createPandascoreDecoder(options: PandascoreDecoderOptions): PandascoreDecoder {
  return new Decoder(options);
}

class Decoder implements PandascoreDecoder {
  readonly stats: PandascoreStats = {
    polls: 0,
    frames: 0,
    events: 0,
    duplicates: 0,
    foreign: 0,
    unplaced: 0,
    late: 0,
    quarantined: 0,
    unclaimed: new Tally(),
    unknownFields: new Tally(),
  };
  readonly #tracks = new Map<string, Track>();
  readonly #only: Track | undefined;
  readonly #source: SourceId;
  readonly #freshWithin: number;

  readonly #json: FrameDecoder;

  constructor(options: PandascoreDecoderOptions) {
    this.#source = id(options.source ?? "pandascore");
    const refused = (): void => {
      this.stats.quarantined += 1;
    };
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, stamp, push),
      refused,
    );
    this.#freshWithin = (options.freshWithinMs ?? 30_000) * NANOS_PER_MS;
    for (const [ref, followed] of matchesByRef(options.matches, this.#source)) {
      this.#tracks.set(ref, {
        followed,
        series: new PandascoreSeries((teamId) => teamIndex(followed, teamId)),
        speaker: new Speaker({
          followed,
          source: this.#source,
          tier: options.tier ?? "B",
          upstream: options.upstream ?? "pandascore",
          keepAliveMs: options.keepAliveMs ?? 10_000,
        }),
        polledAt: undefined,
        modifiedAt: undefined,
        deleted: false,
        framedAt: undefined,
        lastFrame: "",
        setbacks: 0,
        seen: new Set(),
      });
    }
    this.#only = this.#tracks.size === 1 ? [...this.#tracks.values()][0] : undefined;
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  status(matchId: MatchId): PandascoreStatus | undefined {
    for (const track of this.#tracks.values()) {
      if (track.followed.match.matchId !== matchId) continue;
      const { match, currentGame } = track.series;
      return {
        polledAt: track.polledAt,
        framedAt: track.framedAt,
        status: match?.status ?? "",
        liveSupported: match?.live?.supported === true,
        opensAt: readTime(match?.live?.opens_at),
        scheduledAt: readTime(match?.scheduled_at),
        originallyAt: readTime(match?.original_scheduled_at),
        gameId: currentGame,
        deleted: track.deleted,
        playing: track.series.playing,
      };
    }
    return undefined;
  }

  #read(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    let problem: string | undefined;
    for (const message of Array.isArray(json) ? (json as readonly unknown[]) : [json]) {
      problem = this.#try(message, stamp, emit) ?? problem; // one bad entry of a list does not spoil the others
    }
    return problem;
  }

  #try(message: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    try {
      return this.#receive(message, stamp, emit);
    } catch (error) {
      return refusal(error);
    }
  }

  /** Returns what is wrong with a message that could be read otherwise. */
  #receive(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    if (!isJson(json)) throw malformed("message", "an object");
    if (json["type"] === "hello") {
      this.#hello(json);
      return undefined;
    }
    if (isJson(json["game"])) return this.#frame(json, stamp, emit);
    if (typeof json["change_type"] === "string") return this.#incident(json, stamp, emit);
    if (typeof json["status"] === "string") return this.#match(json, stamp, emit);
    if (typeof json["type"] === "string") return this.#event(json, stamp, emit);
    throw malformed("message", "a match, frame or event of PandaScore");
  }

  /** An entry of the log of changes, which is about all that PandaScore has. */
  #incident(json: Json, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const { type, change_type: change, id: ref, modified_at: at, object } = PANDASCORE_INCIDENT.parse(json);
    if (type !== "match") {
      this.stats.unclaimed.add(`${type} ${change}`);
      return undefined;
    }
    if (change !== "deletion") return this.#match(object, stamp, emit);
    const track = ref === undefined ? undefined : this.#tracks.get(ref);
    if (track === undefined) this.stats.unclaimed.add(`${type} ${change}`);
    else if (this.#isLater(track, at, stamp)) track.deleted = true;
    return undefined;
  }

  #match(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const { id: ref } = PANDASCORE_REF.parse(json);
    const track = this.#tracks.get(ref);
    if (track === undefined) {
      this.stats.foreign += 1; // lists and logs are of all matches: those of others need no look
      return undefined;
    }
    const match = PANDASCORE_MATCH.parse(json);
    this.stats.polls += 1;
    countUnknown(json, MATCH_FIELDS, this.stats.unknownFields, "match.");
    if (!this.#isLater(track, match.modified_at, stamp)) {
      track.polledAt = stamp.at;
      return undefined;
    }
    track.deleted = false;
    for (const { opponent: team } of match.opponents ?? [])
      noteName(track.followed, this.#source, team?.id, team?.name, team?.acronym);
    const stranger = track.series.poll(match);
    const fresh = this.#isFresh(track.polledAt, stamp);
    track.polledAt = stamp.at;
    const from = {
      ref: `rest-${match.modified_at ?? stamp.receivedAt}`,
      fresh,
      publishedAt: believable(readTime(match.modified_at), stamp.receivedAt),
    };
    track.speaker.speak(track.series.view(), "correction", from, stamp, emit);
    const { misnamed } = track.followed;
    if (misnamed !== undefined || stranger === undefined) return misnamed;
    const { matchId } = track.followed.match;
    return `team ${stranger} is neither team of match ${matchId}: check its refs.${this.#source}.teams`;
  }

  /** Whether what is said of a match was not overtaken by what is known: by an old cache, or an earlier entry of the log. */
  #isLater(track: Track, modified: string | null | undefined, stamp: ReceiveStamp): boolean {
    const modifiedAt = believable(readTime(modified), stamp.receivedAt);
    const late = modifiedAt !== undefined && track.modifiedAt !== undefined && modifiedAt < track.modifiedAt;
    if (late) this.stats.late += 1;
    else track.modifiedAt = modifiedAt ?? track.modifiedAt;
    return !late;
  }

  #frame(json: Json, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const frame = PANDASCORE_FRAME.parse(json);
    const track = this.#track(frame.match?.id);
    if (track === undefined) return undefined;
    this.stats.frames += 1;
    const fresh = this.#isFresh(track.framedAt, stamp);
    track.framedAt = stamp.at;
    const hash = hash128(JSON.stringify(json));
    if (hash === track.lastFrame) {
      this.stats.duplicates += 1;
      track.series.again(frame.game.id);
      return undefined;
    }
    countUnknown(json, FRAME_FIELDS, this.stats.unknownFields, "frame.");
    const reading = readFrame(frame, (teamId) => teamIndex(track.followed, teamId));
    const { outcome, game, moved } = track.series.frame(reading, stamp.at);
    if (outcome !== "late") track.lastFrame = hash; // one that stays behind counts for as long as it stays
    if (outcome === "rewound" || outcome === "restarted") track.setbacks += 1;
    if (outcome === "unplaced") this.stats.unplaced += 1;
    if (outcome === "late") this.stats.late += 1;
    if (outcome === "unplaced" || outcome === "late" || outcome === "over") return undefined;
    // After a setback the same frame may come again, and be news.
    const nth = track.setbacks === 0 ? "" : `-${track.setbacks}`;
    const from = {
      ref: `frame-${reading.gameId}-${reading.timestamp ?? ""}-${hash.slice(0, 8)}${nth}`,
      fresh,
    };
    if (outcome !== "taken") {
      const back = { ...from, ref: `${from.ref}-${outcome}` };
      track.speaker.speak(
        track.series.view(game),
        outcome === "restarted" ? "remake" : "rollback",
        back,
        stamp,
        emit,
      );
    }
    track.speaker.speak(track.series.view(), "rollback", from, stamp, emit, moved && fresh);
    return undefined;
  }

  #event(json: Json, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const event = PANDASCORE_EVENT.parse(json);
    const track = this.#track(event.match_id);
    if (track === undefined) return undefined;
    this.stats.events += 1;
    const payload = hash128(JSON.stringify(json["payload"] ?? null));
    const key = `${event.game_id ?? ""}-${event.ingame_timestamp ?? ""}-${event.type}-${payload}`;
    if (track.seen.has(key)) {
      this.stats.duplicates += 1;
      return undefined;
    }
    if (track.seen.size >= SEEN_LIMIT) track.seen.clear();
    track.seen.add(key);
    const stated = readRoundEvent(event, (teamId) => teamIndex(track.followed, teamId));
    if (stated === undefined) {
      this.stats.unclaimed.add(event.type);
      return undefined;
    }
    if (!track.series.round(event.game_id, stated)) return undefined;
    track.lastFrame = ""; // the game has moved on: a frame like the one before is no repetition
    // Only frames tell how recent the game's state is: an event by itself may be one of a recovery.
    const from = { ref: `event-${key}`, fresh: this.#isFresh(track.framedAt, stamp) };
    track.speaker.speak(track.series.view(), "rollback", from, stamp, emit);
    return undefined;
  }

  #hello(json: Json): void {
    const hello = PANDASCORE_HELLO.parse(json);
    this.#only?.series.setCurrent(hello.payload.game_id);
  }

  #track(matchRef: string | undefined): Track | undefined {
    const track = matchRef === undefined ? this.#only : this.#tracks.get(matchRef);
    if (track === undefined) this.stats.foreign += 1;
    return track;
  }

  #isFresh(lastLook: Nanos | undefined, stamp: ReceiveStamp): boolean {
    return lastLook !== undefined && stamp.at - lastLook <= this.#freshWithin;
  }
}
