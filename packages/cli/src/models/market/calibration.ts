import { score, type Scores } from "../evaluate.ts";
import { seededRandom } from "../statistics/random.ts";
import type { Sample } from "../titles.ts";
import type { Look, QuotedMarket } from "./quotes.ts";

/** Quotes wider than this say too little to be called a price. */
export const WIDEST = 0.1;
/** A market whose mid is beyond this is over, whatever the book still says. */
const OVER = 0.03;

/** Minutes before a market was over: from, to. */
export const SPANS: readonly (readonly [from: number, to: number])[] = [
  [0, 10],
  [10, 30],
  [30, 60],
  [60, 120],
  [120, 360],
  [360, 1440],
];

/** The market's own forecast: how good its mid was. */
export interface MarketCalibration {
  readonly kind: "match" | "game";
  readonly labels: "the venue's own" | "all";
  /** The first price of all, and one drawn from all: neither needs to know how it ended, nor when. */
  readonly opening: Scores;
  readonly drawn: Scores;
  /** So long before it was over, which nobody knew then. */
  readonly spans: readonly { readonly from: number; readonly to: number; readonly scores: Scores }[];
  /** By title, ten to thirty minutes before the end. */
  readonly titles: readonly { readonly title: string; readonly scores: Scores }[];
}

/** The mid of a look that is a price. */
export function midOf({ bid, ask }: Look): number | undefined {
  if (bid === undefined || ask === undefined || ask < bid || ask - bid > WIDEST) return undefined;
  return (bid + ask) / 2;
}

/** Scores the mids of markets by how long it was before each of them was over: one look per market and span. */
export function calibrateMarkets(markets: readonly QuotedMarket[]): MarketCalibration[] {
  const kinds: readonly MarketCalibration["kind"][] = ["match", "game"];
  return kinds.flatMap((kind) => {
    const ours = markets.filter(({ game }) => (game === undefined) === (kind === "match"));
    return (["the venue's own", "all"] as const).map((labels) =>
      calibrate(
        kind,
        labels,
        ours.filter(({ official }) => official || labels === "all"),
      ),
    );
  });
}

function calibrate(
  kind: MarketCalibration["kind"],
  labels: MarketCalibration["labels"],
  markets: readonly QuotedMarket[],
): MarketCalibration {
  const samples = markets.flatMap(samplesOf);
  const titles = [...new Set(markets.map(({ title }) => title))].toSorted();
  const late = samples.filter(({ at }) => at === 1);
  return {
    kind,
    labels,
    opening: score(markets.flatMap((market) => sampleAt(market, (looks) => looks[0]))),
    drawn: score(markets.flatMap((market) => sampleAt(market, (looks) => looks[draw(market, looks)]))),
    spans: SPANS.flatMap(([from, to], at) => {
      const here = samples.filter((sample) => sample.at === at);
      return here.length === 0 ? [] : [{ from, to, scores: score(here) }];
    }),
    titles: titles.flatMap((title) => {
      const here = late.filter(({ part }) => part === title);
      return here.length === 0 ? [] : [{ title, scores: score(here) }];
    }),
  };
}

/** One look of those that are a price. */
function sampleAt(
  { won, looks, slug, match }: QuotedMarket,
  pick: (looks: readonly Look[]) => Look | undefined,
): Sample[] {
  if (won === undefined) return [];
  const look = pick(looks.filter((each) => midOf(each) !== undefined));
  return look === undefined ? [] : [{ at: 0, game: slug, match, p: held(midOf(look)!), won, rivals: {} }];
}

/** Drawn by the number of looks and the name's length alone: the same in every run. */
function draw({ slug, looks: all }: QuotedMarket, looks: readonly Look[]): number {
  return Math.floor(seededRandom(all.length * 1_000 + slug.length)() * looks.length);
}

/** A price of nothing would lose everything on one surprise. */
function held(mid: number): number {
  return Math.min(0.999, Math.max(0.001, mid));
}

/** In each span the last look at which the market had a price. `at` is the span's place in {@link SPANS}. */
function samplesOf({ won, looks, slug, match, title }: QuotedMarket): Sample[] {
  const end = endOf(looks);
  if (won === undefined || end === undefined) return [];
  return SPANS.flatMap(([from, to], at) => {
    const look = looks.findLast(({ t, ...quote }) => {
      const minutes = (end - t) / 60;
      return minutes > from && minutes <= to && midOf({ t, ...quote }) !== undefined;
    });
    if (look === undefined) return [];
    return [{ at, part: title, game: slug, match, p: held(midOf(look)!), won, rivals: {} }];
  });
}

/**
 * When a market was over: the first look at a mid beyond {@link OVER} after which it never came back, or else the last look
 * of all. The side that it ended on does not enter.
 */
function endOf(looks: readonly Look[]): number | undefined {
  const open = looks.findLastIndex((look) => {
    const mid = midOf(look);
    return mid !== undefined && mid > OVER && mid < 1 - OVER;
  });
  if (open < 0) return undefined;
  return looks[open + 1]?.t ?? looks[open]!.t;
}
