import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeGammaMarket, type GammaMarket } from "@matchpoint/adapters-polymarket";
import { readInstant, type Millis, type ProviderMatch, type Team } from "@matchpoint/sdk";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../shared/data");
const paths = {
  gamma: resolve(data, "polymarket-gamma-esports-2026-03-11/markets.jsonl.gz"),
  dota2: resolve(data, "dota2-opendota-fixtures/pro_matches_flat_2025-10_2026-08.csv"),
  cs2: resolve(data, "cs2-series-results-elo-2023-2026/series.csv.gz"),
  us: resolve(data, "polymarket-us-esports-bbo-2026-07-08/moneyline_markets.csv"),
};

/** Whether the recordings are on this machine. */
export const recorded = Object.values(paths).every((path) => existsSync(path));
if (!recorded) console.warn(`skipped: no recorded listings and results in ${data} (set MATCHPOINT_DATA)`);

/** A provider's match with the winner that it states, in its own order; `undefined`: level, or not stated. */
export interface PlayedMatch {
  readonly match: ProviderMatch;
  readonly winner: Team | undefined;
}

/** What the raw record of a market says of what has happened: the event's score and whether it is over. */
export interface Listing {
  readonly market: GammaMarket;
  readonly score: string | undefined;
  readonly ended: boolean;
  readonly prices: readonly [number, number];
  readonly question: string;
  readonly eventTitle: string;
}

interface RawMarket {
  readonly question: string;
  readonly outcomePrices: string;
  readonly events: readonly { readonly title: string; readonly score?: string; readonly ended?: boolean }[];
}

/** The 996 esports markets that were listed on 2026-03-11. */
export function listings(): readonly Listing[] {
  const lines = gunzipSync(readFileSync(paths.gamma)).toString("utf8").trim().split("\n");
  return lines.flatMap((line) => {
    const raw = JSON.parse(line) as RawMarket;
    const market = decodeGammaMarket(raw);
    if (market.kind === "refused") throw new Error(`${raw.question}: ${market.reason}`);
    const prices = (JSON.parse(raw.outcomePrices) as string[]).map(Number) as [number, number];
    const event = raw.events[0]!;
    return [
      {
        market,
        prices,
        question: raw.question,
        eventTitle: event.title,
        score: event.score,
        ended: event.ended === true,
      },
    ];
  });
}

/** Rows of a comma-separated file; fields with commas are quoted. */
function rows(text: string): readonly Record<string, string>[] {
  const [head, ...lines] = text.trim().split("\n");
  const names = head!.split(",");
  return lines.map((line) => {
    const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
    return Object.fromEntries(
      names.map((name, index) => [
        name,
        fields[index]?.[1]?.replaceAll('""', '"') ?? fields[index]?.[2]?.trim() ?? "",
      ]),
    );
  });
}

/**
 * CS2 series results. The file's times have no offset; they are those of Moscow, as laying any other source beside them shows.
 */
export function cs2Results(offset = "+03:00"): readonly PlayedMatch[] {
  return rows(gunzipSync(readFileSync(paths.cs2)).toString("utf8")).map((row) => ({
    match: {
      source: "cs2_results",
      id: row["match_id"]!,
      title: "cs2",
      league: row["tournament"]!,
      startsAt: readInstant(row["datetime"]!, offset),
      bestOf: Number(row["bestOf"]),
      teams: [
        { name: row["team1"]!, id: row["team1"]! },
        { name: row["team2"]!, id: row["team2"]! },
      ],
    },
    winner: row["team1_series_win"] === "1" ? 0 : 1,
  }));
}

/** The longest break between two games of one series in these results, with room. */
const SAME_SERIES_MS = 2.5 * 3_600_000;

/** Dota 2 series, put together from OpenDota's games: the same pair in one league, one game soon after the other. Times are UTC. */
export function dota2Results(): readonly PlayedMatch[] {
  const games = rows(readFileSync(paths.dota2, "utf8"))
    .map((row) => ({
      id: row["match_id"]!,
      league: row["league_name"]!,
      at: readInstant(row["start_time"]!, "Z"),
      radiant: { name: row["radiant_team_name"]!, id: row["radiant_team_id"]! },
      dire: { name: row["dire_team_name"]!, id: row["dire_team_id"]! },
      radiantWin: row["radiant_win"] === "True",
    }))
    .sort((a, b) => a.at - b.at);
  const series: { first: (typeof games)[number]; last: number; wins: [number, number] }[] = [];
  for (const game of games) {
    const open = series.findLast(
      ({ first, last }) =>
        first.league === game.league &&
        game.at - last < SAME_SERIES_MS &&
        [first.radiant.id, first.dire.id].sort().join() === [game.radiant.id, game.dire.id].sort().join(),
    );
    const winner = game.radiantWin ? game.radiant.id : game.dire.id;
    const own = open ?? { first: game, last: game.at, wins: [0, 0] };
    if (open === undefined) series.push(own);
    own.last = game.at;
    own.wins[winner === own.first.radiant.id ? 0 : 1] += 1;
  }
  return series.map(({ first, wins }) => ({
    match: {
      source: "opendota",
      id: first.id,
      title: "dota2",
      league: first.league,
      startsAt: first.at,
      teams: [first.radiant, first.dire],
    },
    winner: wins[0] === wins[1] ? undefined : wins[0] > wins[1] ? 0 : 1,
  }));
}

/** A series market of Polymarket's US venue, whose listing gives a day and no hour. */
export interface UsListing {
  readonly id: string;
  readonly title: "dota2" | "cs2";
  readonly names: readonly [string, string];
  /** Noon of its day, UTC. */
  readonly noon: Millis;
  /** Which of the two the venue paid, where that is known and not inferred from the last price. */
  readonly paid: Team | undefined;
}

/** The Dota 2 series markets of July and August 2026. */
export function usListings(title: "dota2" | "cs2" = "dota2"): readonly UsListing[] {
  return rows(readFileSync(paths.us, "utf8")).flatMap(({ slug, question, y }) => {
    const day = new RegExp(`^aec-${title}-.*-(\\d{4}-\\d\\d-\\d\\d)$`).exec(slug!)?.[1];
    const names = / esports event (.+?) vs\.? (.+?) sch[a-z]*\b/.exec(question!);
    if (day === undefined || names === null) return [];
    const paid = y === "1" ? 0 : y === "0" ? 1 : undefined;
    return [{ id: slug!, title, names: [names[1]!, names[2]!], noon: readInstant(`${day}T12:00:00Z`), paid }];
  });
}
