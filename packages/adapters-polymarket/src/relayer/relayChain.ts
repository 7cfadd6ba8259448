import { AbiCoder, zeroPadValue } from "ethers";
import { unreachable } from "../chain/rpcEndpoint.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import { receiptIn } from "../chain/txEvidence.ts";
import { quantity, readBlock, type ChainBlock, type ChainReceipt } from "../chain/wire.ts";
import type { Address, Hex } from "../venue/contracts.ts";
import { DEPOSIT_WALLET, RELAY_HUB, SAFE, type RelayContracts } from "./relayContracts.ts";
import { safeHash, type RelayDraft } from "./relayRequest.ts";

/** What a mined transaction did with a request: carried it out, or tried in vain, or has nothing to do with it. */
export type RelayOutcome = "executed" | "failed" | "nothing";

const SUCCESS = SAFE.getEvent("ExecutionSuccess")!.topicHash;
const FAILURE = SAFE.getEvent("ExecutionFailure")!.topicHash;
const RELAYED = RELAY_HUB.getEvent("TransactionRelayed")!.topicHash;
const EXECUTED = DEPOSIT_WALLET.getEvent("BatchExecuted")!.topicHash;
/** How many blocks nodes are asked for logs of at once. */
const STEP = 900n;

const tag = (block: bigint): string => `0x${block.toString(16)}`;

/** What the chain itself knows of a contract wallet's requests, whatever the relayer says. */
export class RelayChain {
  readonly #pool: RpcPool;
  readonly #contracts: RelayContracts;

  constructor(pool: RpcPool, contracts: RelayContracts) {
    this.#pool = pool;
    this.#contracts = contracts;
  }

  receipt(hash: string, head: ChainBlock): Promise<ChainReceipt | undefined> {
    return receiptIn(this.#pool, hash, head);
  }

  /** When a block was made, in Unix seconds. */
  async time(block: bigint): Promise<bigint> {
    const answer = await this.#pool.agreed("eth_getBlockByNumber", [tag(block), false], (value) =>
      readBlock(value),
    );
    const time = answer.kind === "result" ? readBlock(answer.value)?.timestamp : undefined;
    if (time === undefined) throw unreachable(`block ${block}`, "the nodes do not say when it was made");
    return time;
  }

  async deployed(wallet: Address, block: bigint): Promise<boolean> {
    const answer = await this.#pool.agreed("eth_getCode", [wallet, tag(block)]);
    if (answer.kind !== "result" || typeof answer.value !== "string")
      throw unreachable("eth_getCode", "the nodes show no code");
    return answer.value.length > 2;
  }

  /** The nonce that the wallet's next request must have; 0 for one that was not made yet. */
  async nonce({ relayType, wallet, from }: RelayDraft, block: bigint): Promise<bigint> {
    const [to, data] =
      relayType === "PROXY"
        ? [this.#contracts.relayHub, RELAY_HUB.encodeFunctionData("getNonce", [from])]
        : [wallet, SAFE.encodeFunctionData("nonce")];
    const answer = await this.#pool.agreed("eth_call", [{ to, data }, tag(block)]);
    const value = answer.kind === "result" ? answer.value : undefined;
    if (value === "0x" && relayType !== "PROXY" && !(await this.deployed(wallet, block))) return 0n;
    const nonce = quantity(value);
    if (nonce === undefined) throw unreachable(`the nonce of ${wallet}`, "the nodes answer no number");
    return nonce;
  }

  /** What a transaction did with a request, by the logs of the contracts that carry it out. */
  outcome(draft: RelayDraft, { success, logs }: ChainReceipt): RelayOutcome {
    if (!success) return "failed";
    const { relayType, wallet, from, nonce } = draft;
    const relayHub = this.#contracts.relayHub.toLowerCase();
    const mine = wallet.toLowerCase();
    const hash = relayType === "SAFE" ? safeHash(draft, this.#contracts) : undefined;
    const number = AbiCoder.defaultAbiCoder().encode(["uint256"], [nonce]);
    for (const { address, topics, data } of logs) {
      // Newer Safes have the hash among the topics, older ones in the data.
      const named = (value: string): boolean => topics[1] === value || data.startsWith(value);
      if (relayType === "SAFE" && address === mine && named(hash!)) {
        if (topics[0] === SUCCESS) return "executed";
        if (topics[0] === FAILURE) return "failed";
      }
      if (relayType === "WALLET" && address === mine && topics[0] === EXECUTED && named(number))
        return "executed";
      // The hub's own transaction succeeds also when what it was told to do does not.
      if (relayType === "PROXY" && address === relayHub && topics[0] === RELAYED)
        if (topics[2] === zeroPadValue(from.toLowerCase(), 32))
          return BigInt(`0x${data.slice(66, 130)}`) === 0n ? "executed" : "failed";
    }
    return "nothing";
  }

  /** The transaction with a signature in it, from a block on; `undefined` when the chain has none up to another. */
  async search(
    draft: RelayDraft,
    signature: Hex,
    from: bigint,
    head: ChainBlock,
  ): Promise<ChainReceipt | undefined> {
    const filter =
      draft.relayType === "PROXY"
        ? {
            address: this.#contracts.relayHub,
            topics: [RELAYED, null, zeroPadValue(draft.from.toLowerCase(), 32)],
          }
        : { address: draft.wallet, topics: [[SUCCESS, FAILURE, EXECUTED]] };
    for (let first = from; first <= head.number; first += STEP) {
      const last = first + STEP - 1n < head.number ? first + STEP - 1n : head.number;
      const range = { ...filter, fromBlock: tag(first), toBlock: tag(last) };
      const answer = await this.#pool.agreed("eth_getLogs", [range], (logs) => hashesOf(logs));
      if (answer.kind !== "result") throw unreachable("eth_getLogs", answer.message);
      for (const hash of hashesOf(answer.value)) {
        const sent = await this.#pool.call("eth_getTransactionByHash", [hash]);
        const value = sent.kind === "result" ? (sent.value as { input?: unknown } | null) : null;
        const input = value === null ? undefined : value.input;
        if (typeof input !== "string")
          throw unreachable("eth_getTransactionByHash", "a node does not have what another has logs of");
        if (input.toLowerCase().includes(signature.slice(2))) return receiptIn(this.#pool, hash, head);
      }
    }
    return undefined;
  }
}

function hashesOf(logs: unknown): readonly string[] {
  if (!Array.isArray(logs)) return [];
  const found = (logs as { transactionHash?: unknown }[]).map(({ transactionHash }) => transactionHash);
  return [...new Set(found.filter((each): each is string => typeof each === "string"))];
}
