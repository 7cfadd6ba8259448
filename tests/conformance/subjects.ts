import {
  createGridFeed,
  createLiquipediaFeed,
  createOpendotaFeed,
  createPandascoreFeed,
  createRiotFeed,
  createSportsFeed,
  createSteamFeed,
  createWsTransport,
} from "@matchpoint/adapters-esports";
import type { MatchDescription, MatchId, Title } from "@matchpoint/sdk";
import {
  createFakeGrid,
  createFakeLiquipedia,
  createFakePandascore,
  createFakeRiot,
  createFakeSportsChannel,
  createFakeSteam,
  type FeedCapabilities,
  type FeedSubject,
} from "@matchpoint/testing";

const transport = createWsTransport();
/** With signs that URLs encode, so that neither form gets out. */
const SECRET = "s3cret/key+of=the test";
const secrets = [SECRET];
const give = { reveal: () => SECRET };

/** A best of three of a title, with the ids that every source has for it. */
export function matchOf(title: Title): MatchDescription {
  return {
    matchId: `${title}-wolves-otters` as MatchId,
    title,
    teams: [{ name: "Wolves", aliases: ["WLV"] }, { name: "Sea Otters" }],
    bestOf: 3,
    league: "Harbour League",
    refs: {
      grid: { match: "2700001", teams: ["96", "97"] },
      liquipedia: { match: "HarbourL26_R01-M001", teams: ["Wolves", "Sea_Otters"] },
      opendota: { match: "league:18000", teams: ["39", "2163"] },
      pandascore: { match: "1616952", teams: ["3210", "3211"] },
      polymarket_sports: { match: "1616952", teams: ["Wolves", "Sea Otters"] },
      riot_gateway: { match: "115548128963037563", teams: ["98767991853197861", "98767991860392497"] },
      steam: { match: "league:18000", teams: ["39", "2163"] },
    },
  };
}

/** GRID: everything, numbered; a match that is called off never starts, and a forfeit is a win like any other. */
export function gridSubject(title: Title, progress: FeedCapabilities["progress"]): FeedSubject {
  return {
    source: "grid",
    match: matchOf(title),
    secrets,
    pressureMark: 10,
    capabilities: {
      stepMs: 3_000,
      progress,
      pauses: true,
      forfeit: "won",
      calledOff: [],
      rollback: true,
      remake: true,
      correction: true,
      sequenced: true,
      noticesSilenceMs: 60_000,
    },
    createSource: (clock) => createFakeGrid({ match: matchOf(title), clock }),
    createFeed: ({ urls }, clock) =>
      createGridFeed({
        transport,
        clock,
        apiKey: () => Promise.resolve(give),
        socketUrl: urls.ws!,
        httpUrl: urls.http!,
        pressureMark: 10,
      }),
  };
}

/** PandaScore: frames without numbers beside polls; its sockets are asked for both endpoints. */
export function pandascoreSubject(title: Title, progress: FeedCapabilities["progress"]): FeedSubject {
  return {
    source: "pandascore",
    match: matchOf(title),
    secrets,
    pressureMark: 10,
    capabilities: {
      stepMs: 25_000,
      progress,
      pauses: true,
      calledOff: ["cancelled", "postponed"],
      rollback: true,
      remake: true,
      correction: true,
      sequenced: false,
      noticesSilenceMs: 60_000,
    },
    createSource: (clock) => createFakePandascore({ match: matchOf(title), clock }),
    createFeed: ({ urls }, clock) =>
      createPandascoreFeed({
        transport,
        clock,
        apiToken: () => Promise.resolve(give),
        socketUrl: urls.ws!,
        httpUrl: urls.http!,
        events: true,
        correctionWatchMs: 60_000,
        pressureMark: 10,
      }),
  };
}

/** The venue's scoreboard: maps won and that it is over, by an unnumbered channel that names no winner. */
export function sportsSubject(title: Title, progress: FeedCapabilities["progress"]): FeedSubject {
  return {
    source: "polymarket_sports",
    match: matchOf(title),
    pressureMark: 10,
    capabilities: {
      stepMs: 3_000,
      progress,
      gameStarts: false,
      gameWinners: false,
      seriesWinner: false,
      forfeit: false,
      calledOff: [],
      rollback: true,
      remake: true,
      correction: false,
      sequenced: false,
      noticesSilenceMs: 90_000,
    },
    createSource: (clock) => createFakeSportsChannel({ match: matchOf(title), clock }),
    createFeed: ({ urls }, clock) =>
      createSportsFeed({
        transport,
        clock,
        socketUrl: `${urls.ws!}/ws`,
        correctionWatchMs: 60_000,
        pressureMark: 10,
      }),
  };
}

