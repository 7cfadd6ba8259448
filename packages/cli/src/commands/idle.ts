import { passesFilter, type BotConfig, type MarketDescription } from "@matchpoint/sdk";

/** Says which strategies are given none of the markets: they would do nothing, and nobody would miss what they do not do. */
export function idleStrategies(config: BotConfig, markets: readonly MarketDescription[]): readonly string[] {
  if (markets.length === 0) return [];
  return config.strategies.flatMap(({ use, name, markets: filter }, i) => {
    if (filter === undefined || markets.some((market) => passesFilter(market, filter))) return [];
    const wanted = Object.entries(filter).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    const found = `no market here has ${wanted.join(" and ")}`;
    return [`${name ?? use} is given no market: ${found} (strategies[${i}].markets)`];
  });
}
