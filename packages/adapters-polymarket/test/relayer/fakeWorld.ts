import { MatchpointError, VirtualClock, type Millis } from "@matchpoint/sdk";
import { AbiCoder, keccak256, toBeHex, toUtf8Bytes, Wallet } from "ethers";
import type { RpcAnswer } from "../../src/chain/rpcEndpoint.ts";
import type { RpcPool } from "../../src/chain/rpcPool.ts";
import type { TxEntry, TxReport } from "../../src/chain/txRecord.ts";
import { deriveWallets } from "../../src/relayer/derive.ts";
import { RELAY_CONTRACTS, SAFE } from "../../src/relayer/relayContracts.ts";
import type { RelayAnswer, RelayedTransaction, Relayer } from "../../src/relayer/relayer.ts";
import { RelaySender } from "../../src/relayer/relaySender.ts";
import { safeHash } from "../../src/relayer/relayRequest.ts";
import type { Turn } from "../../src/signing/epochs.ts";
import type { Address, Hex } from "../../src/venue/contracts.ts";

const CONTRACTS = RELAY_CONTRACTS[137]!;
const KEY = new Wallet("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const FROM = KEY.address as Address;
export const HOLDER = deriveWallets(FROM, 2, CONTRACTS)[0]!;
const SUCCESS = SAFE.getEvent("ExecutionSuccess")!.topicHash;
const NONCE = SAFE.encodeFunctionData("nonce");
const hash = (text: string): string => keccak256(toUtf8Bytes(text));

interface Body {
  readonly nonce: string;
  readonly signature: string;
  readonly to: string;
  readonly data: string;
}

/** Something that the chain has carried out. */
export interface Executed {
  readonly body: Body;
  readonly block: bigint;
  readonly hash: string;
}

interface Taken {
  readonly body: Body;
  readonly id: string;
  done: Executed | undefined;
  failed: boolean;
}

/** What the relayer does with a request. */
export type Whim = "take" | "take_silently" | "lose" | "refuse" | "busy" | "refuse_and_take";

/** A chain with one Safe, and a relayer of many whims, in memory and by a clock that is told. */
export class FakeWorld {
  readonly clock = new VirtualClock({ startsAt: 1_790_000_000_000 });
  readonly executed: Executed[] = [];
  readonly entries: TxEntry[] = [];
  readonly reports: TxReport[] = [];
  readonly #random: () => number;
  readonly #taken: Taken[] = [];
  height = 10n;
  /** How many blocks the nodes' word of what is final is behind. */
  lag = 2n;
  whim: () => Whim = () => "take";
  /** Chances of what else goes wrong. */
  mute = 0;
  fails = 0;
  posts = 0;
  /** Whether the nodes show logs and receipts only when asked for the second time. */
  shy = false;
  readonly #asked = new Set<string>();

  constructor(random: () => number) {
    this.#random = random;
  }

  open(turn: Pick<Turn, "stale"> = {}): RelaySender {
    const signer = {
      signMessage: (message: Uint8Array) => KEY.signMessage(message),
      signTypedData: (...args: Parameters<typeof KEY.signTypedData>) => KEY.signTypedData(...args),
      ...turn,
    };
    return new RelaySender({
      ...{ pool: this.#pool(), chainId: 137, from: FROM, wallet: HOLDER, signatureType: 2 },
      ...{ contracts: CONTRACTS, relayer: this.#relayer(), clock: this.clock, signer },
      finality: { kind: "blocks", blocks: Number(this.lag) },
      journal: { entries: [...this.entries], append: (entry) => void this.entries.push(entry) },
      onReport: (report) => this.reports.push(report),
      ...{ pollMs: 500, lostAfterMs: 5_000 },
    });
  }

  /** Time goes on: a block comes, and the relayer hands in what it can. */
  step(): void {
    this.clock.advance(2_000);
    this.height += 1n;
    for (const taken of this.#taken) {
      if (taken.done !== undefined || taken.failed || this.#random() < 0.3) continue;
      // What it gives up it gives up for good, with all copies that it has of the same.
      if (this.#random() < this.fails)
        for (const copy of this.#taken)
          copy.failed = copy.failed || copy.body.signature === taken.body.signature;
      else if (taken.body.nonce === String(this.executed.length)) {
        const number = this.executed.length;
        taken.done = { body: taken.body, block: this.height, hash: hash(`tx ${number}`) };
        this.executed.push(taken.done);
      } else if (Number(taken.body.nonce) < this.executed.length) taken.failed = true;
    }
  }

  /** Which of the chain's transactions an intent was told to be. */
  creditOf(intentId: string): readonly string[] {
    const finals = this.reports.filter((each) => each.intentId === intentId && each.status === "FINAL");
    return [...new Set(finals.map((each) => each.hash!))];
  }

  #shows({ hash: each }: Executed): boolean {
    const known = this.#asked.has(each);
    this.#asked.add(each);
    return known || !this.shy;
  }

  #nonceAt(tag: unknown): number {
    const at = BigInt(String(tag));
    return this.executed.filter(({ block }) => block <= at).length;
  }

  #log({ body, hash: transactionHash }: Executed): object {
    const calls = [{ to: body.to as Address, data: body.data as Hex }];
    const draft = { relayType: "SAFE", chainId: 137, from: FROM, wallet: HOLDER, metadata: "" } as const;
    const known = safeHash({ ...draft, calls, nonce: body.nonce }, CONTRACTS);
    const data = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [known, 0]);
    return { address: HOLDER, topics: [SUCCESS], data, transactionHash };
  }

  #ask(method: string, params: readonly unknown[]): unknown {
    const of = (value: unknown): Executed | undefined => this.executed.find((each) => each.hash === value);
    switch (method) {
      case "eth_getCode":
        return "0x01";
      case "eth_call": {
        const { data } = params[0] as { data: string };
        return data === NONCE ? toBeHex(this.#nonceAt(params[1]), 32) : "0x";
      }
      case "eth_getBlockByNumber":
        return this.#block(BigInt(String(params[0])));
      case "eth_getLogs": {
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
        return this.executed
          .filter(({ block }) => block >= BigInt(fromBlock) && block <= BigInt(toBlock))
          .filter((each) => this.#shows(each))
          .map((each) => this.#log(each));
      }
      case "eth_getTransactionByHash": {
        const found = of(params[0]);
        return found === undefined ? null : { input: `0x12${found.body.signature.slice(2)}00` };
      }
      case "eth_getTransactionReceipt": {
        const found = of(params[0]);
        if (found === undefined || !this.#shows(found)) return null;
        const { number, hash: blockHash } = this.#block(found.block);
        const rest = { status: "0x1", gasUsed: "0x1", effectiveGasPrice: "0x1", logs: [this.#log(found)] };
        return { transactionHash: found.hash, blockNumber: number, blockHash, ...rest };
      }
      default:
        throw new MatchpointError("INVARIANT", `no ${method} here`);
    }
  }

  #block(number: bigint): { readonly number: string; readonly hash: string; readonly timestamp: string } {
    const timestamp = `0x${(1_790_000_000n + number * 2n).toString(16)}`;
    return { number: `0x${number.toString(16)}`, hash: hash(`block ${number}`), timestamp };
  }

  #pool(): RpcPool {
    const ask = (method: string, params: readonly unknown[]): Promise<RpcAnswer> => {
      if (this.#random() < this.mute / 4)
        return Promise.reject(new MatchpointError("CHAIN_UNREACHABLE", "no node answers"));
      return Promise.resolve({ kind: "result", value: this.#ask(method, params) });
    };
    return {
      call: ask,
      agreed: ask,
      block: async () => ({ number: this.height, hash: hash(`block ${this.height}`) }),
      broadcast: () => Promise.reject(new MatchpointError("INVARIANT", "nothing is broadcast here")),
      health: () => [],
    };
  }

  #relayer(): Relayer {
    const silent = (): void => {
      if (this.#random() < this.mute) throw new MatchpointError("HTTP_FAILED", "the relayer is silent");
    };
    const shown = ({ body, id, done, failed }: Taken): RelayedTransaction => ({
      ...{ transactionId: id, signature: body.signature },
      state: done !== undefined ? "STATE_CONFIRMED" : failed ? "STATE_FAILED" : "STATE_NEW",
      ...(done === undefined ? {} : { hash: done.hash }),
    });
    return {
      ...{ label: "relayer", pollMs: 1_000 },
      params: async () => {
        silent();
        // It may be behind.
        return { nonce: String(Math.max(0, this.executed.length - (this.#random() < 0.2 ? 1 : 0))) };
      },
      submit: async (text): Promise<RelayAnswer> => {
        this.posts += 1;
        const body = JSON.parse(text) as Body;
        const id = `request ${this.posts}`;
        const take = (): void => void this.#taken.push({ body, id, done: undefined, failed: false });
        const refused = (busy: boolean): RelayAnswer => ({ kind: "refused", detail: "no", fix: "", busy });
        switch (this.whim()) {
          case "take":
            take();
            return { kind: "accepted", transactionId: id };
          case "take_silently":
            take();
            return { kind: "unknown", detail: "no answer" };
          case "lose":
            return { kind: "unknown", detail: "no answer" };
          case "refuse":
            return refused(false);
          case "busy":
            return refused(true);
          case "refuse_and_take":
            take();
            return refused(false);
        }
      },
      transaction: async (id) => {
        silent();
        const found = this.#taken.find((each) => each.id === id);
        return found === undefined ? undefined : shown(found);
      },
      transactions: async () => {
        silent();
        return this.#taken.map(shown);
      },
    };
  }

  get now(): Millis {
    return this.clock.wall();
  }
}
