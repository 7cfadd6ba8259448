import { MatchpointError, type HttpResponse, type Transport } from "@matchpoint/sdk";
import { keccak256, Transaction } from "ethers";

/** A transaction, read once: who sent it is recovered from its signature. */
interface Tx {
  readonly hash: string;
  readonly from: string;
  readonly nonce: number;
  readonly data: string;
  readonly maxFee: bigint;
  readonly tip: bigint;
}

interface Mined {
  readonly tx: Tx;
  readonly success: boolean;
}

/** What a node does with a call: nothing, or it answers. `late`: it does what it is asked to, and does not answer. */
export type Trouble = "silent" | "late" | undefined;

/** When its block 0 was made, in Unix seconds, and how many of them pass between two blocks. */
export const CHAIN_STARTS = 1_780_000_000;
export const BLOCK_S = 2;

/** A chain of transactions of any wallets, and any number of nodes that show it, as a transport. */
export class FakeChain {
  /** Blocks above the first, each with what it holds. */
  blocks: { readonly salt: number; readonly txs: readonly Mined[] }[] = [];
  readonly pool = new Map<string, Tx>();
  /** Every raw transaction that a node has seen. */
  readonly seen = new Map<string, Tx>();
  balance = 10n ** 20n;
  baseFee = 30_000_000_000n;
  finality = 4;
  /** How many more questions for receipts are answered as if there were none. */
  receiptsHidden = 0;
  trouble: (node: number, method: string) => Trouble = () => undefined;
  #salt = 0;

  readonly transport: Transport = {
    connect: () => {
      throw new MatchpointError("INVARIANT", "no sockets here");
    },
    request: (call) => Promise.resolve().then(() => this.#request(call.url, call.body ?? "")),
  };

  /** Mines what can be mined of the pool, up to `most`. */
  mine(most = 1_000, success: () => boolean = () => true): void {
    const txs: Mined[] = [];
    let found = true;
    while (found && txs.length < most) {
      found = false;
      for (const [hash, tx] of this.pool) {
        const used = txs.filter(({ tx: other }) => other.from === tx.from).length;
        if (tx.nonce !== this.count(tx.from) + used || tx.maxFee < this.baseFee) continue;
        txs.push({ tx, success: success() });
        this.pool.delete(hash);
        found = true;
        break;
      }
    }
    this.#salt += 1;
    this.blocks.push({ salt: this.#salt, txs });
    for (const [hash, tx] of this.pool) if (tx.nonce < this.count(tx.from)) this.pool.delete(hash);
  }

  /** Undoes the latest blocks, none that is final; what they held is forgotten or waits again. */
  reorg(depth: number, keep: boolean): void {
    const gone = this.blocks.splice(Math.max(this.#final(), this.blocks.length - depth));
    if (keep) for (const { txs } of gone) for (const { tx } of txs) this.pool.set(tx.hash, tx);
    for (const each of gone) if (each.txs.length >= 0) this.mine(0);
  }

  count(from: string, block = this.blocks.length): number {
    return this.blocks
      .slice(0, block)
      .flatMap(({ txs }) => txs)
      .filter(({ tx }) => tx.from === from).length;
  }

  /** What was executed, by its data. */
  executed(): string[] {
    return this.blocks.flatMap(({ txs }) => txs.filter(({ success }) => success).map(({ tx }) => tx.data));
  }

  #final(): number {
    return Math.max(0, this.blocks.length - this.finality);
  }

  #request(url: string, body: string): HttpResponse {
    const node = Number(new URL(url).port) - 1_000;
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
    const trouble = this.trouble(node, method);
    if (trouble === "silent") throw new MatchpointError("HTTP_FAILED", `no answer from ${url}`);
    const said = this.#answer(method, params);
    if (trouble === "late") throw new MatchpointError("HTTP_FAILED", `no answer from ${url}`);
    const text = JSON.stringify({ jsonrpc: "2.0", id, ...said });
    return { status: 200, headers: {}, body: new TextEncoder().encode(text) };
  }

  #answer(method: string, params: readonly unknown[]): object {
    const [first, second] = params as string[];
    switch (method) {
      case "eth_chainId":
        return { result: "0x89" };
      case "eth_getBlockByNumber":
        return { result: this.#block(this.#height(first!)) };
      case "eth_call":
        return { result: "0x" };
      case "eth_estimateGas":
        return { result: hex(50_000) };
      case "eth_getBalance":
        return { result: hex(this.balance) };
      case "eth_maxPriorityFeePerGas":
        return { result: hex(25_000_000_000) };
      case "eth_getTransactionCount": {
        if (second !== "pending") return { result: hex(this.count(first!, this.#height(second!))) };
        let next = this.count(first!);
        while ([...this.pool.values()].some(({ nonce, from }) => nonce === next && from === first)) next += 1;
        return { result: hex(next) };
      }
      case "eth_sendRawTransaction":
        return this.#take(first!);
      case "eth_getTransactionByHash":
        return { result: this.pool.has(first!) ? { hash: first } : null };
      case "eth_getTransactionReceipt":
        if (this.receiptsHidden > 0) {
          this.receiptsHidden -= 1;
          return { result: null };
        }
        return { result: this.#receipt(first!) };
      default:
        return { error: { code: -32601, message: `no ${method} here` } };
    }
  }

  #take(raw: string): object {
    const read = Transaction.from(raw);
    const { hash, from, nonce, data, maxFeePerGas, maxPriorityFeePerGas } = read;
    const tx: Tx = {
      ...{ hash: hash!, from: from!, nonce, data },
      maxFee: maxFeePerGas!,
      tip: maxPriorityFeePerGas!,
    };
    this.seen.set(tx.hash, tx);
    const refused = (message: string): object => ({ error: { code: -32000, message } });
    if (this.pool.has(tx.hash)) return refused("already known");
    if (tx.nonce < this.count(tx.from)) return refused("nonce too low");
    for (const [hash, other] of this.pool) {
      if (other.from !== tx.from || other.nonce !== tx.nonce) continue;
      const enough = (next: bigint, last: bigint): boolean => next * 10n >= last * 11n;
      const higher = enough(tx.maxFee, other.maxFee) && enough(tx.tip, other.tip);
      if (!higher) return refused("replacement transaction underpriced");
      this.pool.delete(hash);
    }
    this.pool.set(tx.hash, tx);
    return { result: tx.hash };
  }

  #receipt(hash: string): object | null {
    for (const [index, { txs }] of this.blocks.entries())
      for (const { tx, success } of txs)
        if (tx.hash === hash) {
          const place = { blockNumber: hex(index + 1), blockHash: this.#hash(index + 1) };
          return {
            transactionHash: hash,
            ...place,
            status: success ? "0x1" : "0x0",
            logs: [],
            gasUsed: "0x1",
          };
        }
    return null;
  }

  #block(height: number): object | null {
    if (height > this.blocks.length) return null;
    const timestamp = hex(CHAIN_STARTS + height * BLOCK_S);
    return { number: hex(height), hash: this.#hash(height), baseFeePerGas: hex(this.baseFee), timestamp };
  }

  #hash(height: number): string {
    const salts = this.blocks.slice(0, height).map(({ salt }) => salt);
    return keccak256(`0x${Buffer.from(salts.join(",")).toString("hex")}`);
  }

  #height(tag: string): number {
    if (tag === "latest") return this.blocks.length;
    return tag === "finalized" ? this.#final() : Number(tag);
  }
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
