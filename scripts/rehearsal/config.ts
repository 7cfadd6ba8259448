import type { VenueListing } from "@matchpoint/paper-venue";
import type { MatchDescription } from "@matchpoint/sdk";

/** Where a rehearsal's parts listen: host and port. */
export interface RehearsalHosts {
  readonly venue: string;
  readonly grid: string;
  readonly pandascore: string;
  /** The chain's address; without one nothing is merged or redeemed. */
  readonly rpc?: string;
}

const quoted = (text: string): string => JSON.stringify(text);

/** The reference bot's configuration for a rehearsal, as a person would write it. */
export function configOf(
  match: MatchDescription,
  markets: readonly VenueListing[],
  { venue, grid, pandascore, rpc }: RehearsalHosts,
): string {
  const refs = Object.entries(match.refs ?? {}).map(
    ([source, ref]) =>
      `      ${source}: { match: ${quoted(ref.match)}, teams: [${ref.teams.map(quoted).join(", ")}] }`,
  );
  const teams = match.teams.map(
    ({ name, aliases = [] }) =>
      `      - { name: ${quoted(name)}, aliases: [${aliases.map(quoted).join(", ")}] }`,
  );
  return `# The reference bot trading live at home: a venue that speaks Polymarket's protocol, a local chain, and a match that GRID and
# PandaScore tell of, all on this machine. Nothing here is worth anything.
#
#   npm run live:local                                                           in one terminal: the world
#   npm run bot -- run --live --config examples/reference-bot/live-local.yaml    in another: the bot
#
# docs/going-live.md has it step by step. The addresses, the match and the markets are those that \`npm run live:local\` starts: with
# other options it writes a configuration of its own, and says where.

mode: live # and --live on the command line

strategies:
  - use: fade-the-stomp # this folder's own
    params: { min_edge: 0.05, written_off: 0.45 }
    markets: { subjects: [series] }
  - use: fade-the-stomp
    name: fade-the-games
    params: { min_edge: 0.05, written_off: 0.45 }
    markets: { games: [1, 3] }
  - use: temporal-arb
    params: { edge_threshold: 0.05, edge_max: 0.4, cooldown_ms: 1000 }
    markets: { games: [2] }

risk:
  max_order_usdc: 10
  max_market_usdc: 150
  max_match_usdc: 350 # a series and its games are one bet
  max_account_usdc: 400
  max_daily_loss_usdc: 400

feeds:
  polymarket:
    socket_url: "ws://${venue}/ws/market"
    rest_url: "http://${venue}"
    gamma_url: "http://${venue}/gamma"
    resolutions_poll_ms: 1000
  grid: { socket_url: "ws://${grid}", http_url: "http://${grid}" }
  pandascore: { socket_url: "ws://${pandascore}", http_url: "http://${pandascore}" }
  polymarket_sports: { socket_url: "ws://${venue}/sports/ws" }

execution:
  signature_type: 0 # a plain wallet; its key is MATCHPOINT_PRIVATE_KEY
  clob_url: "http://${venue}"
  user_url: "ws://${venue}/ws/user"${rpc === undefined ? "" : `\n  rpc_urls: [${quoted(rpc)}]`}
  reconcile_s: 5

matches:
  - id: ${match.matchId}
    title: ${match.title}
    best_of: ${match.bestOf}
    league: ${quoted(match.league ?? "")}
    teams:
${teams.join("\n")}
    refs: # the sports channel's id is the venue's own: it proves which match the markets are about
${refs.join("\n")}

markets:
${markets.map((market, game) => marketOf(match, market, game)).join("\n")}
`;
}

function marketOf(match: MatchDescription, { description }: VenueListing, game: number): string {
  const outcomes = description.outcomes.map(
    ({ tokenId, name }) => `      - token: ${quoted(tokenId)}\n        name: ${quoted(name)}`,
  );
  return `  - id: ${quoted(description.marketId)}
    title: ${quoted(description.title)}
    outcomes:
${outcomes.join("\n")}
    subject: { match: ${match.matchId}${game === 0 ? "" : `, game: ${game}`} }
    fee: { rate: 0.05 }
    taker_delay_ms: ${description.takerDelayMs}
    clear_book_on_start: true`;
}
