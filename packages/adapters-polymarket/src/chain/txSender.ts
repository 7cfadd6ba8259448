import { MatchpointError, NANOS_PER_MS } from "@matchpoint/sdk";
import type { ActionSender } from "./actionSender.ts";
import { overtaken } from "../signing/epochs.ts";
import { replacementFees, type Fees } from "./gas.ts";
import { LookLoop, refusedNodes } from "./lookLoop.ts";
import { NonceOwner } from "./nonces.ts";
import { look, receiptOf, type Evidence } from "./txEvidence.ts";
import { feesNow, planTx, refuse, refuseOvertaken, type Plan, type Refusal } from "./txPlan.ts";
import type { Broadcast } from "./rpcPool.ts";
import { answerOf, newTracked, reportOf, trackedFrom, type Tracked } from "./tracked.ts";
import type { SendOutcome, TxAttemptEntry, TxEntry, TxIntent, TxReport, TxStatus } from "./txRecord.ts";
import type { TxSenderOptions } from "./txSenderOptions.ts";
import { signTx } from "./txSigner.ts";
import type { ChainBlock } from "./wire.ts";

/**
 * Sends the transactions of one wallet, which nobody else may use, and follows each to its end. An intent has one nonce for ever;
 * what waits too long is replaced under the same nonce, never skipped. Everything is written down before it is handed to a node.
 */
export class TxSender implements ActionSender {
  readonly #o: TxSenderOptions;
  readonly #nonces = new NonceOwner();
  readonly #loop: LookLoop;
  readonly #tracked = new Map<string, Tracked>();
  #broken: string | undefined;
  #mostMined: number | undefined;
  /** Transactions of the wallet that were mined while this ran and were not made here. */
  foreign = 0;

  constructor(options: TxSenderOptions) {
    this.#o = options;
    this.#loop = new LookLoop(options, () => this.#look());
    for (const entry of options.journal?.entries ?? []) this.#restore(entry);
  }

  /** Why the last look at the chain failed; `undefined` when it did not. */
  get trouble(): string | undefined {
    return this.#loop.trouble;
  }

  /** Where an intent stands; `undefined` when it was never sent. */
  status(intentId: string): TxStatus | undefined {
    return this.#tracked.get(intentId)?.status;
  }

