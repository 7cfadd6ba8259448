import { MatchpointError } from "@matchpoint/sdk";
import { Transaction, type TransactionRequest } from "ethers";
import type { RelaySigner } from "../relayer/relayRequest.ts";
import type { Turn } from "../signing/epochs.ts";
import type { Address } from "../venue/contracts.ts";
import type { TxAttemptEntry } from "./txRecord.ts";

/** Whoever signs transactions: an ethers v6 wallet, or anything with its methods. Those of a relay are needed for contract wallets only. */
export interface ChainSigner extends Partial<RelaySigner>, Pick<Turn, "stale"> {
  getAddress(): Promise<string>;
  signTransaction(tx: TransactionRequest): Promise<string>;
}

/** What is signed. */
export type UnsignedTx = Omit<TxAttemptEntry, "type" | "hash" | "intentId" | "what" | "key">;

/**
 * Signs a transaction and reads it again: what goes out is what was meant, from whom it was meant.
 * @throws `MatchpointError` `SIGNING_REFUSED`
 */
export async function signTx(signer: ChainSigner, tx: UnsignedTx): Promise<{ raw: string; hash: string }> {
  const request: TransactionRequest = {
    type: 2,
    chainId: tx.chainId,
    nonce: tx.nonce,
    to: tx.to,
    data: tx.data,
    value: 0n,
    gasLimit: BigInt(tx.gasLimit),
    maxFeePerGas: BigInt(tx.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(tx.maxPriorityFeePerGas),
  };
  const raw = await signer.signTransaction(request).catch((error: unknown) => {
    // What a signer says of its failure is not ours to vouch for: it is not quoted.
    const code = (error as { code?: unknown } | undefined)?.code;
    throw refused(`the signer did not sign${typeof code === "string" ? ` (${code.slice(0, 40)})` : ""}`);
  });
  let read: Transaction;
  try {
    read = Transaction.from(raw);
  } catch {
    throw refused("the signer's answer is not a transaction");
  }
  const same =
    read.type === 2 &&
    (read.accessList ?? []).length === 0 &&
    read.from === (tx.from satisfies Address) &&
    read.chainId === BigInt(tx.chainId) &&
    read.nonce === tx.nonce &&
    read.to === tx.to &&
    read.data === tx.data &&
    read.value === 0n &&
    read.gasLimit === BigInt(tx.gasLimit) &&
    read.maxFeePerGas === BigInt(tx.maxFeePerGas) &&
    read.maxPriorityFeePerGas === BigInt(tx.maxPriorityFeePerGas);
  if (!same || read.hash === null) throw refused("the signer signed something else than it was asked to");
  return { raw, hash: read.hash };
}

function refused(message: string): MatchpointError {
  return new MatchpointError("SIGNING_REFUSED", message, {
    hint: "check that the key is the wallet's own and the signer changes nothing",
  });
}
