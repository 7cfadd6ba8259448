import { createDirectGateway } from "./gateway.ts";
import { GATEWAY_DEFAULTS, type DirectGatewayOptions, type PolymarketGateway } from "./gatewayOptions.ts";
import { loadOfficialClient, officialTransport, type LoadOfficial } from "./officialClient.ts";

/** Options of {@link createOfficialGateway}. */
export interface OfficialGatewayOptions extends DirectGatewayOptions {
  /** Loads `@polymarket/clob-client-v2`. Default: the installed package. */
  readonly load?: LoadOfficial;
}

/**
 * The direct gateway with Polymarket's own client, `@polymarket/clob-client-v2`, in place of our requests: an optional peer
 * dependency. What it does not do, stays done here; what it cannot do, it still cannot:
 *
 * - Orders are made, hashed and signed here: the client draws an order's salt only when it signs, so nobody could journal the
 *   hash before. It gets no key.
 * - It has no deadlines. Ours ends the wait, and the order is `unknown`; the client's own request goes on.
 * - It shows no headers: tier, remaining tokens and `Retry-After` are not known, only our own count of them.
 * - It signs requests by this machine's clock, not by the venue's.
 * - A batch is sent order by order: it has one post-only flag for all.
 * - Its wait of up to 30 s for transactions after a match is left out.
 *
 * @example
 * ```ts
 * import { createOfficialGateway, type DirectGatewayOptions } from "@matchpoint/adapters-polymarket";
 * const gatewayOf = (options: DirectGatewayOptions) => createOfficialGateway(options);
 * ```
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` when the package is not installed
 */
export async function createOfficialGateway(options: OfficialGatewayOptions): Promise<PolymarketGateway> {
  const { load, ...given } = options;
  const { credentials, parties, chainId, transport } = given;
  const host = given.url ?? GATEWAY_DEFAULTS.url;
  const client = await loadOfficialClient({ host, chainId, credentials, parties, load });
  return createDirectGateway({ ...given, transport: officialTransport(client, transport) });
}
