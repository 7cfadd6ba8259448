import { carriedChance, seriesWinProbability, type Title } from "@matchpoint/sdk";
import { bootstrapMean, type Interval } from "../statistics/bootstrap.ts";
import { seededRandom } from "../statistics/random.ts";
import { brier, logLoss, squaredError, surprise, type Outcome } from "../statistics/scores.ts";
import { midOf } from "./calibration.ts";
import type { Look, QuotedMarket } from "./quotes.ts";

/** Series whose games are priced at the same time: does the series' price follow from theirs, and who knows better? */
export interface Coherence {
  readonly matches: number;
  /** The series' own mid on its label. */
  readonly own: Losses;
  /** The recursion over the games' mids, games without a price being even, or carried from those before. */
  readonly recursions: readonly Recursion[];
}

/** A recursion against the series' own price. */
export interface Recursion extends Losses {
  readonly open: "even" | "carried";
  /** Series' mid less the recursion, over all looks. */
  readonly difference: Interval;
  readonly medianAbsolute: number;
  readonly within5Cents: number;
  /** The recursion's loss less that of the series' own mid. */
  readonly logLossLess: Interval;
  readonly brierLess: Interval;
}

interface Losses {
  readonly n: number;
  readonly brier: number;
  readonly logLoss: number;
}

/** How often the winner of the first game won the second, by title. */
export interface Carry {
  readonly title: string;
  readonly matches: number;
  readonly sameWinner: number;
  readonly standardError: number;
  /** What the SDK's series recursion takes it to be. */
  readonly assumed: number;
}

/** A quote stands until the next one, but nobody looked at it longer than this. */
const STANDS_S = 600;
/** A game whose last price was beyond this and which nobody quotes any more was decided. */
const DECIDED = 0.93;
const SEED = 20_260_710;

interface Priced {
  readonly match: string;
  readonly series: number;
  readonly even: number;
  readonly carried: number;
  readonly won: boolean | undefined;
}

/** Compares series of three with their games, at one look per match that is drawn from all at which both have a price. */
export function compareSeries(markets: readonly QuotedMarket[]): Coherence {
  const random = seededRandom(SEED);
  const priced = groups(markets).flatMap((match) => {
    const looks = pricedLooks(match);
    return looks.length === 0 ? [] : [looks[Math.floor(random() * looks.length)]!];
  });
  const own = outcomes(priced, ({ series }) => series);
  return {
    matches: priced.length,
    own: { n: own.length, brier: brier(own), logLoss: logLoss(own) },
    recursions: (["even", "carried"] as const).map((open) => recursion(priced, open)),
  };
}

function recursion(priced: readonly Priced[], open: "even" | "carried"): Recursion {
  const theirs = outcomes(priced, ({ series }) => series);
  const ours = outcomes(priced, (each) => each[open]);
  const less = (loss: typeof surprise): Interval =>
    bootstrapMean(
      ours.map((outcome, i) => ({ cluster: outcome.match, value: loss(outcome) - loss(theirs[i]!) })),
    );
  const away = priced.map((each) => Math.abs(each.series - each[open])).toSorted((a, b) => a - b);
  return {
    open,
    n: ours.length,
    brier: brier(ours),
    logLoss: logLoss(ours),
    difference: bootstrapMean(
      priced.map((each) => ({ cluster: each.match, value: each.series - each[open] })),
    ),
    medianAbsolute: away[Math.floor(away.length / 2)] ?? NaN,
    within5Cents: away.filter((difference) => difference <= 0.05).length / away.length,
    logLossLess: less(surprise),
    brierLess: less(squaredError),
  };
}

function outcomes(
  priced: readonly Priced[],
  p: (each: Priced) => number,
): (Outcome & { readonly match: string })[] {
  return priced.flatMap((each) =>
    each.won === undefined
      ? []
      : [{ match: each.match, p: Math.min(0.999, Math.max(0.001, p(each))), won: each.won }],
  );
}

/** How much a game tells of the next one of the same match. */
export function measureCarry(markets: readonly QuotedMarket[]): Carry[] {
  const counts = new Map<string, { matches: number; same: number }>();
  for (const match of groups(markets)) {
    const [first, second] = [1, 2].map((game) => match.find((market) => market.game === game)?.won);
    if (first === undefined || second === undefined) continue;
    const { title } = match[0]!;
    const count = counts.get(title) ?? { matches: 0, same: 0 };
    count.matches += 1;
    count.same += first === second ? 1 : 0;
    counts.set(title, count);
  }
  return [...counts]
    .map(([title, { matches, same }]) => {
      const share = same / matches;
      return {
        title,
        matches,
        sameWinner: share,
        standardError: Math.sqrt((share * (1 - share)) / matches),
        assumed: carriedChance(title as Title, 1, 0),
      };
    })
    .toSorted((a, b) => (a.title < b.title ? -1 : 1));
}

function groups(markets: readonly QuotedMarket[]): QuotedMarket[][] {
  const matches = new Map<string, QuotedMarket[]>();
  for (const market of markets) {
    const known = matches.get(market.match);
    if (known === undefined) matches.set(market.match, [market]);
    else known.push(market);
  }
  return [...matches.values()];
}

/** All looks at the series at which it and its first game have a price, or that one is decided. */
function pricedLooks(match: readonly QuotedMarket[]): Priced[] {
  const series = match.find(({ game }) => game === undefined);
  const games = [1, 2, 3].map((game) => match.find((market) => market.game === game));
  // Five games would have a market on the fourth.
  if (series === undefined || match.some(({ game }) => game === 4)) return [];
  const title = series.title as Title;
  return series.looks.flatMap((look) => {
    const own = midOf(look);
    const terms = games.map((market) => (market === undefined ? "open" : termAt(market.looks, look.t)));
    if (own === undefined || terms[0] === "open") return [];
    return [
      {
        match: series.match,
        series: own,
        even: seriesWinProbability(3, terms),
        carried: seriesWinProbability(3, terms, (won, lost) => carriedChance(title, won, lost)),
        won: series.won,
      },
    ];
  });
}

function termAt(looks: readonly Look[], t: number): number | "open" {
  const last = looks.findLast((each) => each.t <= t);
  if (last === undefined) return "open";
  const mid = midOf(last);
  if (mid !== undefined && t - last.t <= STANDS_S) return mid;
  const spoken = looks.findLast((each) => each.t <= t && midOf(each) !== undefined);
  const price = spoken === undefined ? 0.5 : midOf(spoken)!;
  return price > DECIDED ? 1 : price < 1 - DECIDED ? 0 : "open";
}
