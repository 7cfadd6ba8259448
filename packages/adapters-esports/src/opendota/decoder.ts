import {
  id,
  MatchpointError,
  NANOS_PER_MS,
  type CoreEvent,
  type FrameDecoder,
  type MatchId,
  type Nanos,
  type ReceiveStamp,
  type SourceId,
  type Team,
} from "@matchpoint/sdk";
import { countUnknown } from "../common/fields.ts";
import { createJsonDecoder, isJson, refusal, Tally } from "../common/frame.ts";
import { parseLossless } from "../common/losslessJson.ts";
import { malformed } from "../common/read.ts";
import { Speaker } from "../common/speaker.ts";
import { noteName, teamIndex } from "../common/teams.ts";
import { EARLY_MS, leagueTargets, type LeagueTarget } from "../steam/leagueTargets.ts";
import { Coverage } from "./coverage.ts";
import type { OpendotaDecoder, OpendotaDecoderOptions, OpendotaStats, OpendotaStatus } from "./decoderApi.ts";
import { OPENDOTA_FIELDS, OPENDOTA_GAME, type OpendotaGame } from "./schema.ts";
import { OpendotaSeries } from "./series.ts";

interface Track extends LeagueTarget {
  readonly series: OpendotaSeries;
  readonly speaker: Speaker;
  /** When something of it was last looked at with the lists reaching back far enough. */
  seenAt: Nanos | undefined;
}

/** Where no time was planned, a match is one that began at most so long before the first look. */
const UNPLANNED_MS = 6 * 3_600_000;

/** When the first game of a match can have begun, Unix ms; `lookedAt` is when it was first looked for. */
function earliestStart(startsAt: number | undefined, lookedAt: number): number {
  return startsAt === undefined ? lookedAt - UNPLANNED_MS : startsAt - EARLY_MS;
}

/**
 * Turns OpenDota's lists of professional games into match claims: who won each of them, after it is over.
 *
 * @throws `MatchpointError` `EVENT_INVALID` when a match's reference is not `league:<id>`, or two matches have one pair of
 * teams in one league
 */
export function createOpendotaDecoder(options: OpendotaDecoderOptions): OpendotaDecoder {
  return new Decoder(options);
}

class Decoder implements OpendotaDecoder {
  readonly stats: OpendotaStats = {
    lists: 0,
    games: 0,
    foreign: 0,
    quarantined: 0,
    unknownFields: new Tally(),
  };
  readonly #tracks: readonly Track[];
  readonly #source: SourceId;
  readonly #freshWithin: number;
  readonly #json: FrameDecoder;
  #listedAt: Nanos | undefined;
  #lookedAt: number | undefined;
  readonly #coverage = new Coverage();

