import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CoreEvent, MatchDescription } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createSteamDecoder } from "../../src/index.ts";
import { decode, isClaim, problemsOf, stampAt, told } from "../support.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const folder = resolve(data, "valve-getliveleaguegames-2026");
const there = existsSync(folder);
if (!there) console.warn(`skipped: no recorded Steam data in ${data} (set MATCHPOINT_DATA)`);

interface RawSide {
  readonly score: number;
  readonly tower_state: number;
  readonly players: readonly { readonly net_worth: number }[];
}
interface RawGame {
  readonly match_id: number;
  readonly league_id: number;
  readonly radiant_team?: { readonly team_id: number; readonly team_name: string };
  readonly dire_team?: { readonly team_id: number };
  readonly scoreboard?: { readonly duration: number; readonly radiant: RawSide; readonly dire: RawSide };
}

const text = (name: string): string => readFileSync(resolve(folder, name), "utf8");
const gamesOf = (name: string): RawGame[] =>
  (JSON.parse(text(name)) as { result: { games: RawGame[] } }).result.games;
const FILES = ["yakult-vs-playtime-t0.json", "yakult-vs-playtime-t1.json"];

function follow(game: RawGame): MatchDescription {
  const teams = [String(game.dire_team!.team_id), String(game.radiant_team!.team_id)] as const;
  return {
    matchId: `m-${game.match_id}` as MatchDescription["matchId"],
    title: "dota2",
    teams: [{ name: "dire" }, { name: "radiant" }],
    bestOf: 3,
    refs: { steam: { match: `league:${game.league_id}`, teams } },
  };
}

describe.skipIf(!there)("recorded answers of GetLiveLeagueGames", () => {
  it.each(FILES)("%s decodes completely: every game, none quarantined, no unknown field", (name) => {
    const raw = gamesOf(name);
    const named = raw.filter((game) => game.radiant_team !== undefined && game.dire_team !== undefined);
    const matches = named.map(follow);
    const decoder = createSteamDecoder({ matches });
    const events = decode(decoder, text(name));
    expect(problemsOf(events)).toEqual([]);
    expect(decoder.stats).toMatchObject({
      polls: 1,
      games: raw.length,
      unnamed: raw.length - named.length,
      foreign: raw.length - named.length,
      quarantined: 0,
      unplaced: 0,
    });
    expect([...decoder.stats.unknownFields.entries()]).toEqual([]);
    expect(raw.length).toBeGreaterThan(30);

    // Counted without the decoder: a game is on when towers stand.
    const on = named.filter(({ scoreboard }) => (scoreboard?.radiant.tower_state ?? 0) > 0);
    const claims = events.filter(isClaim);
    expect(claims.filter(({ claim }) => claim.kind === "game_started")).toHaveLength(on.length);
    const worth = (side: RawSide): number => side.players.reduce((sum, each) => sum + each.net_worth, 0);
    const standing = (bits: number): number => bits.toString(2).replaceAll("0", "").length;
    for (const game of on) {
      const { duration, radiant, dire } = game.scoreboard!;
      const claim = claims.find(
        ({ matchId, claim: said }) => matchId === `m-${game.match_id}` && said.kind === "game_progress",
      )?.claim;
      // The match's teams are dire and radiant, in this order.
      expect(claim).toMatchObject({
        progress: {
          clockMs: Math.round(duration * 1000),
          firstSide: 1,
          score: [dire.score, radiant.score],
          gold: [worth(dire), worth(radiant)],
          towers: [11 - standing(radiant.tower_state), 11 - standing(dire.tower_state)],
        },
      });
    }
  });

  it("tell of a game in both answers as one that went on", () => {
    const yakult = gamesOf(FILES[0]!).find((game) => game.radiant_team?.team_name === "Yakult Brothers")!;
    const decoder = createSteamDecoder({ matches: [follow(yakult)] });
    const events: CoreEvent[] = FILES.flatMap((name, index) =>
      decode(decoder, text(name), stampAt(index * 31_000)),
    );
    expect(told(events)).toEqual([
      "series_started",
      "game_started 1 8930398938",
      "progress 1 7-10",
      "progress 1 10-12",
    ]);
  });

  it("name games that are gone from the second answer, and say nothing of who won them", () => {
    const [first, second] = FILES.map(gamesOf) as [RawGame[], RawGame[]];
    const later = new Set(second.map((game) => game.match_id));
    const gone = first.filter(
      (game) => !later.has(game.match_id) && game.radiant_team !== undefined && game.dire_team !== undefined,
    );
    expect(gone.length).toBeGreaterThan(0);
    const decoder = createSteamDecoder({ matches: gone.map(follow) });
    decode(decoder, text(FILES[0]!));
    const after = [1, 2, 3, 4].flatMap((n) => decode(decoder, text(FILES[1]!), stampAt(n * 10_000)));
    expect(told(after)).toEqual([]);
    for (const game of gone) {
      const started = (game.scoreboard?.radiant.tower_state ?? 0) > 0;
      const { unresolved } = decoder.status(follow(game).matchId)!;
      expect(unresolved).toEqual(started ? [String(game.match_id)] : []);
    }
  });

  it("keep every id exact, also beyond 2^53", () => {
    const lobbies = [...text(FILES[0]!).matchAll(/"lobby_id":\s*(\d+)/g)].map(([, digits]) => digits!);
    expect(lobbies.some((digits) => String(Number(digits)) !== digits)).toBe(true);
    const swapped = text(FILES[0]!)
      .replaceAll(/"match_id":\s*\d+/g, "")
      .replaceAll('"lobby_id"', '"match_id"');
    const named = gamesOf(FILES[0]!)
      .filter((game) => game.radiant_team && game.dire_team)
      .map(follow);
    const refs = decode(
      createSteamDecoder({ matches: named }),
      swapped.replaceAll(/\{\s*,/g, "{").replaceAll(/,\s*,/g, ","),
    )
      .filter(isClaim)
      .flatMap(({ claim }) => (claim.kind === "game_started" ? [claim.ref] : []));
    expect(refs.length).toBeGreaterThan(10);
    expect(refs.every((ref) => lobbies.includes(ref!))).toBe(true);
  });
});
