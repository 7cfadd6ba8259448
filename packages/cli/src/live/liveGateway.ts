import {
  createDirectGateway,
  createOfficialGateway,
  createWsTransport,
  type ApiCredentials,
  type DirectGatewayOptions,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import {
  id,
  riskLimits,
  type BotConfig,
  type Clock,
  type Logger,
  type MarketDescription,
} from "@matchpoint/sdk";
import type { LiveAccount } from "./account.ts";

/** Makes the gateway that a configuration asks for; it has not connected yet. */
export function gatewayOf(
  { config, markets, runId, clock, logger }: GatewayOf,
  account: LiveAccount,
  credentials: ApiCredentials,
  book: NonNullable<DirectGatewayOptions["book"]>,
): PolymarketGateway | Promise<PolymarketGateway> {
  const { execution } = config;
  const { clob_url: url, user_url: userUrl, max_time_in_book_ms: timeInBook } = execution;
  const { maxFillSlippage: maxSlippage } = riskLimits(config.risk);
  const given: DirectGatewayOptions = {
    transport: createWsTransport(),
    clock,
    signer: account.signer,
    credentials,
    parties: account.parties,
    chainId: execution.chain_id,
    runId: id(runId),
    markets,
    tier: execution.rate_tier,
    heartbeats: execution.heartbeats,
    book,
    ...(logger === undefined
      ? {}
      : {
          logger,
          onQuarantined: ({ feed, reason, marketId }) => {
            logger.warn("a frame could not be read", { feed, reason, marketId });
          },
        }),
    ...(url === undefined ? {} : { url }),
    ...(userUrl === undefined ? {} : { userUrl }),
    ...(maxSlippage === undefined ? {} : { maxSlippage }),
    ...(timeInBook === undefined
      ? {}
      : {
          maxTimeInBookMs: ({ orderType, postOnly }) =>
            orderType === "GTC" && !postOnly ? timeInBook : undefined,
        }),
  };
  return execution.gateway === "official" ? createOfficialGateway(given) : createDirectGateway(given);
}

interface GatewayOf {
  readonly config: BotConfig;
  readonly markets: readonly MarketDescription[];
  readonly runId: string;
  readonly clock: Clock;
  readonly logger?: Logger;
}
