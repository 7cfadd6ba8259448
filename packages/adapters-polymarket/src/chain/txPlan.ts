import type { Address } from "../venue/contracts.ts";
import { GWEI, openingFees, type Fees, type GasLimits } from "./gas.ts";
import { isRevert, revertReason } from "./refusals.ts";
import type { RpcPool } from "./rpcPool.ts";
import type { SendOutcome, SendRefusal, TxIntent } from "./txRecord.ts";
import { quantity, type ChainBlock } from "./wire.ts";

/** Why nothing was sent. */
export type Refusal = Extract<SendOutcome, { kind: "refused" }>;

/** What would be signed, and how many transactions the wallet has, mined and with those that wait. */
export interface Plan {
  readonly kind: "plan";
  readonly gasLimit: bigint;
  readonly fees: Fees;
  readonly mined: number;
  readonly waiting: number;
}

/** What a plan is made from. */
export interface PlanContext {
  readonly pool: RpcPool;
  readonly from: Address;
  readonly gas: GasLimits;
}

/** A refusal. */
export function refuse(code: SendRefusal, detail: string, fix: string): Refusal {
  return { kind: "refused", code, detail, fix };
}

/** Refused because another process has taken the account over. */
export function refuseOvertaken(why: string): Refusal {
  return refuse(
    "EPOCH",
    `nothing is sent from here any more: ${why}`,
    "the process that has the account goes on",
  );
}

/** Wei as POL, to six places. */
export function pol(wei: bigint): string {
  const micros = (wei < 0n ? 0n : wei) / 1_000_000_000_000n;
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, "0")}`;
}

/**
 * Tries a call at a block that enough nodes have, and says what it would cost; `reserved` wei are spoken for already.
 * @throws `MatchpointError` `CHAIN_UNREACHABLE`, `CHAIN_DISPUTED`, `CHAIN_WRONG`
 */
export async function planTx(
  { pool, from, gas }: PlanContext,
  intent: TxIntent,
  reserved: bigint,
): Promise<Plan | Refusal> {
  const head = await pool.block("latest");
  const at = `0x${head.number.toString(16)}`;
  const call = { from, to: intent.to, data: intent.data };
  const trial = await pool.agreed("eth_call", [call, at]);
  if (trial.kind === "refused")
    return isRevert(trial)
      ? refuse("WOULD_REVERT", `${intent.what} would revert: ${revertReason(trial)}`, "nothing was sent")
      : refuse("NODES", `${intent.what}: ${trial.message}`, "nothing was sent; try again");
  const fees = await feesNow(pool, head, gas);
  if (fees === undefined) {
    const price = `${(head.baseFee ?? 0n) / GWEI} gwei and the least tip of ${gas.minTip / GWEI}`;
    const cap = `above the cap of ${gas.maxFeePerGas / GWEI} gwei`;
    return refuse("GAS", `gas costs ${price}, ${cap}`, "wait, nothing here is urgent, or raise the cap");
  }
  const estimate = await pool.call("eth_estimateGas", [call]);
  const used = numberOf(estimate);
  if (used === undefined) {
    const why = estimate.kind === "refused" ? estimate.message : "no number";
    return refuse(
      "WOULD_REVERT",
      `the gas of ${intent.what} cannot be estimated: ${why}`,
      "nothing was sent",
    );
  }
  const gasLimit = (used * 125n) / 100n + 10_000n;
  const balance = numberOf(await pool.agreed("eth_getBalance", [from, at])) ?? 0n;
  const needed = gasLimit * fees.maxFee + reserved;
  if (balance < needed + gas.polFloor)
    return refuse(
      "GAS",
      `${pol(balance)} POL at ${from}, but ${pol(needed)} may be needed and ${pol(gas.polFloor)} is kept`,
      `send at least ${pol(needed + gas.polFloor - balance)} POL to ${from}`,
    );
  const mined = numberOf(await pool.agreed("eth_getTransactionCount", [from, at]));
  const waiting = numberOf(await pool.call("eth_getTransactionCount", [from, "pending"]));
  if (mined === undefined)
    return refuse("NODES", "the nodes do not count transactions", "nothing was sent; try again");
  return { kind: "plan", gasLimit, fees, mined: Number(mined), waiting: Number(waiting ?? mined) };
}

/** Fees for a transaction now; `undefined` when gas costs more than it may. */
export async function feesNow(pool: RpcPool, head: ChainBlock, gas: GasLimits): Promise<Fees | undefined> {
  const tip = numberOf(await pool.call("eth_maxPriorityFeePerGas", [])) ?? 0n;
  return openingFees(head.baseFee ?? 0n, tip, gas);
}

function numberOf(answer: Awaited<ReturnType<RpcPool["call"]>>): bigint | undefined {
  return answer.kind === "result" ? quantity(answer.value) : undefined;
}
