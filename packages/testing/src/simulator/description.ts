import {
  feeSchedule,
  id,
  parsePrice,
  parseShares,
  type MarketDescription,
  type MarketId,
  type MatchDescription,
  type MatchId,
  type Millis,
  type Team,
  type TokenId,
} from "@matchpoint/sdk";
import { LEAGUE_NAMES, PLAYER_NAMES, TEAM_NAMES, type TeamNames } from "./names.ts";
import type { ResolvedOptions } from "./options.ts";
import { Prng } from "./prng.ts";

/** Who plays, and under which ids every source knows them. Indices are the match's teams. */
export interface Cast {
  readonly teams: readonly [TeamNames, TeamNames];
  readonly league: string;
  /** Ten names, players of team 0 first. */
  readonly players: readonly string[];
  readonly gridSeries: string;
  readonly gridTeams: readonly [string, string];
  readonly gridPlayers: readonly string[];
  readonly pandaMatch: number;
  readonly pandaTeams: readonly [number, number];
  readonly pandaPlayers: readonly number[];
  /** Id of game 1; the others follow. */
  readonly pandaGame: number;
  readonly pandaLeague: number;
}

/** A match and its markets as they are announced. */
export interface Listing {
  readonly cast: Cast;
  readonly match: MatchDescription;
  /** The series first, then the games in order. */
  readonly markets: readonly MarketDescription[];
  /** Gamma's own market ids, as the venue's `market_resolved` frame carries them. */
  readonly gammaIds: readonly string[];
}

const TICK = parsePrice("0.01");
const MIN_SIZE = parseShares("5");
const FEE = feeSchedule(50_000, 1, true); // sports_fees_v2 since 2026-07-10
const FLIPPED_OUTCOMES = 0.35;

/** Invents a match: teams, ids, markets. */
export function describe(options: ResolvedOptions): Listing {
  const rng = new Prng(options.seed, "cast");
  const cast = makeCast(rng);
  const date = new Date(options.startsAt + options.leadInMs).toISOString().slice(0, 10);
  const [a, b] = cast.teams;
  const matchId = id<MatchId>(
    `${options.title}-${a.acronym.toLowerCase()}-${b.acronym.toLowerCase()}-${date}`,
  );
  const startsAt = (options.startsAt + options.leadInMs) as Millis;
  const match: MatchDescription = {
    matchId,
    title: options.title,
    teams: [
      { name: a.name, aliases: [a.acronym] },
      { name: b.name, aliases: [b.acronym] },
    ],
    bestOf: options.bestOf,
    startsAt,
    refs: {
      grid: { match: cast.gridSeries, teams: cast.gridTeams },
      pandascore: {
        match: String(cast.pandaMatch),
        teams: [String(cast.pandaTeams[0]), String(cast.pandaTeams[1])],
      },
    },
  };
  const markets: MarketDescription[] = [];
  const gammaIds: string[] = [];
  for (let game = 0; game <= options.bestOf; game++) {
    markets.push(makeMarket(options, match, cast, game, startsAt, rng));
    gammaIds.push(String(1_031_700 + rng.int(0, 900_000)));
  }
  return { cast, match, markets, gammaIds };
}

function makeCast(rng: Prng): Cast {
  const first = rng.int(0, TEAM_NAMES.length - 1);
  const second = (first + rng.int(1, TEAM_NAMES.length - 1)) % TEAM_NAMES.length;
  const start = rng.int(0, PLAYER_NAMES.length - 1);
  const gridTeam = rng.int(80, 49_000);
  const pandaTeam = rng.int(1_000, 130_000);
  const gridPlayer = rng.int(20_000, 90_000);
  const pandaPlayer = rng.int(20_000, 60_000);
  const ten = Array.from({ length: 10 }, (_, index) => index);
  return {
    teams: [TEAM_NAMES[first]!, TEAM_NAMES[second]!],
    league: rng.pick(LEAGUE_NAMES),
    players: ten.map((i) => PLAYER_NAMES[(start + i) % PLAYER_NAMES.length]!),
    gridSeries: String(rng.int(2_700_000, 2_999_999)),
    gridTeams: [String(gridTeam), String(gridTeam + rng.int(1, 900))],
    gridPlayers: ten.map((i) => String(gridPlayer + i * 7)),
    pandaMatch: rng.int(1_371_000, 1_699_999),
    pandaTeams: [pandaTeam + rng.int(1, 900), pandaTeam],
    pandaPlayers: ten.map((i) => pandaPlayer + i * 3),
    pandaGame: rng.int(204_000, 299_000),
    pandaLeague: rng.int(4_000, 5_999),
  };
}

