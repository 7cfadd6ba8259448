import type { Clock, Millis } from "@matchpoint/sdk";
import { startLocalChain, type LocalChain } from "../chain/localChain.ts";
import type { ChainHoldings, Settled, VenueOptions } from "../contract.ts";
import { defaultWorld } from "../world/defaultWorld.ts";
import type { VenueListing } from "../world/listing.ts";
import { chainListings, settlerRules, type OnChainOptions } from "./rules.ts";
import { Settler } from "./settler.ts";

/** A chain that settles, and the markets that it knows. */
export interface OpenSettlement {
  readonly settler: Settler;
  readonly chain: LocalChain;
  readonly markets: readonly VenueListing[];
  /** Ends it, with the chain when it was started here. */
  close(): Promise<void>;
}

/** Who hears of the chain. */
export interface SettlementEars {
  readonly settled: (tradeId: string, outcome: Settled) => void;
  readonly holds: (holdings: ChainHoldings) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Prepares a chain for a venue: one that runs, or one of its own.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND` when there is no `anvil`; `CONFIG_INVALID`
 */
export async function openSettlement(
  given: LocalChain | "anvil",
  options: Omit<VenueOptions, "wallStart"> & { readonly onChain?: OnChainOptions },
  wallStart: Millis,
  clock: Clock,
  ears: SettlementEars,
): Promise<OpenSettlement> {
  const rules = settlerRules(options.onChain ?? {}, options);
  const markets = options.markets ?? defaultWorld({ seed: options.seed, wallStart });
  const listed = chainListings(markets);
  const chain = given === "anvil" ? await startLocalChain() : given;
  const settler = new Settler({ ...rules, ...ears, chain, clock, markets: listed });
  const close = async () => {
    await settler.close();
    if (given === "anvil") await chain.close();
  };
  try {
    await settler.prepare();
  } catch (error) {
    await close();
    throw error;
  }
  return { settler, chain, markets, close };
}
