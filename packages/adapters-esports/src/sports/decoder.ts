import {
  id,
  NANOS_PER_MS,
  type CoreEvent,
  type FrameDecoder,
  type MatchId,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
  type Team,
  type Title,
} from "@matchpoint/sdk";
import { countUnknown } from "../common/fields.ts";
import { createJsonDecoder, isJson, refusal, Tally } from "../common/frame.ts";
import { malformed } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { matchesByRef, type FollowedMatch } from "../common/teams.ts";
import type { SportsDecoder, SportsDecoderOptions, SportsStats, SportsStatus } from "./decoderApi.ts";
import { SPORTS_FIELDS, SPORTS_FRAME, SPORTS_GAME_ID, type SportsFrame } from "./schema.ts";
import { readPeriod, readSportsScore } from "./score.ts";
import { SportsSeries, type SportsReading } from "./series.ts";

interface Track {
  readonly followed: FollowedMatch;
  readonly series: SportsSeries;
  readonly speaker: Speaker;
  seenAt: Nanos | undefined;
}

/** The channel's abbreviations of titles; games of others are not judged by theirs. */
const TITLES: Readonly<Record<string, Title>> = {
  lol: "lol",
  cs2: "cs2",
  csgo: "cs2",
  dota2: "dota2",
  val: "valorant",
  valorant: "valorant",
};

const NOT_STARTED = new Set(["not_started", "notstarted", "scheduled", ""]);
const RUNNING = new Set(["running", "inprogress", "in_progress", "live"]);
const FINISHED = new Set(["finished", "ended"]);
const CANCELLED = new Set(["canceled", "cancelled"]);

/**
 * Turns frames of Polymarket's sports channel into match claims. It states maps won, and that a match has ended; it states no
 * winner, and an end is not a resolution.
 *
 * @throws `MatchpointError` `EVENT_INVALID` when two matches have one id, or both teams of a match one name
 */
export function createSportsDecoder(options: SportsDecoderOptions): SportsDecoder {
  return new Decoder(options);
}

class Decoder implements SportsDecoder {
  readonly stats: SportsStats = {
    frames: 0,
    foreign: 0,
    late: 0,
    pings: 0,
    quarantined: 0,
    unknownFields: new Tally(),
    unknownStatus: new Tally(),
  };
  readonly #tracks = new Map<string, Track>();
  readonly #source: SourceId;
  readonly #freshWithin: number;
  readonly #json: FrameDecoder;

