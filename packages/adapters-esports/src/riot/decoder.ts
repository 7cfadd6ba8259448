import {
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
import { parseLossless } from "../common/losslessJson.ts";
import { malformed, needObject, type Json } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, teamIndex, type FollowedMatch } from "../common/teams.ts";
import type { RiotDecoder, RiotDecoderOptions, RiotStats, RiotStatus } from "./decoderApi.ts";
import { readDetails, readFrames, sidesOf, type Sides } from "./frames.ts";
import { readTeams } from "./eventTeams.ts";
import type { LiveGame, LiveReading } from "./liveGame.ts";
import { RIOT_EVENT, RIOT_FIELDS, RIOT_WINDOW, type RiotWindow } from "./schema.ts";
import { RiotSeries } from "./series.ts";

interface Track {
  readonly ref: string;
  readonly followed: FollowedMatch;
  readonly series: RiotSeries;
  readonly speaker: Speaker;
  readonly sides: Map<string, Sides>;
  polledAt: Nanos | undefined;
  /** When it was first heard of: what begins later is news. */
  watchedFrom: Millis | undefined;
}

const LISTED = new Set(["unstarted", "inProgress", "completed", "unneeded"]);
/** Live statistics come 20 to 60 s late. Frames older than this are history. */
const OLD_MS = 180_000;
/** A champion select comes before the first frame. */
const FIRST_FRAME_MS = 900_000;

/**
 * Turns the answers of Riot's esports gateway and of its live statistics into match claims. `finished` names no winner and
 * none is guessed: a game is won when the gateway's `gameWins` count it.
 *
 * @example
 * ```ts
 * import { createRiotDecoder } from "@matchpoint/adapters-esports";
 * import type { CoreEvent, FrameDecoder, MatchDescription, ReceiveStamp } from "@matchpoint/sdk";
 * function read(match: MatchDescription, answers: readonly Uint8Array[], stamp: ReceiveStamp): CoreEvent[] {
 *   const events: CoreEvent[] = [];
 *   const decoder: FrameDecoder = createRiotDecoder({ matches: [match] });
 *   for (const answer of answers) decoder.decode(answer, 0, answer.length, stamp, (event) => events.push(event));
 *   return events;
 * }
 * ```
 */
export function createRiotDecoder(options: RiotDecoderOptions): RiotDecoder {
  return new Decoder(options);
}

class Decoder implements RiotDecoder {
  readonly stats: RiotStats = {
    polls: 0,
    windows: 0,
    details: 0,
    frames: 0,
    duplicates: 0,
    late: 0,
    foreign: 0,
    unplaced: 0,
    quarantined: 0,
    unknown: new Tally(),
  };
  readonly #tracks = new Map<string, Track>();
  readonly #source: SourceId;
  readonly #freshWithin: number;
  readonly #json: FrameDecoder;

  constructor(options: RiotDecoderOptions) {
    this.#source = id(options.source ?? "riot_gateway");
    this.#freshWithin = (options.freshWithinMs ?? 60_000) * NANOS_PER_MS;
    this.#json = this.#decoder(undefined);
    for (const [ref, followed] of matchesByRef(options.matches, this.#source)) {
      this.#tracks.set(ref, {
        ref,
        followed,
        series: new RiotSeries(followed.match),
        speaker: new Speaker({
          followed,
          source: this.#source,
          tier: "B",
          upstream: "riot",
          keepAliveMs: options.keepAliveMs ?? 10_000,
        }),
        sides: new Map(),
        polledAt: undefined,
        watchedFrom: undefined,
      });
    }
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  ofGame(gameId: string): FrameDecoder {
    return this.#decoder(gameId);
  }

