// Scores series-consistency on real quotes of map and series markets: `npm run series-quotes -- FOLDER [--write]`, with the
// folder of best bids and asks (moneyline.csv.gz, derivatives.csv.gz and their *_markets.csv). `--write` makes
// docs/models/series-consistency.md anew. Prices are the strategy's own functions; entries are held to the settlement.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { SeriesConsistency } from "@matchpoint/sdk";
import {
  combined,
  gameFromSeries,
  gameOfPrice,
  playedChance,
  priceOfGame,
  seriesFromGames,
  type Estimate,
  type Fair,
  type GameTerm,
} from "../packages/sdk/src/strategy/seriesFair.ts";

interface Quote {
  readonly t: number;
  readonly bid: number;
  readonly ask: number;
}
interface Market {
  readonly slug: string;
  readonly y: number | undefined;
  readonly official: boolean;
  readonly quotes: Quote[];
}
interface Match {
  readonly key: string;
  readonly title: string;
  readonly series: Market;
  readonly games: ReadonlyMap<number, Market>;
}
interface Entry {
  readonly match: string;
  readonly about: "series" | "game";
  readonly edge: number;
  readonly cost: number;
  /** What a share made at settlement, in dollars. */
  readonly profit: number;
  /** The mid's move in our favour ten minutes later; `undefined` when there was none. */
  readonly later: number | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const ROOT = resolve(import.meta.dirname, "..");
const folder = resolve(positionals[0] ?? join(ROOT, "../shared/data/polymarket-us-esports-bbo-2026-07-08"));
if (!existsSync(join(folder, "moneyline.csv.gz"))) {
  console.error(`${folder} has no moneyline.csv.gz: name the folder of quotes`);
  process.exit(2);
}
const params = SeriesConsistency.params.parse({});

/** A quote stands until the next one, but nobody looked at it longer than this. */
const STALE_S = 600;
const FEE_RATE = 0.05;
const MIN_GAP_S = 600;
const LATER_S = 600;
/** A map whose last price before its book emptied was beyond this is taken to be decided. */
const SURE = 0.93;

function lines(name: string): string[] {
  const bytes = readFileSync(join(folder, name));
  const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.trimEnd().split("\n").slice(1);
}

/** Slugs have no commas, questions may: label and source are read from the end. */
function markets(kind: "moneyline" | "derivatives"): Map<string, Market> {
  const byIndex = new Map<string, Market>();
  for (const line of lines(`${kind}_markets.csv`)) {
    const parts = line.split(",");
    const [index, slug] = parts as [string, string];
    const [y, source] = parts.slice(-3) as [string, string];
    byIndex.set(index, { slug, y: y === "" ? undefined : Number(y), official: source === "api", quotes: [] });
  }
  for (const line of lines(`${kind}.csv.gz`)) {
    const [index, t, bid, ask] = line.split(",") as [string, string, string, string];
    byIndex
      .get(index)
      ?.quotes.push({ t: Number(t), bid: bid === "" ? 0 : Number(bid), ask: ask === "" ? 1 : Number(ask) });
  }
  return byIndex;
}

function matches(): Match[] {
  const found = new Map<string, { series: Market; games: Map<number, Market> }>();
  for (const market of markets("moneyline").values()) {
    const key = /^aec-(.+)$/.exec(market.slug)?.[1];
    if (key !== undefined && market.y !== undefined) found.set(key, { series: market, games: new Map() });
  }
  for (const market of markets("derivatives").values()) {
    const [, key, game] = /^astatc-(.+)-(?:map|game)(\d)$/.exec(market.slug) ?? [];
    if (key !== undefined && market.y !== undefined) found.get(key)?.games.set(Number(game), market);
  }
  return [...found]
    .filter(([, { games }]) => games.size > 0)
    .map(([key, { series, games }]) => ({ key, title: key.split("-")[0]!, series, games }));
}

/** The quote that stood at a time. */
function at(market: Market, t: number): Quote | undefined {
  const { quotes } = market;
  let low = 0;
  let high = quotes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (quotes[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  const quote = quotes[low - 1];
  return quote === undefined || t - quote.t > STALE_S ? undefined : quote;
}

function estimate(quote: Quote | undefined, maxSpread: number): Estimate | undefined {
  if (quote === undefined || quote.bid <= 0 || quote.ask >= 1 || quote.ask < quote.bid) return undefined;
  const spread = quote.ask - quote.bid;
  if (spread > maxSpread) return undefined;
  return {
    p: (quote.bid + quote.ask) / 2,
    sd: Math.sqrt((spread * spread) / 12 + params.quote_sd * params.quote_sd),
  };
}

/** What is known of a match's games by the prices alone, as they were at a time. */
class Watch {
  readonly #sure = new Map<number, 0 | 1>();
  prior = 0;

  terms(match: Match, t: number, own: number): GameTerm[] | undefined {
    const bestOf = match.games.has(3) || match.games.has(4) ? 5 : 3;
    const games: GameTerm[] = [];
    const opening: number[] = [];
    for (let game = 1; game <= bestOf; game++) {
      const market = match.games.get(game);
      const price = market === undefined ? undefined : estimate(at(market, t), params.max_spread);
      if (price !== undefined) {
        if (price.p > SURE) this.#sure.set(game, 1);
        else if (price.p < 1 - SURE) this.#sure.set(game, 0);
        else this.#sure.delete(game);
      }
      const sure = this.#sure.get(game);
      const played = playedChance(bestOf, games, game - 1);
      if (game === own) games.push({ p: price?.p ?? 0.5, sd: 0 });
      else if (price !== undefined && played >= params.min_played) {
        const term = gameOfPrice(price, played);
        games.push(term);
        if (sure === undefined) opening.push(term.p);
      } else if (sure !== undefined) games.push({ p: sure, sd: 0.02 });
      else games.push(undefined);
    }
    if (opening.length > 0) this.prior = opening.reduce((sum, p) => sum + p, 0) / opening.length;
    if (this.prior === 0 && games.includes(undefined)) return undefined;
    return games.map((game) => game ?? { p: this.prior, sd: params.later_sd });
  }
}

function fairOf(match: Match, watch: Watch, t: number, own: number): Fair | undefined {
  const games = watch.terms(match, t, own);
  if (games === undefined) return undefined;
  if (own === 0) {
    const priced = [...match.games.values()].some(
      (market) => estimate(at(market, t), params.max_spread) !== undefined,
    );
    return priced ? { known: true, ...seriesFromGames(games.length, games) } : undefined;
  }
  const series = estimate(at(match.series, t), params.max_spread);
  if (series === undefined) return undefined;
  const fair = gameFromSeries(games.length, games, own - 1, series, params.min_weight);
  return fair.known
    ? { known: true, ...priceOfGame(fair, playedChance(games.length, games, own - 1)) }
    : fair;
}

function score(match: Match): { readonly entries: Entry[]; readonly gaps: number[] } {
  const entries: Entry[] = [];
  const gaps: number[] = [];
  const all: readonly (readonly [number, Market])[] = [[0, match.series], ...match.games];
  const times = [...new Set(all.flatMap(([, { quotes }]) => quotes.map(({ t }) => t)))].sort((a, b) => a - b);
  const watch = new Watch();
  const lastEntry = new Map<number, number>();
  for (const t of times) {
    for (const [own, market] of all) {
      const quote = at(market, t);
      const book = estimate(quote, params.max_spread);
      if (quote === undefined || book === undefined || book.p > SURE || book.p < 1 - SURE) continue;
      const fair = fairOf(match, watch, t, own);
      if (fair?.known !== true) continue;
      if (own === 0) gaps.push(fair.p - book.p);
      const both = combined(book, fair);
      for (const outcome of [0, 1] as const) {
        const p = outcome === 0 ? both.p : 1 - both.p;
        const ask = outcome === 0 ? quote.ask : 1 - quote.bid;
        const fee = FEE_RATE * ask * (1 - ask);
        const edge = p - ask - fee;
        if (edge < params.edge_threshold || edge > params.edge_max) continue;
        if (t - (lastEntry.get(own) ?? -Infinity) < MIN_GAP_S) continue;
        lastEntry.set(own, t);
        const pays = outcome === 0 ? market.y! : 1 - market.y!;
        const after = estimate(at(market, t + LATER_S), 1);
        const moved = after === undefined ? undefined : (after.p - book.p) * (outcome === 0 ? 1 : -1);
        entries.push({
          match: match.key,
          about: own === 0 ? "series" : "game",
          edge,
          cost: ask + fee,
          profit: pays - ask - fee,
          later: moved,
        });
      }
    }
  }
  return { entries, gaps };
}

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

/** The middle 95 % of means over matches drawn anew, 2,000 times: entries of one match are one observation. */
function interval(entries: readonly Entry[]): readonly [number, number] {
  const byMatch = new Map<string, Entry[]>();
  for (const entry of entries) byMatch.set(entry.match, [...(byMatch.get(entry.match) ?? []), entry]);
  const groups = [...byMatch.values()];
  let state = 12_345;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const means = Array.from({ length: 2_000 }, () => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < groups.length; i++) {
      for (const { profit } of groups[Math.floor(random() * groups.length)]!) {
        sum += profit;
        count += 1;
      }
    }
    return sum / count;
  }).sort((a, b) => a - b);
  return [means[50]!, means[1_949]!];
}

const cents = (dollars: number): string => (dollars * 100).toFixed(2);

function row(name: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return `| ${name} | 0 | | | | | |`;
  const [low, high] = interval(entries);
  const later = entries.flatMap((entry) => (entry.later === undefined ? [] : [entry.later]));
  return `| ${name} | ${entries.length} | ${new Set(entries.map((entry) => entry.match)).size} | ${cents(mean(entries.map((e) => e.edge)))} | ${cents(mean(entries.map((e) => e.profit)))} | ${cents(low)} to ${cents(high)} | ${later.length === 0 ? "" : cents(mean(later))} |`;
}

const played = matches();
const results = played.map((match) => ({ match, ...score(match) }));
const entries = results.flatMap((result) => result.entries);
const gaps = results.flatMap((result) => result.gaps).sort((a, b) => Math.abs(a) - Math.abs(b));
const quantile = (q: number): string => cents(Math.abs(gaps[Math.floor((gaps.length - 1) * q)]!));
const official = new Set(played.filter(({ series }) => series.official).map(({ key }) => key));
const rows = [
  row("all", entries),
  row(
    "series bought",
    entries.filter(({ about }) => about === "series"),
  ),
  row(
    "games bought",
    entries.filter(({ about }) => about === "game"),
  ),
  row(
    "matches whose series label is the venue's own",
    entries.filter(({ match }) => official.has(match)),
  ),
  ...[...new Set(played.map(({ title }) => title))].sort().map((title) =>
    row(
      title,
      entries.filter(({ match }) => match.startsWith(`${title}-`)),
    ),
  ),
];
const head =
  "| entries | n | matches | edge seen, ¢ | made at settlement, ¢ per share | 95 % (by match) | mid 10 min later, ¢ |\n| --- | --- | --- | --- | --- | --- | --- |";
const table = `${head}\n${rows.join("\n")}`;
const summary =
  `${played.length} matches with a series and ${played.reduce((sum, { games }) => sum + games.size, 0)} game markets, all labelled; ` +
  `${gaps.length} moments at which the series could be priced by its games. The difference between both prices: ` +
  `median ${quantile(0.5)} ¢, 90 % within ${quantile(0.9)} ¢, 99 % within ${quantile(0.99)} ¢.`;

if (values.json) {
  console.log(
    JSON.stringify({
      matches: played.length,
      moments: gaps.length,
      entries: entries.length,
      profit: mean(entries.map((e) => e.profit)),
    }),
  );
} else {
  console.log(summary);
  console.log(table);
}
if (values.write) {
  const page = join(ROOT, "docs/models/series-consistency.md");
  const text = readFileSync(page, "utf8");
  const marked = /(<!-- figures -->\n)[^]*?(<!-- end of figures -->)/;
  writeFileSync(page, text.replace(marked, `$1\n${summary}\n\n${table}\n\n$2`));
}
