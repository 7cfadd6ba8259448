import type { Clock } from "@matchpoint/sdk";
import type { Address, ChainId } from "../venue/contracts.ts";
import type { GasLimits } from "./gas.ts";
import type { RpcPool } from "./rpcPool.ts";
import type { FinalityPolicy } from "./txEvidence.ts";
import type { TxJournal, TxReport } from "./txRecord.ts";
import type { ChainSigner } from "./txSigner.ts";

/** How transactions are sent and followed. */
export interface TxSenderOptions {
  readonly pool: RpcPool;
  readonly chainId: ChainId;
  readonly from: Address;
  readonly signer: ChainSigner;
  readonly gas: GasLimits;
  readonly finality: FinalityPolicy;
  readonly clock: Clock;
  readonly journal?: TxJournal;
  readonly onReport: (report: TxReport) => void;
  /** How often what is under way is looked at. */
  readonly pollMs: number;
  /** How long a transaction may wait before it is replaced by one with higher fees. */
  readonly replaceAfterMs: number;
  /** How many may be under way. */
  readonly maxPending: number;
}
