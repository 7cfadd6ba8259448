import type { Clock, Transport, Usdc } from "@matchpoint/sdk";
import type { Relayer } from "../relayer/relayer.ts";
import type { OrderParties } from "../order/order.ts";
import type { ChainId } from "../venue/contracts.ts";
import { GAS_LIMITS, type GasLimits } from "./gas.ts";
import type { FinalityPolicy } from "./txEvidence.ts";
import type { TxJournal } from "./txRecord.ts";
import type { ChainSigner } from "./txSigner.ts";

/** How a wallet may act on the chain. */
export interface WalletLimits {
  readonly gas: GasLimits;
  /** What a spender is let take at most. Approvals of outcome tokens cannot be bounded. */
  readonly allowance: Usdc;
  /** When something counts as final. */
  readonly finality: FinalityPolicy;
  /** How often what is under way is looked at, and after how long it is replaced, in ms. */
  readonly pollMs: number;
  readonly replaceAfterMs: number;
  /** After how long a request that the relayer does not know of leaves its nonce to the next, in ms. */
  readonly lostAfterMs: number;
  /** How many transactions may be under way. */
  readonly maxPending: number;
  /** How long a node may take, in ms. */
  readonly rpcTimeoutMs: number;
}

/**
 * What holds unless other limits are given. Polygon's blocks come every two seconds, and `finalized` follows within seconds since the
 * milestones of 2025.
 */
export const WALLET_LIMITS: WalletLimits = Object.freeze({
  gas: GAS_LIMITS,
  allowance: 1_000_000_000 as Usdc,
  finality: Object.freeze({ kind: "finalized" }),
  pollMs: 2_000,
  replaceAfterMs: 45_000,
  lostAfterMs: 60_000,
  maxPending: 4,
  rpcTimeoutMs: 5_000,
});

/** What {@link createWalletChain} needs. */
export interface WalletChainOptions {
  /** Addresses of nodes; three are better than one. They may hold keys and are never shown. */
  readonly rpcs: readonly string[];
  readonly chainId: ChainId;
  /** An ethers v6 wallet, or anything that signs transactions as one does. */
  readonly signer: ChainSigner;
  /** Who signs and who holds the money. */
  readonly parties: OrderParties;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly limits?: Partial<WalletLimits>;
  /** How many nodes must agree before something is sent. Default 2, or 1 when only one is given. */
  readonly quorum?: number;
  /** Where transactions are written down before they are sent. Without one a restart forgets what was under way. */
  readonly journal?: TxJournal;
  /** Who sends for a contract wallet (types 1 to 3). Without one it can only be looked at. */
  readonly relayer?: Relayer;
}
