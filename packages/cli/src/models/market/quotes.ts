import { join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { LineFile } from "../../import/lines.ts";

/** Best bid and ask of the first-named side at one look; a side that nobody quoted is absent. */
export interface Look {
  /** Unix seconds. */
  readonly t: number;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
}

/** A market on a match, or on one game (map) of it, with how it ended. */
export interface QuotedMarket {
  readonly slug: string;
  readonly title: string;
  /** Title, teams and day: markets of one match share it. */
  readonly match: string;
  /** The game that it is about; `undefined` for the match itself. */
  readonly game: number | undefined;
  /** Whether the first-named side won; `undefined` when that is not known or it was neither. */
  readonly won: boolean | undefined;
  /** Whether the label is the venue's own; otherwise it was inferred from the last prices. */
  readonly official: boolean;
  readonly looks: readonly Look[];
}

const SERIES = /^aec-([a-z0-9]+)-(.+-\d{4}-\d{2}-\d{2})$/;
const GAME = /^astatc-([a-z0-9]+)-(.+-\d{4}-\d{2}-\d{2})-(?:map|game)(\d)$/;

interface Subject {
  readonly title: string;
  readonly match: string;
  readonly game: number | undefined;
}

/** What a slug of the venue is about; `undefined` for totals, handicaps, three-way markets and the like. */
export function subjectOf(slug: string): Subject | undefined {
  const found = SERIES.exec(slug) ?? GAME.exec(slug);
  if (found === null) return undefined;
  const [, title, rest, game] = found;
  return { title: title!, match: `${title} ${rest}`, game: game === undefined ? undefined : Number(game) };
}

/**
 * Reads a folder of best bids and asks: `moneyline.csv.gz` and `derivatives.csv.gz` with `i,t,bid,ask`, and beside each its
 * `*_markets.csv` with `i,slug,question,y,source,raw_rows`. Markets on matches and on single games are kept.
 *
 * @throws MatchpointError `FILE_NOT_FOUND`, or `RECORDING_INVALID` naming the line
 */
export async function readQuotedMarkets(folder: string): Promise<QuotedMarket[]> {
  const markets: QuotedMarket[] = [];
  for (const kind of ["moneyline", "derivatives"]) markets.push(...(await readKind(folder, kind)));
  return markets;
}

async function readKind(folder: string, kind: string): Promise<QuotedMarket[]> {
  const markets = new Map<string, QuotedMarket & { readonly looks: Look[] }>();
  for await (const { cells, where } of rows(join(folder, `${kind}_markets.csv`))) {
    // Questions may hold commas: what comes after them is counted from the end.
    const [index, slug] = cells;
    const [label, source] = cells.slice(-3);
    if (slug === undefined || source === undefined) throw broken(where);
    const subject = subjectOf(slug);
    if (subject === undefined) continue;
    const won = label === "1" ? true : label === "0" ? false : undefined;
    markets.set(index!, { slug, ...subject, won, official: source === "api", looks: [] });
  }
  for await (const { cells, where } of rows(join(folder, `${kind}.csv.gz`))) {
    const [index, t, bid, ask] = cells;
    if (ask === undefined) throw broken(where);
    markets.get(index!)?.looks.push({ t: Number(t), bid: price(bid!, where), ask: price(ask, where) });
  }
  return [...markets.values()].filter(({ looks }) => looks.length > 0);
}

async function* rows(path: string): AsyncGenerator<{ readonly cells: string[]; readonly where: string }> {
  let number = 0;
  for await (const line of new LineFile(path).lines()) {
    number += 1;
    if (number > 1 && line !== "") yield { cells: line.split(","), where: `${path}:${number}` };
  }
}

function price(cell: string, where: string): number | undefined {
  if (cell === "") return undefined;
  const value = Number(cell);
  if (!(value >= 0 && value <= 1)) throw broken(where);
  return value;
}

function broken(where: string): MatchpointError {
  return new MatchpointError("RECORDING_INVALID", "the line is not of this collection's form", {
    where,
    hint: "Markets: i,slug,question,y,source,raw_rows. Quotes: i,t,bid,ask with prices from 0 to 1.",
  });
}