  /** What is under way, by nonce. */
  pending(): readonly TxReport[] {
    return [...this.#tracked.values()]
      .filter(({ status }) => status !== "FINAL" && status !== "REVERTED")
      .map((each) => reportOf(each));
  }

  /** The last news of an intent, for who was not there to hear it; with its receipt, when it has one that the nodes agree on. */
  async recall(intentId: string): Promise<TxReport | undefined> {
    const tracked = this.#tracked.get(intentId);
    if (tracked === undefined) return undefined;
    const report = reportOf(tracked);
    if (tracked.settledBy === undefined) return report;
    const receipt = await receiptOf(this.#o.pool, tracked.settledBy);
    return receipt === undefined ? report : { ...report, hash: receipt.hash, receipt };
  }

  /** Sends an intent, or tells how the one of that id was answered. One at a time, in the order asked. Never throws on the chain's account. */
  submit(intent: TxIntent): Promise<SendOutcome> {
    return this.#loop.alone(() => this.#submit(intent));
  }

  /** What an intent would cost, and whether it would be sent; nothing is signed. */
  rehearse(intent: TxIntent): Promise<Refusal | Plan> {
    return this.#loop.alone(() => refusedNodes(() => this.#plan(intent)));
  }

  /** One look at everything that is under way. What cannot be seen is left as it is. */
  tick(): Promise<void> {
    return this.#loop.tick();
  }

  /** Looks again and again until {@link TxSender.stop}. */
  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
  }

  async #submit(intent: TxIntent): Promise<SendOutcome> {
    const known = this.#tracked.get(intent.id);
    if (known !== undefined) return answerOf(known);
    if (this.#broken !== undefined) return refuse("JOURNAL", this.#broken, RESTART);
    if (intent.also !== undefined || intent.makes === true)
      throw new MatchpointError("INVARIANT", "a plain wallet sends one call at a time");
    const plan = await refusedNodes(() => this.#plan(intent));
    if (plan.kind === "refused") return plan;
    const stale = overtaken(this.#o.signer);
    if (stale !== undefined) return refuseOvertaken(stale);
    const nonce = this.#nonces.assign(intent.id);
    const tracked = newTracked(intent, nonce, plan.gasLimit);
    let raw: string;
    try {
      raw = await this.#sign(tracked, plan.fees);
    } catch (error) {
      const broken = this.#whyBroken();
      if (broken !== undefined) return refuse("JOURNAL", broken, RESTART);
      this.#nonces.release(nonce);
      throw error;
    }
    this.#tracked.set(intent.id, tracked);
    const sent = await this.#broadcast(raw);
    if (sent.kind === "accepted") this.#tell(tracked, "SENT", undefined, true);
    else this.#tell(tracked, "UNKNOWN", `not known to be with any node: ${sent.message}`);
    return answerOf(tracked);
  }

  /** Everything that must hold before something is signed. */
  async #plan(intent: TxIntent): Promise<Refusal | Plan> {
    const live = this.#nonces.live();
    if (intent.key !== undefined)
      for (const { intent: other, status } of this.#tracked.values())
        if (other.key === intent.key && status !== "FINAL" && status !== "REVERTED")
          return refuse("BUSY", `${other.what} is under way already (${status})`, "wait until it is final");
    if (live.length >= this.#o.maxPending)
      return refuse("BUSY", `${live.length} transactions are under way`, "wait until one of them is final");
    const reserved = live.reduce((sum, { attempts, intentId }) => {
      const limit = this.#tracked.get(intentId)?.gasLimit ?? 0n;
      return sum + limit * (attempts.at(-1)?.maxFee ?? 0n);
    }, 0n);
    const planned = await planTx(this.#o, intent, reserved);
    if (planned.kind === "refused") return planned;
    const expected = Math.max(this.#mostMined ?? planned.mined, this.#nonces.explained() ?? 0);
    this.foreign += Math.max(0, planned.mined - expected);
    this.#mostMined = Math.max(this.#mostMined ?? 0, planned.mined);
    this.#nonces.observe(planned.mined);
    const ours = Math.max(planned.mined, this.#nonces.explained() ?? 0);
    if (planned.waiting <= ours) return planned;
    return refuse(
      "FOREIGN",
      `${this.#o.from} has ${planned.waiting - ours} waiting transactions that were not made here`,
      "use this wallet for nothing else while the bot runs; wait until they are mined",
    );
  }

  /** Signs the next attempt and writes it down; only then may it leave. */
  async #sign(tracked: Tracked, fees: Fees): Promise<string> {
    const { chainId, from, signer, journal, clock } = this.#o;
    const { intent, nonce, gasLimit } = tracked;
    const tx = {
      chainId,
      from,
      to: intent.to,
      data: intent.data,
      nonce,
      gasLimit: String(gasLimit),
      maxFeePerGas: String(fees.maxFee),
      maxPriorityFeePerGas: String(fees.tip),
    };
    const { raw, hash } = await signTx(signer, tx);
    const { id: intentId, what, key } = intent;
    const entry: TxAttemptEntry = {
      type: "tx_attempt",
      intentId,
      what,
      ...(key === undefined ? {} : { key }),
      ...tx,
      hash,
    };
    try {
      await journal?.append(entry);
    } catch (error) {
      // Whether the line is there is not known: who reads it later must find no other intent at this nonce.
      this.#broken = `the journal of transactions could not be written: ${(error as Error).message}`;
      throw error;
    }
    this.#nonces.signed(nonce, intentId, { hash, maxFee: fees.maxFee, tip: fees.tip });
    tracked.attempts.push({ entry, raw });
    tracked.since = clock.monotonic();
    return raw;
  }

  #whyBroken(): string | undefined {
    return this.#broken;
  }

  async #look(): Promise<void> {
    const live = this.#nonces.live();
    if (live.length === 0) return;
    const { pool, from, finality } = this.#o;
    const head = await pool.block("latest");
    for (const { nonce, intentId } of live) {
      const tracked = this.#tracked.get(intentId)!;
      const hashes = tracked.attempts.map(({ entry }) => entry.hash).reverse();
      await this.#weigh(tracked, await look({ pool, from, nonce, hashes, finality, head }), head);
    }
  }

  async #weigh(tracked: Tracked, evidence: Evidence, head: ChainBlock): Promise<void> {
    const missedBefore = tracked.missed;
    tracked.missed = evidence.kind === "replaced";
    tracked.unseen = tracked.missed || evidence.kind === "taken" ? tracked.unseen + 1 : 0;
    // A node counts a transaction before it shows the receipt: one look alarms nobody, two do not prove that it was another one.
    if (tracked.unseen === 1) return;
    switch (evidence.kind) {
      case "final": {
        const { receipt } = evidence;
        const detail = receipt.success ? undefined : `reverted on the chain in block ${receipt.blockNumber}`;
        await this.#settle(tracked, receipt.success ? "FINAL" : "REVERTED", detail, receipt);
        return;
      }
      case "mined": {
        const { receipt } = evidence;
        const told = tracked.status === "MINED" && tracked.minedIn === receipt.blockHash;
        tracked.minedIn = receipt.blockHash;
        const detail = receipt.success ? undefined : "reverted, not final yet";
        if (!told) this.#tell(tracked, "MINED", detail, false, { receipt });
        return;
      }
      case "replaced":
        if (!missedBefore || tracked.unseen < 3) {
          this.#tell(tracked, "UNKNOWN", `nonce ${tracked.nonce} was used, and none of ours is seen there`);
          return;
        }
        await this.#settle(
          tracked,
          "REVERTED",
          `never executed: nonce ${tracked.nonce} was used by another transaction`,
        );
        return;
      case "taken":
        this.#tell(
          tracked,
          "UNKNOWN",
          `nonce ${tracked.nonce} was used by another transaction, not final yet`,
        );
        return;
      case "absent":
        if (tracked.minedIn !== undefined) {
          tracked.minedIn = undefined;
          this.#tell(tracked, "UNKNOWN", "its block is not in the chain any more: it waits again");
        }
        await this.#push(tracked, head, evidence.known);
    }
  }

  /** Sees to it that a waiting transaction is with the nodes, with fees that get it mined. */
  async #push(tracked: Tracked, head: ChainBlock, known: boolean): Promise<void> {
    const { pool, clock, replaceAfterMs, gas, signer } = this.#o;
    const stale = overtaken(signer);
    if (stale !== undefined) {
      this.#tell(tracked, "UNKNOWN", `it is not sent again: ${stale}`);
      return;
    }
    const last = tracked.attempts.at(-1)!;
    if (last.raw === undefined) {
      const again = await signTx(signer, last.entry);
      // A signer that signs otherwise each time makes another transaction of it: then it is replaced like one that is stuck.
      if (again.hash === last.entry.hash) last.raw = again.raw;
    }
    const old = clock.monotonic() - tracked.since > replaceAfterMs * NANOS_PER_MS;
    let raw = last.raw;
    if ((old || raw === undefined) && this.#broken === undefined) {
      const before = {
        maxFee: BigInt(last.entry.maxFeePerGas),
        tip: BigInt(last.entry.maxPriorityFeePerGas),
      };
      const fees = replacementFees(before, await feesNow(pool, head, gas), gas);
      if (fees !== undefined) raw = await this.#sign(tracked, fees);
    }
    if (raw === last.raw && known && tracked.status === "SENT") return;
    if (raw === undefined) {
      this.#tell(tracked, "UNKNOWN", "it waits, and can be replaced only above the cap of gas");
      return;
    }
    const sent = await this.#broadcast(raw);
    const replaced = raw === last.raw ? undefined : `attempt ${tracked.attempts.length} with higher fees`;
    if (sent.kind === "accepted") this.#tell(tracked, "SENT", replaced, replaced !== undefined);
    else if (tracked.status !== "UNKNOWN") this.#tell(tracked, "UNKNOWN", sent.message);
  }

