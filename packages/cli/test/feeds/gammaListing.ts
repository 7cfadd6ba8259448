/** The condition id and the tokens of the market that {@link gammaListing} lists. */
export const ID = `0x${"cd".repeat(32)}`;
export const [A, B] = ["7001", "7002"] as const;

/** A winner market as Gamma lists it. */
export function gammaListing(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "1",
    question: "LoL: T1 vs Gen.G (BO3) - LCK Playoffs",
    conditionId: ID,
    slug: "m",
    sportsMarketType: "moneyline",
    outcomes: '["T1", "Gen.G"]',
    clobTokenIds: JSON.stringify([A, B]),
    outcomePrices: '["0.5", "0.5"]',
    description: "A text that no template knows.",
    gameStartTime: "2026-12-05 09:00:00+00",
    active: true,
    closed: false,
    acceptingOrders: true,
    enableOrderBook: true,
    orderPriceMinTickSize: 0.01,
    orderMinSize: 5,
    negRisk: false,
    feesEnabled: false,
    ...changes,
  };
}
