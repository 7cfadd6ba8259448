import { MatchpointError, type Shares, type Usdc } from "@matchpoint/sdk";
import type { Interface, Result } from "ethers";
import type { Address, Hex } from "../venue/contracts.ts";
import { CTF, ERC20, RAMPS } from "./contractCalls.ts";
import { revertReason } from "./refusals.ts";
import { unreachable } from "./rpcEndpoint.ts";
import type { RpcPool } from "./rpcPool.ts";
import { quantity } from "./wire.ts";

/** What a condition's oracle has said on the chain: each outcome's part of a dollar is its numerator by the denominator, 0 before. */
export interface ChainPayouts {
  readonly denominator: bigint;
  readonly numerators: readonly [bigint, bigint];
}

/** Reads contracts at one block, as enough nodes agree. All throw `MatchpointError` `CHAIN_UNREACHABLE` or `CHAIN_DISPUTED`. */
export class ChainReads {
  readonly #pool: RpcPool;
  readonly #ctf: Address;

  constructor(pool: RpcPool, conditionalTokens: Address) {
    this.#pool = pool;
    this.#ctf = conditionalTokens;
  }

  /** The block at which what follows is read, as a tag for calls. */
  async latest(): Promise<string> {
    return `0x${(await this.#pool.block("latest")).number.toString(16)}`;
  }

  /** How many blocks the last final one is behind the latest. */
  async finalityLag(): Promise<number> {
    const [latest, final] = await Promise.all([this.#pool.block("latest"), this.#pool.block("finalized")]);
    return Number(latest.number - final.number);
  }

  /** How old the last final block is by this wall clock (Unix ms), in whole ms. */
  async finalAgeMs(nowMs: number): Promise<number> {
    const { timestamp } = await this.#pool.block("finalized");
    if (timestamp === undefined)
      throw unreachable("the last final block", "the nodes do not say of when it is");
    return Math.max(0, Math.round(nowMs) - Number(timestamp) * 1_000);
  }

  /** POL in wei. */
  async pol(owner: Address, at: string): Promise<bigint> {
    return this.#quantity("eth_getBalance", [owner, at]);
  }

  /** Transactions of a wallet that are mined. */
  async count(owner: Address, at: string): Promise<number> {
    return Number(await this.#quantity("eth_getTransactionCount", [owner, at]));
  }

  async hasCode(address: Address, at: string): Promise<boolean> {
    const answer = await this.#pool.agreed("eth_getCode", [address, at]);
    return answer.kind === "result" && typeof answer.value === "string" && answer.value.length > 2;
  }

  async dollars(token: Address, owner: Address, at: string): Promise<Usdc> {
    return counted(await this.#read(token, ERC20, "balanceOf", [owner], at)) as Usdc;
  }

  /** Unbounded allowances are beyond 2^53: a bigint. */
  async allowance(token: Address, owner: Address, spender: Address, at: string): Promise<bigint> {
    return (await this.#read(token, ERC20, "allowance", [owner, spender], at))[0] as bigint;
  }

  async shares(tokenId: string, owner: Address, at: string): Promise<Shares> {
    return counted(await this.#read(this.#ctf, CTF, "balanceOf", [owner, tokenId], at)) as Shares;
  }

  async isOperator(owner: Address, operator: Address, at: string): Promise<boolean> {
    return (await this.#read(this.#ctf, CTF, "isApprovedForAll", [owner, operator], at))[0] === true;
  }

  async paused(ramp: Address, asset: Address, at: string): Promise<boolean> {
    return (await this.#read(ramp, RAMPS, "paused", [asset], at))[0] === true;
  }

  async payouts(conditionId: string, at: string): Promise<ChainPayouts> {
    const denominator = (
      await this.#read(this.#ctf, CTF, "payoutDenominator", [conditionId], at)
    )[0] as bigint;
    if (denominator === 0n) return { denominator, numerators: [0n, 0n] };
    const [first, second] = await Promise.all(
      [0, 1].map((index) => this.#read(this.#ctf, CTF, "payoutNumerators", [conditionId, index], at)),
    );
    return { denominator, numerators: [first![0] as bigint, second![0] as bigint] };
  }

  async #quantity(method: string, params: readonly unknown[]): Promise<bigint> {
    const answer = await this.#pool.agreed(method, params);
    const value = answer.kind === "result" ? quantity(answer.value) : undefined;
    if (value === undefined) throw unreachable(method, "the nodes answer no number");
    return value;
  }

  async #read(
    to: Address,
    face: Interface,
    name: string,
    args: readonly unknown[],
    at: string,
  ): Promise<Result> {
    const data = face.encodeFunctionData(name, args) as Hex;
    const answer = await this.#pool.agreed("eth_call", [{ to, data }, at]);
    const where = `${name} of ${to}`;
    if (answer.kind === "refused") throw unreachable(where, revertReason(answer));
    try {
      return face.decodeFunctionResult(name, answer.value as Hex);
    } catch {
      throw unreachable(
        where,
        "there is no such contract at this address",
        "check the chain and the address list",
      );
    }
  }
}

function counted(result: Result): number {
  const value = result[0] as bigint;
  if (value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new MatchpointError(
      "UNIT_OVERFLOW",
      `a balance of ${value} millionths is more than can be held exactly`,
    );
  return Number(value);
}