  constructor(options: OpendotaDecoderOptions) {
    this.#source = id(options.source ?? "opendota");
    this.#freshWithin = (options.freshWithinMs ?? 300_000) * NANOS_PER_MS;
    const { targets, refused } = leagueTargets(options.matches, this.#source);
    const [first] = refused;
    if (first !== undefined) {
      throw new MatchpointError("EVENT_INVALID", first.problem, {
        where: `match ${first.match.matchId}, refs.${this.#source}`,
        hint: "follow one match of the pair at a time, by league:<league id> and the ids of both teams",
      });
    }
    this.#tracks = targets.map((target) => ({
      ...target,
      series: new OpendotaSeries(target.followed.match),
      speaker: new Speaker({
        followed: target.followed,
        source: this.#source,
        tier: options.tier ?? "B",
        upstream: options.upstream ?? "valve",
        keepAliveMs: Infinity, // what is over needs no word that it goes on
      }),
      seenAt: undefined,
    }));
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, stamp, push),
      () => (this.stats.quarantined += 1),
      parseLossless,
    );
  }

  get oldest(): string | undefined {
    return this.#coverage.oldest;
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  status(matchId: MatchId): OpendotaStatus | undefined {
    const track = this.#tracks.find(({ followed }) => followed.match.matchId === matchId);
    if (track === undefined) return undefined;
    const { unresolved, decided } = track.series;
    return { listedAt: this.#listedAt, covered: this.#covers(track), unresolved, decided };
  }

  #covers({ followed }: Track): boolean {
    const { from } = this.#coverage;
    return from !== undefined && from <= earliestStart(followed.match.startsAt, this.#lookedAt ?? 0);
  }

  #read(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    this.#lookedAt ??= stamp.receivedAt;
    let problem: string | undefined;
    if (Array.isArray(json)) problem = this.#list(json as readonly unknown[], stamp);
    else if (isJson(json) && json["match_id"] !== undefined) this.#take(OPENDOTA_GAME.parse(json));
    else throw malformed("message", "a list of games or a game of OpenDota");
    for (const track of this.#tracks) {
      if (!this.#covers(track)) continue;
      const { series, speaker, seenAt } = track;
      const fresh = seenAt !== undefined && stamp.at - seenAt <= this.#freshWithin;
      track.seenAt = stamp.at;
      speaker.speak(
        series.view(),
        "correction",
        { ref: `answer-${stamp.at}-${this.stats.games}`, fresh },
        stamp,
        emit,
      );
    }
    for (const { followed } of this.#tracks) problem ??= followed.misnamed;
    return problem;
  }

  #list(entries: readonly unknown[], stamp: ReceiveStamp): string | undefined {
    let problem: string | undefined;
    const games: { ref: string; startedAt: number }[] = [];
    for (const entry of entries) {
      try {
        const game = OPENDOTA_GAME.parse(entry);
        countUnknown(entry, OPENDOTA_FIELDS, this.stats.unknownFields);
        this.#take(game);
        games.push({ ref: game.match_id, startedAt: (game.start_time ?? Infinity) * 1000 });
      } catch (error) {
        problem ??= refusal(error); // one bad entry does not spoil the others
      }
    }
    this.#coverage.add(games, entries.length);
    this.#listedAt = stamp.at;
    this.stats.lists += 1;
    return problem;
  }

  #take(game: OpendotaGame): void {
    this.stats.games += 1;
    const radiantId = game.radiant_team_id ?? game.radiant_team?.team_id;
    const direId = game.dire_team_id ?? game.dire_team?.team_id;
    for (const { followed, leagueId, series } of this.#tracks) {
      const known = series.game(game.match_id);
      if (game.leagueid === leagueId) {
        noteName(followed, this.#source, radiantId, game.radiant_name, game.radiant_team?.name);
        noteName(followed, this.#source, direId, game.dire_name, game.dire_team?.name);
      }
      const radiant: Team | undefined = known?.radiant ?? teamIndex(followed, radiantId ?? "");
      const dire = known === undefined ? teamIndex(followed, direId ?? "") : undefined;
      if (radiant === undefined || (known === undefined && (dire === undefined || dire === radiant)))
        continue;
      if (known === undefined && game.leagueid !== leagueId) continue;
      const startedAt = known?.startedAt ?? (game.start_time ?? 0) * 1000;
      if (startedAt < earliestStart(followed.match.startsAt, this.#lookedAt ?? 0)) continue;
      const ours = (first: number, second: number): readonly [number, number] =>
        radiant === 0 ? [first, second] : [second, first];
      const { radiant_win: won, radiant_score: first, dire_score: second, duration } = game;
      series.take({
        ref: game.match_id,
        seriesId: known?.seriesId ?? game.series_id,
        startedAt,
        radiant,
        // A list that does not know yet takes nothing back.
        winner: won === undefined ? known?.winner : won === (radiant === 0) ? 0 : 1,
        // The list and the game may count kills otherwise: that is no reason to take a game back.
        kills:
          known?.kills ?? (first === undefined || second === undefined ? undefined : ours(first, second)),
        durationMs: known?.durationMs ?? (duration === undefined ? undefined : Math.round(duration * 1000)),
      });
      return;
    }
    this.stats.foreign += 1;
  }
}
