import {
  id,
  type CoreEvent,
  type FrameDecoder,
  type MatchId,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
} from "@matchpoint/sdk";
import { countUnknown } from "../common/fields.ts";
import { createJsonDecoder, refusal, Tally } from "../common/frame.ts";
import { malformed } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, type FollowedMatch } from "../common/teams.ts";
import type {
  LiquipediaDecoder,
  LiquipediaDecoderOptions,
  LiquipediaStats,
  LiquipediaStatus,
} from "./decoderApi.ts";
import { orderOf, readResult } from "./result.ts";
import { LIQUIPEDIA_ANSWER, LIQUIPEDIA_FIELDS, LIQUIPEDIA_MATCH } from "./schema.ts";

interface Track {
  readonly followed: FollowedMatch;
  readonly speaker: Speaker;
  askedAt: Nanos | undefined;
  foundAt: Nanos | undefined;
  settled: boolean;
  revision: number;
  unclear: string | undefined;
  /** Its result, to see a correction. */
  result: string;
  notPlayed: boolean;
}

/**
 * Turns LPDB's match records into match claims of tier C. People enter results by hand minutes after the end and correct
 * them later: every claim is `replayed`, so that it may confirm what others say and can never be a signal.
 *
 * @example
 * ```ts
 * import { createLiquipediaDecoder } from "@matchpoint/adapters-esports";
 * import type { CoreEvent, MatchDescription, ReceiveStamp } from "@matchpoint/sdk";
 * function confirm(match: MatchDescription, answer: Uint8Array, stamp: ReceiveStamp): CoreEvent[] {
 *   const events: CoreEvent[] = [];
 *   const decoder = createLiquipediaDecoder({ matches: [match] });
 *   decoder.decode(answer, 0, answer.length, stamp, (event) => events.push(event));
 *   return events;
 * }
 * ```
 */
export function createLiquipediaDecoder(options: LiquipediaDecoderOptions): LiquipediaDecoder {
  return new Decoder(options);
}

class Decoder implements LiquipediaDecoder {
  readonly stats: LiquipediaStats = {
    answers: 0,
    records: 0,
    foreign: 0,
    quarantined: 0,
    unclear: new Tally(),
    unknown: new Tally(),
  };
  readonly #tracks = new Map<string, Track>();
  readonly #source: SourceId;
  readonly #json: FrameDecoder;

  constructor(options: LiquipediaDecoderOptions) {
    this.#source = id(options.source ?? "liquipedia");
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, stamp, push),
      () => {
        this.stats.quarantined += 1;
      },
    );
    for (const [ref, followed] of matchesByRef(options.matches, this.#source)) {
      this.#tracks.set(ref, {
        followed,
        speaker: new Speaker({
          followed,
          source: this.#source,
          tier: "C",
          upstream: "liquipedia",
          keepAliveMs: Infinity,
        }),
        askedAt: undefined,
        foundAt: undefined,
        settled: false,
        revision: 0,
        unclear: undefined,
        result: "",
        notPlayed: false,
      });
    }
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  status(matchId: MatchId): LiquipediaStatus | undefined {
    for (const track of this.#tracks.values()) {
      if (track.followed.match.matchId !== matchId) continue;
      const { askedAt, foundAt, settled, revision, unclear } = track;
      return { askedAt, foundAt, settled, revision, unclear };
    }
    return undefined;
  }

  #read(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const { result, error, warning } = LIQUIPEDIA_ANSWER.parse(json);
    for (const text of texts(warning)) this.stats.unknown.add(`warning: ${text}`);
    const [refused] = texts(error);
    if (refused !== undefined) return `LPDB refuses: ${refused.slice(0, 200)}`;
    if (result === undefined || result === null) throw malformed("result", "an array");
    this.stats.answers += 1;
    for (const track of this.#tracks.values()) track.askedAt = stamp.at;
    let problem: string | undefined;
    for (const record of result) {
      try {
        problem = this.#record(record, stamp, emit) ?? problem;
      } catch (reason) {
        problem = refusal(reason); // one bad record does not spoil the others
      }
    }
    return problem;
  }

  #record(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const match = LIQUIPEDIA_MATCH.parse(json);
    const track = this.#tracks.get(match.match2id);
    if (track === undefined) {
      this.stats.foreign += 1;
      return undefined;
    }
    this.stats.records += 1;
    countUnknown(json, LIQUIPEDIA_FIELDS, this.stats.unknown, "match.");
    const { followed } = track;
    const order = orderOf(match.match2opponents, followed.teams);
    if (typeof order === "string") {
      const { matchId } = followed.match;
      return `${order} is neither team of match ${matchId}: check its refs.${this.#source}.teams`;
    }
    track.foundAt = stamp.at;
    const { bestOf } = followed.match;
    const reading = readResult(match, order, bestOf, stamp.receivedAt, track.notPlayed);
    const { view, settled, unclear, notPlayed } = reading;
    if (unclear !== undefined) this.stats.unclear.add(unclear);
    const result = JSON.stringify([view.ended, view.winner, view.forfeit, view.cancelled, view.maps]);
    if (result !== track.result && settled) track.revision += 1;
    Object.assign(track, { settled, unclear, notPlayed, result });
    const from = { ref: `${match.match2id}-${stamp.receivedAt}-${this.stats.records}`, fresh: false };
    track.speaker.speak(view, "correction", from, stamp, emit);
    return undefined;
  }
}

/** LPDB's errors and warnings: a list of texts, or one. */
function texts(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return list.filter((each): each is string => typeof each === "string" && each !== "");
}