/** Liquipedia: results that people enter, asked for every few minutes; confirmation, never news. */
export function liquipediaSubject(title: Title): FeedSubject {
  return {
    source: "liquipedia",
    match: matchOf(title),
    secrets,
    pressureMark: 2,
    pace: 2_000,
    capabilities: {
      stepMs: 600_000,
      progress: [],
      gameStarts: false,
      seriesStart: false,
      endWithoutWinner: false,
      calledOff: ["cancelled"],
      rollback: false,
      remake: false,
      correction: true,
      sequenced: false,
      live: false,
    },
    createSource: (clock) => createFakeLiquipedia({ match: matchOf(title), clock }),
    createFeed: ({ urls }, clock) =>
      createLiquipediaFeed({
        transport,
        clock,
        apiKey: () => Promise.resolve(give),
        contact: "bot@example.org",
        httpUrl: urls.http!,
        quietMs: 0,
        rereadMs: [7_200_000],
        timeoutMs: 10_000_000, // five seconds at this pace
        pressureMark: 2,
      }),
  };
}

/** Riot: frames by the ten seconds, some 30 s late, and results by counts that grow; a forfeit is wins without a game. */
export function riotSubject(): FeedSubject {
  return {
    source: "riot_gateway",
    match: matchOf("lol"),
    pace: 100,
    secrets,
    pressureMark: 10,
    capabilities: {
      stepMs: 75_000,
      progress: ["score", "kills", "gold", "towers", "dragons", "barons", "inhibitors", "firstSide"],
      pauses: true,
      seriesStart: false,
      endWithoutWinner: false,
      calledOff: [],
      rollback: true,
      remake: true,
      correction: true,
      sequenced: false,
      noticesSilenceMs: 240_000,
    },
    createSource: (clock) => createFakeRiot({ match: matchOf("lol"), clock, key: SECRET, resultMs: 15_000 }),
    createFeed: ({ urls }, clock) =>
      createRiotFeed({
        transport,
        clock,
        apiKey: () => Promise.resolve(give),
        gatewayUrl: urls.http!,
        livestatsUrl: urls.http!,
        pollMs: 10_000,
        timeoutMs: 60_000,
        correctionWatchMs: 60_000,
        pressureMark: 10,
      }),
  };
}

/** Steam: where the listed game stands; who won, by the next one's wins or OpenDota, and no word about anything else. */
export function steamSubject(): FeedSubject {
  return {
    source: "steam",
    match: matchOf("dota2"),
    pace: 100,
    secrets,
    pressureMark: 10,
    capabilities: {
      stepMs: 40_000,
      progress: ["score", "kills", "gold", "towers", "firstSide"],
      seriesStart: false,
      seriesWinner: false,
      forfeit: false,
      endWithoutWinner: false,
      calledOff: [],
      rollback: true,
      remake: true,
      correction: false,
      sequenced: false,
      noticesSilenceMs: 240_000,
    },
    createSource: (clock) =>
      createFakeSteam({ match: matchOf("dota2"), clock, key: SECRET, resultMs: 10_000 }),
    createFeed: ({ urls }, clock) =>
      createSteamFeed({
        transport,
        clock,
        apiKey: () => Promise.resolve(give),
        httpUrl: urls.http!,
        resultsUrl: `${urls.http!}/api`,
        pollMs: 5_000,
        timeoutMs: 60_000,
        correctionWatchMs: 60_000,
        pressureMark: 10,
      }),
  };
}

/** OpenDota: who won a game, minutes after it is over, and nothing before. */
export function opendotaSubject(): FeedSubject {
  return {
    source: "opendota",
    match: matchOf("dota2"),
    pace: 200,
    secrets,
    pressureMark: 2,
    capabilities: {
      stepMs: 60_000,
      progress: [],
      gameStarts: false,
      seriesStart: false,
      seriesWinner: false,
      forfeit: false,
      endWithoutWinner: false,
      calledOff: [],
      rollback: false,
      remake: false,
      correction: true,
      sequenced: false,
      noticesSilenceMs: 240_000,
    },
    createSource: (clock) =>
      createFakeSteam({ match: matchOf("dota2"), clock, source: "opendota", resultMs: 15_000 }),
    createFeed: ({ urls }, clock) =>
      createOpendotaFeed({
        transport,
        clock,
        apiKey: () => Promise.resolve(give),
        httpUrl: `${urls.http!}/api`,
        pollMs: 20_000,
        timeoutMs: 60_000,
        correctionWatchMs: 60_000,
        pressureMark: 2,
      }),
  };
}
