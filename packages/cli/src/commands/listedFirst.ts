import {
  Bus,
  termsThatDiffer,
  type MarketDescription,
  type MarketTerms,
  type MatchDescription,
  type Millis,
  type Nanos,
} from "@matchpoint/sdk";

/**
 * A bus that lists the world first: a run must know which markets to halt when a match's facts pile up. What became of a market's
 * rules or exchange since the last run of the account is told as the change that it is, so that it halts the market until a person
 * has read it: nobody may have looked between two runs.
 * @param before how the last run knew its markets
 */
export function listedFirst(
  world: { readonly markets: readonly MarketDescription[]; readonly matches: readonly MatchDescription[] },
  wall: Millis,
  before: readonly MarketDescription[] = [],
): Bus {
  const bus = new Bus();
  const stamp = { at: 0 as Nanos, receivedAt: wall };
  for (const match of world.matches) bus.offer({ type: "match_listed", ...stamp, match });
  for (const market of world.markets) {
    const { marketId } = market;
    const known = before.find((each) => each.marketId === marketId);
    const terms = known === undefined ? undefined : toBeRead(known, market);
    const listed = terms === undefined ? market : { ...market, ...asBefore(known!, terms) };
    bus.offer({ type: "market_listed", ...stamp, market: listed });
    if (terms !== undefined) bus.offer({ type: "terms_changed", ...stamp, marketId, terms, source: "gamma" });
  }
  return bus;
}

/** What changed of that which a person has to read. A text that one of the two does not have is no change. */
function toBeRead(before: MarketDescription, now: MarketDescription): MarketTerms | undefined {
  const { rules, version = 2, negRisk } = now;
  return termsThatDiffer(before, {
    version,
    negRisk,
    ...(before.rules === undefined || rules === undefined ? {} : { rules }),
  });
}

/** The same terms as they were. */
function asBefore({ version = 2, negRisk, rules }: MarketDescription, terms: MarketTerms): MarketTerms {
  return {
    ...(terms.version === undefined ? {} : { version }),
    ...(terms.negRisk === undefined ? {} : { negRisk }),
    ...(terms.rules === undefined || rules === undefined ? {} : { rules }),
  };
}