  constructor(options: SportsDecoderOptions) {
    this.#source = id(options.source ?? "polymarket_sports");
    this.#freshWithin = (options.freshWithinMs ?? 60_000) * NANOS_PER_MS;
    for (const [ref, followed] of matchesByRef(options.matches, this.#source)) {
      this.#tracks.set(ref, {
        followed,
        series: new SportsSeries(),
        speaker: new Speaker({
          followed,
          source: this.#source,
          tier: options.tier ?? "B",
          upstream: options.upstream ?? "pandascore",
          keepAliveMs: options.keepAliveMs ?? 10_000,
        }),
        seenAt: undefined,
      });
    }
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, stamp, push),
      () => (this.stats.quarantined += 1),
    );
  }

  decode(...[frame, start, end, stamp, emit]: Parameters<FrameDecoder["decode"]>): void {
    if (heartbeat(frame, start, end) !== undefined) this.stats.pings += 1;
    else this.#json.decode(frame, start, end, stamp, emit);
  }

  status(matchId: MatchId): SportsStatus | undefined {
    for (const { followed, series, seenAt } of this.#tracks.values()) {
      if (followed.match.matchId === matchId) return { seenAt, running: series.running, over: series.over };
    }
    return undefined;
  }

  #read(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    if (!Array.isArray(json)) return this.#receive(json, stamp, emit);
    let problem: string | undefined;
    for (const each of json as readonly unknown[]) {
      try {
        problem = this.#receive(each, stamp, emit) ?? problem;
      } catch (error) {
        problem = refusal(error); // one bad entry of a list does not spoil the others
      }
    }
    return problem;
  }

  #receive(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    if (!isJson(json)) throw malformed("message", "an object");
    const track = this.#tracks.get(SPORTS_GAME_ID.parse(json["gameId"]));
    if (track === undefined) {
      this.stats.foreign += 1;
      return undefined;
    }
    const frame = SPORTS_FRAME.parse(json);
    countUnknown(json, SPORTS_FIELDS, this.stats.unknownFields);
    const reading = this.#reading(frame, track.followed);
    if (typeof reading === "string") return reading;
    this.stats.frames += 1;
    const { series, speaker } = track;
    const fresh = track.seenAt !== undefined && stamp.at - track.seenAt <= this.#freshWithin;
    track.seenAt = stamp.at;
    const outcome = series.take(reading, stamp.at);
    if (outcome === "late") {
      this.stats.late += 1;
      return undefined;
    }
    const from = { ref: `frame-${stamp.at}-${this.stats.frames}`, fresh };
    const back = { ...from, ref: `${from.ref}-back` };
    if (outcome === "corrected") speaker.speak(series.afresh(), "correction", back, stamp, emit);
    else if (outcome === "rewound" && reading.play !== undefined) {
      const view = series.view();
      const games = new Map([...view.games].filter(([game]) => game !== reading.play?.game));
      speaker.speak({ ...view, games }, "rollback", back, stamp, emit);
    }
    speaker.speak(series.view(), "correction", from, stamp, emit, series.running && fresh);
    return undefined;
  }

  /** What a frame says in the order of the match's teams; text says why it cannot be about the match. */
  #reading(frame: SportsFrame, followed: FollowedMatch): SportsReading | string {
    const { match } = followed;
    const home = teamNamed(followed, frame.homeTeam);
    const away = teamNamed(followed, frame.awayTeam);
    if (home === undefined || away === undefined || home === away) {
      return `${frame.homeTeam} and ${frame.awayTeam} are not the teams of match ${match.matchId}: check its refs.${this.#source}.teams`;
    }
    const title = TITLES[frame.leagueAbbreviation?.toLowerCase() ?? ""];
    if (title !== undefined && title !== match.title)
      return `game ${frame.gameId} is one of ${title}, not of ${match.title}`;
    const ours = ([first, second]: readonly [number, number]): readonly [number, number] =>
      home === 0 ? [first, second] : [second, first];
    const score = frame.score === undefined || frame.score === "" ? undefined : readSportsScore(frame.score);
    if (score !== undefined && score.bestOf !== match.bestOf) {
      return `game ${frame.gameId} is a series of ${score.bestOf}, match ${match.matchId} is one of ${match.bestOf}`;
    }
    const status = frame.status?.toLowerCase() ?? "";
    const postponed = status === "postponed";
    const cancelled = CANCELLED.has(status) ? "cancelled" : postponed ? "postponed" : undefined;
    const ended = cancelled === undefined && (frame.ended === true || FINISHED.has(status));
    const known = [NOT_STARTED, RUNNING, FINISHED, CANCELLED].some((set) => set.has(status)) || postponed;
    if (!known) this.stats.unknownStatus.add(status);
    const maps = score === undefined ? undefined : ours(score.maps);
    const points = score?.points === undefined ? undefined : ours(score.points);
    const game = maps === undefined ? undefined : maps[0] + maps[1] + 1;
    const period = readPeriod(frame.period);
    // Between maps the points may still be those of the one before: then the period is another.
    const placed = game !== undefined && game <= match.bestOf && (period === undefined || period === game);
    const play = placed && points !== undefined && !ended ? { game, points } : undefined;
    const begun = RUNNING.has(status) || frame.live === true || sum(maps) > 0 || sum(play?.points) > 0;
    return { started: cancelled === undefined && begun, ended, cancelled, maps, play };
  }
}

/** Names are compared without case and outer space, and in full: an academy's is its main team's with a word more. */
function teamNamed({ match, teams }: FollowedMatch, name: string): Team | undefined {
  const wanted = tidy(name);
  const is = (team: Team): boolean => {
    const { name: own, aliases = [] } = match.teams[team];
    return [teams[team], own, ...aliases].some((each) => tidy(each) === wanted);
  };
  const [first, second] = [is(0), is(1)];
  return first === second ? undefined : first ? 0 : 1;
}

function tidy(name: string): string {
  return name.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** Which of the texts `ping` and `pong` a frame is; `undefined` for any other. */
export function heartbeat(frame: Uint8Array, start: number, end: number): "ping" | "pong" | undefined {
  if (end - start !== 4) return undefined;
  const letter = (at: number): number => frame[start + at]! | 0x20;
  if (letter(0) !== 0x70 || letter(2) !== 0x6e || letter(3) !== 0x67) return undefined;
  return letter(1) === 0x69 ? "ping" : letter(1) === 0x6f ? "pong" : undefined;
}

function sum(pair: readonly [number, number] | undefined): number {
  return pair === undefined ? 0 : pair[0] + pair[1];
}
