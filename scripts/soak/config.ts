import type { RunningVenue } from "@matchpoint/paper-venue";

/** The configuration of the bot that is soaked: nothing that a user's would not have, but limits that let it trade all day. */
export function configOf(venue: RunningVenue, markets: number, folder: string): object {
  return {
    mode: "paper",
    strategies: [
      {
        use: "temporal-arb",
        params: { edge_threshold: 0.03, edge_max: 0.6, cooldown_ms: 1_000 },
        markets: { subjects: ["series"] },
      },
      {
        use: "model-maker",
        params: { reference: "microprice", size_shares: 20, min_rest_ms: 3_000 },
        markets: { games: [1, 2, 3] },
      },
    ],
    discover: { games: ["lol", "cs2"], max_markets: markets, poll_s: 1 },
    // The scoreboard of this venue is not late.
    truth_engine: { lag_ms_by_source: { polymarket_sports: 500 } },
    paper: { collateral_usdc: 1_000_000 },
    risk: {
      max_order_usdc: 100,
      max_market_usdc: 1_000_000,
      max_match_usdc: 1_000_000,
      max_account_usdc: 1_000_000,
      max_unsettled_usdc: 1_000_000,
      max_daily_loss_usdc: 1_000_000,
      max_orders_per_minute: 600,
    },
    feeds: {
      polymarket: {
        socket_url: venue.wsMarket,
        rest_url: venue.clob,
        gamma_url: venue.gamma,
        resolutions_poll_ms: 1_000,
      },
      polymarket_sports: { socket_url: venue.sports },
    },
    journal: { dir: folder },
    logs: { to: "file" },
    dashboard: { enabled: true },
  };
}
