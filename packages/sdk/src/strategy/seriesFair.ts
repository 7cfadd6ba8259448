import type { GameTruth } from "../state/index.ts";
import { seriesWinProbability, winsNeeded } from "../truth/index.ts";
import type { SiblingMarket } from "./context.ts";

/** Team 0's probability with one standard deviation. */
export interface Estimate {
  readonly p: number;
  readonly sd: number;
}

/** One game of the series as the recursion takes it: an estimate, `void` (counts for nobody), or nothing known of it. */
export type GameTerm = Estimate | "void" | undefined;

/** A price for one market of a match from the others, or why there is none. */
export type Fair = (Estimate & { readonly known: true }) | { readonly known: false; readonly why: string };

/** What is held of a game that is as good as decided. */
const NEARLY = 0.99;

/** A sibling's mid as team 0's probability; `undefined` while its book is not to be believed or too wide. */
export function midOf(sibling: SiblingMarket, maxSpread: number, quoteSd: number): Estimate | undefined {
  const { subject } = sibling.market;
  if (subject === undefined || sibling.status === "RESOLVED" || sibling.status === "HALT") return undefined;
  const { status } = sibling.book;
  if (status !== "live" && status !== "synthetic") return undefined;
  const quote = sibling.quote(subject.teamOf[0] === 0 ? 0 : 1);
  if (quote.mid === undefined) return undefined;
  const spread = (quote.ask - quote.bid) / 10_000;
  if (spread > maxSpread) return undefined;
  // A price uniformly distributed between bid and ask has a variance of a twelfth of the spread's square.
  return { p: quote.mid, sd: Math.sqrt((spread * spread) / 12 + quoteSd * quoteSd) };
}

/**
 * What two independent estimates of the same thing come to: each counts by how sure it is (inverse variances). A wide own book
 * yields to its siblings, a noisy implied price to the book.
 */
export function combined(own: Estimate, implied: Estimate): Estimate {
  const [a, b] = [own.sd * own.sd, implied.sd * implied.sd];
  if (a + b === 0) return { p: (own.p + implied.p) / 2, sd: 0 };
  return { p: (own.p * b + implied.p * a) / (a + b), sd: Math.sqrt((a * b) / (a + b)) };
}

/** What truth makes of a game: decided, void, or still open (`undefined`). */
export function decided(game: GameTruth): GameTerm {
  switch (game.status) {
    case "final":
      return game.winner === undefined ? "void" : { p: game.winner === 0 ? 1 : 0, sd: 0 };
    case "effectively_final":
      return game.winner === undefined ? undefined : { p: game.winner === 0 ? NEARLY : 1 - NEARLY, sd: 0 };
    case "void":
    case "not_played":
      return "void";
    case "scheduled":
    case "live":
    case "paused":
    case "disputed":
    case "retracted":
      return undefined;
  }
}

function pricesOf(games: readonly GameTerm[]): (number | undefined)[] {
  return games.map((game) => (game === "void" ? undefined : game!.p));
}

/** How much the series moves when one game's probability moves: the recursion is linear in each of them. */
export function weightOf(bestOf: number, games: readonly GameTerm[], index: number): number {
  const prices = pricesOf(games);
  const at = (p: number): number =>
    seriesWinProbability(bestOf, [...prices.slice(0, index), p, ...prices.slice(index + 1)]);
  return at(1) - at(0);
}

/** How likely it is that a game will be played: that the games before it leave the series undecided. */
export function playedChance(bestOf: number, games: readonly GameTerm[], index: number): number {
  const needed = winsNeeded(bestOf);
  // open[w] is the probability of w wins of team 0 with the series undecided after the games so far.
  let open: number[] = [1];
  let counted = 0;
  for (let i = 0; i < index; i++) {
    const game = games[i];
    if (game === "void") continue;
    const p = game?.p ?? 0.5;
    counted += 1;
    const next: number[] = Array.from({ length: counted + 1 }, () => 0);
    open.forEach((mass, wins) => {
      if (wins + 1 < needed) next[wins + 1]! += mass * p;
      if (counted - wins < needed) next[wins]! += mass * (1 - p);
    });
    open = next;
  }
  return Math.min(
    1,
    open.reduce((sum, mass) => sum + mass, 0),
  );
}

/**
 * What a game's market price says of the game itself. A game that is not played pays half, so the price is
 * `played * p + (1 - played) / 2`; the error grows as the chance of play falls.
 */
export function gameOfPrice(price: Estimate, played: number): Estimate {
  const p = 0.5 + (price.p - 0.5) / played;
  return { p: p < 0 ? 0 : p > 1 ? 1 : p, sd: price.sd / played };
}

/** What a game's market is worth when the game is worth `game` and is played with chance `played`. */
export function priceOfGame(game: Estimate, played: number): Estimate {
  return { p: played * game.p + (1 - played) / 2, sd: game.sd * played };
}

/**
 * The series from its games, by the exact recursion; errors of the games are taken to be independent.
 * Every game must be there.
 */
export function seriesFromGames(bestOf: number, games: readonly GameTerm[]): Estimate {
  let variance = 0;
  games.forEach((game, index) => {
    if (game === "void" || game!.sd === 0) return;
    const part = weightOf(bestOf, games, index) * game!.sd;
    variance += part * part;
  });
  return { p: seriesWinProbability(bestOf, pricesOf(games)), sd: Math.sqrt(variance) };
}

/**
 * One game from the series and the other games: what its probability must be for the recursion to give the series' price.
 * The error of the rest is divided by the game's weight; below `minWeight` there is no answer.
 */
export function gameFromSeries(
  bestOf: number,
  games: readonly GameTerm[],
  index: number,
  series: Estimate,
  minWeight: number,
): Fair {
  const given = (p: number): readonly GameTerm[] =>
    games.map((game, i) => (i === index ? { p, sd: 0 } : game));
  const weight = weightOf(bestOf, given(0), index);
  if (weight < minWeight) return { known: false, why: "the game hardly moves the series" };
  const p = (series.p - seriesFromGames(bestOf, given(0)).p) / weight;
  if (p < 0 || p > 1) return { known: false, why: "no price of the game fits the series" };
  const rest = seriesFromGames(bestOf, given(p)).sd;
  return { known: true, p, sd: Math.sqrt(rest * rest + series.sd * series.sd) / weight };
}