/** `game` 0 is the series. */
function makeMarket(
  options: ResolvedOptions,
  match: MatchDescription,
  cast: Cast,
  game: number,
  startsAt: Millis,
  rng: Prng,
): MarketDescription {
  const teamOf: readonly [Team, Team] = rng.chance(FLIPPED_OUTCOMES) ? [1, 0] : [0, 1];
  const [a, b] = [cast.teams[0].name, cast.teams[1].name];
  const what = options.title === "lol" ? "LoL" : "Counter-Strike";
  const title =
    game === 0
      ? `${what}: ${a} vs ${b} (BO${options.bestOf}) - ${cast.league}`
      : `${what}: ${a} vs ${b} - ${options.title === "lol" ? "Game" : "Map"} ${game} Winner`;
  const { matchId } = match;
  return {
    marketId: id<MarketId>(`0x${rng.hex(64)}`),
    title,
    outcomes: [
      { tokenId: makeToken(rng), name: cast.teams[teamOf[0]].name },
      { tokenId: makeToken(rng), name: cast.teams[teamOf[1]].name },
    ],
    subject: game === 0 ? { kind: "series", matchId, teamOf } : { kind: "game", matchId, game, teamOf },
    tick: TICK,
    minSize: MIN_SIZE,
    fee: FEE,
    takerDelayMs: options.takerDelayMs,
    mirrored: true,
    negRisk: false,
    acceptingOrders: true,
    startsAt,
    clearBookOnStart: options.clearBookOnStart,
    rules: rulesText(options.title, what, [a, b], cast.league, game),
  };
}

/** The rules in the words of Polymarket's esports markets of 2026, without the date. */
function rulesText(
  title: ResolvedOptions["title"],
  what: string,
  [a, b]: readonly [string, string],
  league: string,
  game: number,
): string {
  const url = title === "lol" ? "https://gol.gg/esports/home" : "https://hltv.org";
  const play = `${title === "lol" ? "Game" : "Map"} ${game}`;
  const won = game === 0 ? "the match" : play;
  const cases =
    game === 0
      ? [
          "If the match is canceled (not played at all), ends in a tie, or is delayed beyond 7 days from the scheduled date without a winner determined, this market will resolve to 50-50.",
          "If the match begins but is not completed, and one team wins due to the opponent's forfeiture, disqualification, or walkover, this market will resolve to the team who wins.",
          "If the match ends in a forfeit, disqualification, or walkover (team withdraws before the start and the other wins automatically), this market will resolve to 50-50.",
        ]
      : [
          "If the match is canceled (not played at all) or is delayed beyond 7 days from the scheduled date without play beginning, this market will resolve 50-50.",
          `If the match begins but is not completed, and ${play} is concluded with a winner determined, this market will resolve based on the completed ${play}.`,
          `If ${play} is not completed for any reason, this market will resolve 50-50.`,
        ];
  return [
    `This market refers to the ${what} match between ${a} and ${b} in the ${league}.`,
    `This market will resolve to "${a}" if ${a} win ${won} against ${b}.`,
    `This market will resolve to "${b}" if ${b} win ${won} against ${a}.`,
    ...cases,
    `The resolution source for this market will be official information from ${url}.`,
  ].join("\n\n");
}

function makeToken(rng: Prng): TokenId {
  let digits = String(rng.int(1, 9));
  while (digits.length < 77) digits += String(rng.int(0, 9));
  return id<TokenId>(digits);
}
