import type { Address } from "../venue/contracts.ts";
import type { RpcPool } from "./rpcPool.ts";
import { quantity, readBlock, readReceipt, type ChainBlock, type ChainReceipt } from "./wire.ts";

/** When a block counts as final: as the chain says (Polygon's milestones), or some blocks deep. */
export type FinalityPolicy =
  { readonly kind: "finalized" } | { readonly kind: "blocks"; readonly blocks: number };

/** What the chain shows of a nonce and of all that was signed for it. */
export type Evidence =
  /** One of ours is in a block that will stay. */
  | { readonly kind: "final"; readonly receipt: ChainReceipt }
  /** One of ours is in a block. */
  | { readonly kind: "mined"; readonly receipt: ChainReceipt }
  /** The nonce is used for good, and by none of ours: ours will never be executed. */
  | { readonly kind: "replaced" }
  /** The nonce is used, by none of ours that can be seen, in a block that may yet go. */
  | { readonly kind: "taken" }
  /** None of ours is in a block; `known` when a node has the newest one waiting. */
  | { readonly kind: "absent"; readonly known: boolean };

interface Question {
  readonly pool: RpcPool;
  readonly from: Address;
  readonly nonce: number;
  /** The newest first. */
  readonly hashes: readonly string[];
  readonly finality: FinalityPolicy;
  readonly head: ChainBlock;
}

/**
 * Looks for a transaction. All of it is what enough nodes say alike; a receipt counts only when its block is the one at that height.
 * @throws `MatchpointError` `CHAIN_UNREACHABLE`, `CHAIN_DISPUTED`: then nothing is known
 */
export async function look({ pool, from, nonce, hashes, finality, head }: Question): Promise<Evidence> {
  const last = await finalBlock(pool, finality, head);
  for (const hash of hashes) {
    const receipt = await receiptIn(pool, hash, head);
    if (receipt === undefined) continue;
    const final = last !== undefined && receipt.blockNumber <= last;
    return { kind: final ? "final" : "mined", receipt };
  }
  if (last !== undefined && (await countAt(pool, from, last)) > nonce) return { kind: "replaced" };
  if ((await countAt(pool, from, head.number)) > nonce) return { kind: "taken" };
  const waiting = await pool.call("eth_getTransactionByHash", [hashes[0]]);
  return { kind: "absent", known: waiting.kind === "result" && waiting.value !== null };
}

/** A receipt whose block is the one at its height up to a block; `undefined` when there is none. */
export async function receiptIn(
  pool: RpcPool,
  hash: string,
  head: ChainBlock,
): Promise<ChainReceipt | undefined> {
  const receipt = await receiptOf(pool, hash);
  if (receipt === undefined || receipt.blockNumber > head.number) return undefined;
  const number = `0x${receipt.blockNumber.toString(16)}`;
  const there = await pool.agreed("eth_getBlockByNumber", [number, false], (value) => readBlock(value)?.hash);
  const block = there.kind === "result" ? readBlock(there.value) : undefined;
  return block?.hash === receipt.blockHash ? receipt : undefined;
}

/** The number of the last block that counts as final; `undefined` when there is none yet. */
export async function finalBlock(
  pool: RpcPool,
  finality: FinalityPolicy,
  head: ChainBlock,
): Promise<bigint | undefined> {
  if (finality.kind === "finalized") return (await pool.block("finalized")).number;
  const number = head.number - BigInt(finality.blocks);
  return number < 0n ? undefined : number;
}

async function countAt(pool: RpcPool, from: Address, block: bigint): Promise<number> {
  const answer = await pool.agreed("eth_getTransactionCount", [from, `0x${block.toString(16)}`]);
  const count = answer.kind === "result" ? quantity(answer.value) : undefined;
  // What cannot be counted is not used: nothing is concluded from it.
  return count === undefined ? 0 : Number(count);
}

/** A receipt that enough nodes have; `undefined` when they have none. */
export async function receiptOf(pool: RpcPool, hash: string): Promise<ChainReceipt | undefined> {
  const answer = await pool.agreed("eth_getTransactionReceipt", [hash], (value) => {
    const read = readReceipt(value);
    return read === undefined ? undefined : [read.blockHash, read.success, read.logs];
  });
  const receipt = answer.kind === "result" ? readReceipt(answer.value) : undefined;
  return receipt?.hash === hash.toLowerCase() ? receipt : undefined;
}
