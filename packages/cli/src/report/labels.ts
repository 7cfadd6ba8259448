import type { Core, MarketEntry, MarketId, MatchDescription } from "@matchpoint/sdk";
import { plain } from "./format.ts";

/** The markets of a run as people want to see them: in order, each under a short name. */
export interface MarketList {
  readonly entries: readonly MarketEntry[];
  label(marketId: MarketId | undefined): string;
  /** A truth machine's subject, `match#2`, in words. */
  subject(subject: string): string;
  /** The match that all markets are about, if it is one. */
  readonly match: MatchDescription | undefined;
}

/**
 * Names the markets of a run: of one match simply `Series` and `Game 2`, of several with the teams before; a market whose
 * subject nobody states keeps its title. The series comes first, then its games.
 */
export function listMarkets(core: Core): MarketList {
  const entries = [...core.markets()].sort(inOrder);
  const matches = new Map<string, MatchDescription>();
  for (const { market, truth } of entries) {
    if (market.subject !== undefined && truth !== undefined)
      matches.set(market.subject.matchId, truth.match.match);
  }
  const proven = entries.every(({ market }) => market.subject !== undefined);
  const single = proven && matches.size === 1 ? [...matches.values()][0] : undefined;
  const nameOf = (match: MatchDescription, game: number | undefined): string => {
    const part = game !== undefined ? `Game ${game}` : match.bestOf === 1 ? "Match" : "Series";
    return single === undefined
      ? `${match.teams[0].name} v ${match.teams[1].name}, ${part.toLowerCase()}`
      : part;
  };
  const names = new Map<MarketId, string>();
  const times = new Map<string, number>();
  for (const { market, truth } of entries) {
    const { subject, marketId } = market;
    const match = truth?.match.match;
    const name =
      subject === undefined || match === undefined
        ? plain(market.title)
        : nameOf(match, subject.kind === "game" ? subject.game : undefined);
    names.set(marketId, name);
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  for (const { market } of entries) {
    // Two markets on the same thing (a winner and a handicap) are told apart by their titles only.
    if (times.get(names.get(market.marketId)!)! > 1) names.set(market.marketId, plain(market.title));
  }
  return {
    entries,
    match: single,
    label: (marketId) => (marketId === undefined ? "" : (names.get(marketId) ?? marketId)),
    subject: (text) => {
      const [matchId = "", game] = text.split("#");
      const match = matches.get(matchId);
      return match === undefined ? text : nameOf(match, game === undefined ? undefined : Number(game));
    },
  };
}

function inOrder({ market: a }: MarketEntry, { market: b }: MarketEntry): number {
  return compare(rank(a), rank(b)) || compare(a.title, b.title) || compare(a.marketId, b.marketId);
}

function rank({ subject }: MarketEntry["market"]): string {
  if (subject === undefined) return "~";
  return `${subject.matchId} ${subject.kind === "series" ? 0 : subject.game}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
