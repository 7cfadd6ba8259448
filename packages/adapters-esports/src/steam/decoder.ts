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
import { Speaker } from "../common/speaker.ts";
import { noteName, teamIndex } from "../common/teams.ts";
import { leagueTargets, notTooEarly, type LeagueTarget } from "./leagueTargets.ts";
import type { SteamDecoder, SteamDecoderOptions, SteamStats, SteamStatus } from "./decoderApi.ts";
import { readSteamGame, type SteamReading } from "./reading.ts";
import { OPENDOTA_RESULT, STEAM_ANSWER, STEAM_FIELDS, STEAM_GAME, type SteamGame } from "./schema.ts";
import { SteamSeries } from "./series.ts";

interface Track extends LeagueTarget {
  readonly series: SteamSeries;
  readonly speaker: Speaker;
  clock: { readonly ref: string; readonly durationMs: number } | undefined;
  movedAt: Nanos | undefined;
}

/**
 * Turns Steam's list of live league games into match claims, and OpenDota's results of games that have left it.
 *
 * @throws `MatchpointError` `EVENT_INVALID` when a match's reference is not `league:<id>`, or two matches have one pair of
 * teams in one league
 */
export function createSteamDecoder(options: SteamDecoderOptions): SteamDecoder {
  return new Decoder(options);
}

class Decoder implements SteamDecoder {
  readonly stats: SteamStats = {
    polls: 0,
    results: 0,
    games: 0,
    unnamed: 0,
    foreign: 0,
    late: 0,
    unplaced: 0,
    quarantined: 0,
    unknownFields: new Tally(),
  };
  readonly #tracks: readonly Track[];
  readonly #source: SourceId;
  readonly #freshWithin: number;
  readonly #json: FrameDecoder;
  #polledAt: Nanos | undefined;

  constructor(options: SteamDecoderOptions) {
    this.#source = id(options.source ?? "steam");
    this.#freshWithin = (options.freshWithinMs ?? 30_000) * NANOS_PER_MS;
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
      series: new SteamSeries(target.followed.match),
      speaker: new Speaker({
        followed: target.followed,
        source: this.#source,
        tier: options.tier ?? "B",
        upstream: options.upstream ?? "valve",
        keepAliveMs: options.keepAliveMs ?? 10_000,
      }),
      clock: undefined,
      movedAt: undefined,
    }));
    this.#json = createJsonDecoder(
      this.#source,
      (json, stamp, push) => this.#read(json, stamp, push),
      () => (this.stats.quarantined += 1),
      parseLossless,
    );
  }

  decode(...frame: Parameters<FrameDecoder["decode"]>): void {
    this.#json.decode(...frame);
  }

  status(matchId: MatchId): SteamStatus | undefined {
    const track = this.#tracks.find(({ followed }) => followed.match.matchId === matchId);
    if (track === undefined) return undefined;
    const { series, movedAt } = track;
    return {
      polledAt: this.#polledAt,
      running: series.running?.ref,
      movedAt,
      unresolved: series.unresolved,
      decided: series.decided,
    };
  }

  #read(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    if (isJson(json) && json["match_id"] !== undefined) return this.#result(json, stamp, emit);
    const { games } = STEAM_ANSWER.parse(json).result;
    const fresh = this.#polledAt !== undefined && stamp.at - this.#polledAt <= this.#freshWithin;
    this.#polledAt = stamp.at;
    this.stats.polls += 1;
    let problem: string | undefined;
    const seen = new Set<string>();
    const listed: { track: Track; reading: SteamReading }[] = [];
    for (const each of games) {
      try {
        const game = STEAM_GAME.parse(each);
        countUnknown(each, STEAM_FIELDS, this.stats.unknownFields);
        this.stats.games += 1;
        const ref = game.match_id;
        if (ref === undefined || seen.has(ref)) continue;
        seen.add(ref);
        const found = this.#place(game, ref, stamp);
        if (found !== undefined) listed.push(found);
      } catch (error) {
        problem ??= refusal(error); // one bad entry does not spoil the others
      }
    }
    for (const track of this.#tracks) {
      // A game may be the one that could not be read: then nothing is known to be missing.
      if (problem === undefined) track.series.missed(seen);
      const readings = listed.filter((one) => one.track === track).map(({ reading }) => reading);
      this.#say(track, readings, fresh, stamp, emit);
    }
    for (const { followed } of this.#tracks) problem ??= followed.misnamed;
    return problem;
  }

  /** Whose game it is. */
  #place(
    game: SteamGame,
    ref: string,
    stamp: ReceiveStamp,
  ): { track: Track; reading: SteamReading } | undefined {
    const radiantId = game.radiant_team?.team_id;
    const direId = game.dire_team?.team_id;
    if (radiantId === undefined || direId === undefined) this.stats.unnamed += 1;
    for (const track of this.#tracks) {
      let radiant: Team | undefined = track.series.radiantOf(ref);
      if (radiant === undefined) {
        if (radiantId === undefined || direId === undefined || game.league_id !== track.leagueId) continue;
        noteName(track.followed, this.#source, radiantId, game.radiant_team?.team_name);
        noteName(track.followed, this.#source, direId, game.dire_team?.team_name);
        const dire = teamIndex(track.followed, direId);
        radiant = teamIndex(track.followed, radiantId);
        if (radiant === undefined || dire === undefined || radiant === dire) continue;
        if (!notTooEarly(track.followed.match, stamp.receivedAt)) continue;
      }
      return { track, reading: readSteamGame(game, ref, radiant) };
    }
    this.stats.foreign += 1;
    return undefined;
  }

  #say(
    track: Track,
    readings: readonly SteamReading[],
    fresh: boolean,
    stamp: ReceiveStamp,
    emit: (event: CoreEvent) => void,
  ): void {
    const { series, speaker } = track;
    const from = { ref: `poll-${stamp.at}-${this.stats.polls}`, fresh };
    for (const reading of readings) {
      const { outcome, game } = series.list(reading);
      if (outcome === "late") this.stats.late += 1;
      if (outcome === "unplaced") this.stats.unplaced += 1;
      if (outcome === "rewound") {
        speaker.speak(series.view(game), "rollback", { ...from, ref: `${from.ref}-back` }, stamp, emit);
      }
    }
    const { running } = series;
    const moved =
      running !== undefined &&
      (running.ref !== track.clock?.ref || running.durationMs !== track.clock.durationMs);
    if (running !== undefined) track.clock = { ref: running.ref, durationMs: running.durationMs };
    if (moved) track.movedAt = stamp.at;
    speaker.speak(series.view(), "correction", from, stamp, emit, moved && fresh);
  }

  #result(json: unknown, stamp: ReceiveStamp, emit: (event: CoreEvent) => void): string | undefined {
    const { match_id: ref, radiant_win: radiantWon } = OPENDOTA_RESULT.parse(json);
    this.stats.results += 1;
    if (radiantWon === undefined) return undefined;
    let known = false;
    for (const { series, speaker } of this.#tracks) {
      if (!series.result(ref, radiantWon)) continue;
      known = true;
      const fresh = this.#polledAt !== undefined && stamp.at - this.#polledAt <= this.#freshWithin;
      speaker.speak(
        series.view(),
        "correction",
        { ref: `result-${ref}-${stamp.at}-${this.stats.results}`, fresh },
        stamp,
        emit,
      );
    }
    if (!known) this.stats.foreign += 1;
    return undefined;
  }
}
