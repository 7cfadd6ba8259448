import type { MatchDescription } from "@matchpoint/sdk";

/** What a configuration for a rehearsal is written of. */
export interface RehearsedWorld {
  readonly match: MatchDescription;
  readonly markets: readonly {
    readonly conditionId: string;
    readonly question: string;
    readonly tokens: readonly { readonly tokenId: string; readonly outcome: string }[];
    readonly game: number;
  }[];
  readonly secondsDelay: number;
  readonly urls: Readonly<
    Record<"clob" | "wsMarket" | "wsUser" | "gamma" | "sports" | "grid" | "gridHttp" | "pandascore", string>
  > & { readonly pandascoreSocket: string; readonly rpc?: string };
}

const quoted = (text: string): string => JSON.stringify(text);

/** The reference bot's configuration for a rehearsal, as a person would write it. */
export function configOf({ match, markets, secondsDelay, urls }: RehearsedWorld): string {
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
#   npm run live:local                                                              in one terminal: the world
#   npm run bot -- run --live --config examples/reference-bot/live-local.yaml       in another: the bot
#
# docs/going-live.md has it step by step. The addresses, the match and the markets are those that \`npm run live:local\` starts; with
# another --seed it says where it has written the configuration to use.

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
    socket_url: ${quoted(urls.wsMarket)}
    rest_url: ${quoted(urls.clob)}
    gamma_url: ${quoted(urls.gamma)}
    resolutions_poll_ms: 1000
  grid: { socket_url: ${quoted(urls.grid)}, http_url: ${quoted(urls.gridHttp)} }
  pandascore: { socket_url: ${quoted(urls.pandascoreSocket)}, http_url: ${quoted(urls.pandascore)} }
  polymarket_sports: { socket_url: ${quoted(urls.sports)} }

execution:
  signature_type: 0 # a plain wallet; its key is MATCHPOINT_PRIVATE_KEY
  clob_url: ${quoted(urls.clob)}
  user_url: ${quoted(urls.wsUser)}${urls.rpc === undefined ? "" : `\n  rpc_urls: [${quoted(urls.rpc)}]`}
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
${markets
  .map(
    ({ conditionId, question, tokens, game }) => `  - id: ${quoted(conditionId)}
    title: ${quoted(question)}
    outcomes:
${tokens.map(({ tokenId, outcome }) => `      - { token: ${quoted(tokenId)}, name: ${quoted(outcome)} }`).join("\n")}
    subject: { match: ${match.matchId}${game === 0 ? "" : `, game: ${game}`} }
    fee: { rate: 0.05 }
    taker_delay_ms: ${secondsDelay * 1_000}
    clear_book_on_start: true`,
  )
  .join("\n")}
`;
}