  /** The last step before a node has it; whoever was overtaken while it was signed does not take it. */
  async #broadcast(raw: string): Promise<Broadcast> {
    const stale = overtaken(this.#o.signer);
    return stale === undefined ? this.#o.pool.broadcast(raw) : { kind: "unknown", message: stale };
  }

  async #settle(
    tracked: Tracked,
    status: "FINAL" | "REVERTED",
    detail?: string,
    receipt?: TxReport["receipt"],
  ): Promise<void> {
    const { intent, nonce } = tracked;
    try {
      await this.#o.journal?.append({
        type: "tx_settled",
        intentId: intent.id,
        nonce,
        status,
        ...(receipt === undefined ? {} : { hash: receipt.hash }),
        ...(detail === undefined ? {} : { detail }),
      });
    } catch (error) {
      // What is final can be found on the chain again: it is told all the same.
      this.#broken = `the journal of transactions could not be written: ${(error as Error).message}`;
    }
    this.#nonces.settle(nonce);
    tracked.settledBy = receipt?.hash;
    this.#tell(tracked, status, detail, false, receipt === undefined ? {} : { receipt });
  }

  #tell(
    tracked: Tracked,
    status: TxStatus,
    detail?: string,
    always = false,
    more: Partial<TxReport> = {},
  ): void {
    if (!always && status !== "MINED" && tracked.status === status && tracked.detail === detail) return;
    tracked.status = status;
    tracked.detail = detail;
    this.#o.onReport({ ...reportOf(tracked), ...more, ...(more.receipt ? { hash: more.receipt.hash } : {}) });
  }

  #restore(entry: TxEntry): void {
    if (entry.type !== "tx_settled" && entry.type !== "tx_attempt") return;
    if (entry.type === "tx_settled") {
      const settled = this.#tracked.get(entry.intentId);
      if (settled === undefined) return;
      settled.status = entry.status;
      settled.detail = entry.detail;
      settled.settledBy = entry.hash;
      this.#nonces.settle(entry.nonce);
      return;
    }
    if (entry.from !== this.#o.from || entry.chainId !== this.#o.chainId)
      throw new MatchpointError(
        "JOURNAL_CORRUPT",
        "the journal of transactions is of another wallet or chain",
        {
          hint: `it is of ${entry.from} on chain ${entry.chainId}`,
        },
      );
    const { intentId, nonce, hash } = entry;
    const fees = { maxFee: BigInt(entry.maxFeePerGas), tip: BigInt(entry.maxPriorityFeePerGas) };
    this.#nonces.restore(nonce, intentId, { hash, ...fees });
    const known = this.#tracked.get(intentId);
    const tracked = known ?? trackedFrom(entry, this.#o.clock.monotonic());
    tracked.attempts.push({ entry, raw: undefined });
    this.#tracked.set(intentId, tracked);
  }
}

const RESTART = "restart when the disk can be written";