  passOver(gameId: string, until: Millis): void {
    for (const { series } of this.#tracks.values()) series.live(gameId)?.passOver(until);
  }

  status(matchId: MatchId): RiotStatus | undefined {
    for (const { followed, series, polledAt } of this.#tracks.values()) {
      if (followed.match.matchId !== matchId) continue;
      const games = [...series.gateway.games.values()].map(({ id: gameId, number, state }) => {
        const live = series.live(gameId);
        return {
          id: gameId,
          number,
          listed: state,
          live: live?.seen === true ? live.state : undefined,
          lastAt: live?.lastAt,
          framedAt: live?.framedAt,
          lookedAt: live?.lookedAt,
          decided: series.gateway.winner(number) !== undefined,
          lacking: live?.lacking === true,
          hole: live?.hole,
        };
      });
      const over = series.winner !== undefined || series.even;
      const playing = !over && series.playing(polledAt ?? (0 as Nanos), FIRST_FRAME_MS * NANOS_PER_MS);
      return { polledAt, over, playing, games };
    }
    return undefined;
  }

  #decoder(gameId: string | undefined): FrameDecoder {
    return createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, gameId, stamp, push),
      () => {
        this.stats.quarantined += 1;
      },
      parseLossless,
    );
  }

  /** Returns what is wrong with an answer that could be read otherwise. */
  #read(
    json: unknown,
    gameId: string | undefined,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): string | undefined {
    if (!isJson(json)) throw malformed("answer", "an object");
    if (json["esportsGameId"] !== undefined) return this.#window(json, gameId, stamp, emit);
    if (gameId !== undefined) return this.#details(json, gameId, stamp, emit);
    const event = needObject(json["data"], "data")["event"];
    if (event === undefined) throw malformed("answer", "an event or a window of Riot");
    if (event === null) throw malformed("event", "there: the gateway does not know it");
    return this.#event(event, stamp, emit);
  }

  #event(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const event = RIOT_EVENT.parse(json);
    const ref = event.match.id ?? event.id;
    const track = ref === undefined ? this.#only() : this.#tracks.get(ref);
    if (track === undefined) {
      this.stats.foreign += 1;
      return undefined;
    }
    this.stats.polls += 1;
    const { unknown } = this.stats;
    countUnknown(json, RIOT_FIELDS.event, unknown, "event.");
    for (const { state } of event.match.games ?? []) {
      if (state !== undefined && !LISTED.has(state)) unknown.add(`game state ${state}`);
    }
    const teams = readTeams(event.match.teams ?? [], track.followed, this.#source);
    if (typeof teams === "string") {
      const { match, misnamed } = track.followed;
      if (misnamed !== undefined) {
        const from = { ref: `event-${track.ref}-${stamp.receivedAt}-${this.stats.polls}`, fresh: false };
        track.speaker.speak(track.series.view(), "correction", from, stamp, emit);
        return misnamed;
      }
      const { matchId } = match;
      return `team ${teams} is neither team of match ${matchId}: check its refs.${this.#source}.teams`;
    }
    const { wins } = teams;
    const length = Math.max(track.series.length, event.match.strategy?.count ?? 0);
    if (wins !== undefined && wins[0] + wins[1] > length) {
      return `gameWins ${wins.join("-")} are no score of a best of ${length}`;
    }
    track.watchedFrom ??= stamp.receivedAt;
    const taken = track.series.gateway.poll(event, wins, teams.named, stamp.at);
    const fresh = track.polledAt !== undefined && stamp.at - track.polledAt <= this.#freshWithin;
    track.polledAt = stamp.at;
    if (!taken) {
      this.stats.late += 1;
      return undefined;
    }
    const from = { ref: `event-${track.ref}-${stamp.receivedAt}-${this.stats.polls}`, fresh };
    track.speaker.speak(track.series.view(), "correction", from, stamp, emit);
    return undefined;
  }

  #window(
    json: Json,
    gameId: string | undefined,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): string | undefined {
    const window = RIOT_WINDOW.parse(json);
    const answered = window.esportsGameId;
    if (gameId !== undefined && answered !== gameId) {
      return `the answer is about game ${answered} instead of ${gameId}`;
    }
    const found = this.#place(answered);
    if (found === undefined) {
      this.stats.unplaced += 1;
      return undefined;
    }
    const { track, live } = found;
    const { esportsMatchId } = window;
    if (esportsMatchId !== undefined && esportsMatchId !== track.ref) {
      return `game ${answered} is said to be of match ${esportsMatchId} instead of ${track.ref}`;
    }
    this.stats.windows += 1;
    countUnknown(json, RIOT_FIELDS.window, this.stats.unknown, "window.");
    const stranger = this.#learnSides(track, window);
    if (stranger !== undefined) return stranger;
    const sides = track.sides.get(answered);
    const { readings, problem } = readFrames(window.frames, sides, stamp.receivedAt, this.stats.unknown);
    this.stats.frames += readings.length;
    this.#take(track, live, readings, stamp, emit);
    return problem;
  }

  /** Folds the frames and says where the game stands after the last of them. */
  #take(
    track: Track,
    live: LiveGame,
    readings: readonly LiveReading[],
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    if (readings.length === 0) return;
    const { series, speaker } = track;
    const before = live.lastAt;
    const followed = this.#follows(track, live, readings[0]!.at, stamp);
    live.lookedAt = stamp.at;
    const latest = readings.at(-1)!.at;
    const fresh = followed && stamp.receivedAt - latest <= OLD_MS;
    const number = series.numberOf(live.id);
    for (const reading of readings) {
      const outcome = live.take(reading);
      if (outcome === "old") this.stats.duplicates += 1;
      if (outcome !== "rewound" && outcome !== "restarted") continue;
      const back = { ref: `${live.id}-${reading.at}-${outcome}`, fresh, occurredAt: reading.at };
      const hint = outcome === "restarted" ? "remake" : "rollback";
      speaker.speak(series.view(number), hint, back, stamp, emit);
    }
    series.gateway.sawPlay(live.id);
    if (live.lastAt === before) return;
    live.framedAt = stamp.at;
    const from = { ref: `${live.id}-${live.lastAt}`, fresh, occurredAt: live.lastAt };
    speaker.speak(series.view(), "rollback", from, stamp, emit, fresh);
  }

  /** Whether frames from a time on follow what was seen; the answer after a gap shows what happened in it: history. */
  #follows(track: Track, live: LiveGame, from: Millis, stamp: ReceiveStamp): boolean {
    if (live.lastAt === undefined || live.framedAt === undefined) return from > (track.watchedFrom ?? from);
    const gap = this.#freshWithin / NANOS_PER_MS;
    return stamp.at - live.framedAt <= this.#freshWithin && from - live.lastAt <= gap;
  }

  #details(
    json: Json,
    gameId: string,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): string | undefined {
    const frames: unknown = json["frames"];
    if (!Array.isArray(frames)) throw malformed("frames", "an array");
    const found = this.#place(gameId);
    const sides = found?.track.sides.get(gameId);
    if (found === undefined || sides === undefined) {
      this.stats.unplaced += 1;
      return undefined;
    }
    const { track, live } = found;
    this.stats.details += 1;
    countUnknown(json, RIOT_FIELDS.details, this.stats.unknown, "details.");
    let problem: string | undefined;
    for (const frame of frames as readonly unknown[]) {
      try {
        live.takeDetails(readDetails(frame, sides, stamp.receivedAt));
      } catch (error) {
        problem ??= refusal(error);
      }
    }
    const fresh = live.framedAt !== undefined && stamp.at - live.framedAt <= this.#freshWithin;
    const from = {
      ref: `details-${gameId}-${stamp.receivedAt}-${this.stats.details}`,
      fresh,
      occurredAt: live.lastAt,
    };
    track.speaker.speak(track.series.view(), "rollback", from, stamp, emit);
    return problem;
  }

  #learnSides(track: Track, window: RiotWindow): string | undefined {
    const sides = sidesOf(window, (teamId) => teamIndex(track.followed, teamId));
    if (sides === undefined) return undefined;
    if (typeof sides !== "string") {
      track.sides.set(window.esportsGameId, sides);
      return undefined;
    }
    track.sides.delete(window.esportsGameId);
    const { matchId } = track.followed.match;
    return `team ${sides} is neither team of match ${matchId}: check its refs.${this.#source}.teams`;
  }

  #place(gameId: string): { readonly track: Track; readonly live: LiveGame } | undefined {
    for (const track of this.#tracks.values()) {
      const live = track.series.live(gameId);
      if (live !== undefined) return { track, live };
    }
    return undefined;
  }

  #only(): Track | undefined {
    return this.#tracks.size === 1 ? [...this.#tracks.values()][0] : undefined;
  }
}
