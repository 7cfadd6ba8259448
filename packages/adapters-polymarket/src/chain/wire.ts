/** A block as far as it matters here. */
export interface ChainBlock {
  readonly number: bigint;
  readonly hash: string;
  /** Absent before EIP-1559. */
  readonly baseFee?: bigint;
  /** Unix seconds. */
  readonly timestamp?: bigint;
}

/** A log of a receipt. */
export interface ChainLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** That a transaction was mined, where, and whether it did what it was for. */
export interface ChainReceipt {
  readonly hash: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly success: boolean;
  readonly gasUsed: bigint;
  readonly gasPrice: bigint;
  readonly logs: readonly ChainLog[];
}

const HASH = /^0x[0-9a-f]{64}$/i;

/** A JSON-RPC quantity; `undefined` when it is none. */
export function quantity(value: unknown): bigint | undefined {
  return typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined;
}

/** A block of an answer; `undefined` for `null` and for anything that is not one. */
export function readBlock(value: unknown): ChainBlock | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { number, hash, baseFeePerGas, timestamp } = value as Record<string, unknown>;
  const read = quantity(number);
  if (read === undefined || typeof hash !== "string" || !HASH.test(hash)) return undefined;
  const [baseFee, time] = [quantity(baseFeePerGas), quantity(timestamp)];
  return {
    ...{ number: read, hash: hash.toLowerCase() },
    ...(baseFee === undefined ? {} : { baseFee }),
    ...(time === undefined ? {} : { timestamp: time }),
  };
}

/** A receipt of an answer; `undefined` for `null` and for anything that is not one. */
export function readReceipt(value: unknown): ChainReceipt | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { transactionHash, blockNumber, blockHash, status, gasUsed, effectiveGasPrice, logs } =
    value as Record<string, unknown>;
  const number = quantity(blockNumber);
  const code = quantity(status);
  if (number === undefined || code === undefined || !Array.isArray(logs)) return undefined;
  if (typeof transactionHash !== "string" || typeof blockHash !== "string") return undefined;
  return {
    hash: transactionHash.toLowerCase(),
    blockNumber: number,
    blockHash: blockHash.toLowerCase(),
    success: code === 1n,
    gasUsed: quantity(gasUsed) ?? 0n,
    gasPrice: quantity(effectiveGasPrice) ?? 0n,
    logs: logs.flatMap((log: unknown) => readLog(log) ?? []),
  };
}

function readLog(value: unknown): ChainLog | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { address, topics, data } = value as Record<string, unknown>;
  if (typeof address !== "string" || typeof data !== "string" || !Array.isArray(topics)) return undefined;
  return { address: address.toLowerCase(), topics: topics.map((topic) => String(topic).toLowerCase()), data };
}
