import { MatchpointError } from "@matchpoint/sdk";
import { tokenIdsOf } from "../chain/ids.ts";
import type { VenueOptions } from "../contract.ts";
import type { VenueListing } from "../world/listing.ts";
import type { ChainMarketListing, SettlerRules } from "./settler.ts";

/** Options of a venue that settles on a chain, beside {@link VenueOptions}' times. */
export interface OnChainOptions extends Partial<SettlerRules> {
  /** Default: as many as fit between `mined_ms` and `confirmed_ms` of `settlement`, at least one. */
  readonly confirmations?: number;
}

/** Polygon's blocks come every two seconds. */
const BLOCK_MS = 2_000;

/** Fills in defaults. @throws `MatchpointError` `CONFIG_INVALID` */
export function settlerRules(options: OnChainOptions, venue: Omit<VenueOptions, "wallStart">): SettlerRules {
  if (venue.settlementFaults !== undefined)
    refuse(
      "settlementFaults are of the ledger in memory",
      "Use the fault ghost_fill, revoke an allowance, or reorganise.",
    );
  if (venue.chainId !== undefined && venue.chainId !== 137)
    refuse(`chainId is ${venue.chainId}`, "A venue that settles on a local chain is on 137.");
  const { mined_ms = 2_000, confirmed_ms = 10_000 } = venue.settlement ?? {};
  const blockMs = whole("blockMs", options.blockMs ?? BLOCK_MS, 1);
  const fit = Math.max(1, Math.ceil((confirmed_ms - mined_ms) / blockMs));
  return {
    blockMs,
    confirmations: whole("confirmations", options.confirmations ?? fit, 1),
    retries: whole("retries", options.retries ?? 1, 0),
    retryMs: whole("retryMs", options.retryMs ?? 1_000, 0),
  };
}

/** What of the listed markets the chain must know. @throws `MatchpointError` `CONFIG_INVALID` */
export function chainListings(listings: readonly VenueListing[]): readonly ChainMarketListing[] {
  return listings.map(({ description, version, questionId }) => {
    const { marketId, outcomes } = description;
    const tokens = [outcomes[0].tokenId, outcomes[1].tokenId] as const;
    if (version === "v2")
      refuse(`market ${marketId} is for exchange V3`, "The local chain has no such exchange: list it as v1.");
    const own = /^0x[\da-f]{64}$/i.test(marketId) ? tokenIdsOf(marketId) : undefined;
    if (own?.[0] !== tokens[0] || own[1] !== tokens[1])
      refuse(
        `market ${marketId} has other tokens than its condition`,
        "On a chain the token ids follow from the condition id: see tokenIdsOf.",
      );
    return { conditionId: marketId, tokens, ...(questionId === undefined ? {} : { questionId }) };
  });
}

function whole(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= 1e7) return value;
  return refuse(`${name} is ${String(value)}`, `It must be a whole number from ${least} to 10,000,000.`);
}

function refuse(what: string, hint: string): never {
  throw new MatchpointError("CONFIG_INVALID", `paper venue on a chain: ${what}`, { hint });
}
