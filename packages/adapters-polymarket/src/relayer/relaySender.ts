import { isMatchpointError, NANOS_PER_MS } from "@matchpoint/sdk";
import type { ActionSender, RelayPlan } from "../chain/actionSender.ts";
import { LookLoop, refusedNodes } from "../chain/lookLoop.ts";
import { finalBlock, receiptOf, type FinalityPolicy } from "../chain/txEvidence.ts";
import { refuse, refuseOvertaken, type Refusal } from "../chain/txPlan.ts";
import type { SendOutcome, TxIntent, TxJournal, TxReport, TxStatus } from "../chain/txRecord.ts";
import type { ChainBlock, ChainReceipt } from "../chain/wire.ts";
import { overtaken, type Turn } from "../signing/epochs.ts";
import type { Hex } from "../venue/contracts.ts";
import { RelayChain } from "./relayChain.ts";
import { findRelay, weighRelay } from "./relayEvidence.ts";
import { describeRelay, planRelay, type PlannedRelay, type RelayContext } from "./relayPlan.ts";
import type { RelayAttemptEntry, RelayEntry } from "./relayRecord.ts";
import { relayBody, signRelay, type RelaySigner } from "./relayRequest.ts";
import { askRelayer, restoreRelays } from "./relayNews.ts";
import {
  isOver,
  relayAnswer,
  relayReport,
  sameRequest,
  trackRelay,
  type TrackedRelay,
} from "./relayTracked.ts";

/** How requests are sent and followed. */
export interface RelaySenderOptions extends RelayContext {
  readonly signer: RelaySigner & Pick<Turn, "stale">;
  readonly finality: FinalityPolicy;
  readonly journal?: TxJournal;
  readonly onReport: (report: TxReport) => void;
  /** How often the chain is looked at, in ms. */
  readonly pollMs: number;
  /** After how long, in ms, one that nobody has seen leaves its nonce to the next. */
  readonly lostAfterMs: number;
}

/** How long a request waits for the one before it, in ms. */
const PATIENCE_MS = 120_000;
const RESTART = "restart when the disk can be written";

/**
 * Has the relayer carry out what a contract wallet is to do, one after the other, and follows each to its end. Everything is written
 * down before it is handed in, and handed in once. What the relayer says is a hint: the wallet's nonce and the logs on the chain decide.
 * What was signed with the same nonce is carried out once at most, so that nothing that was lost can come true a second time.
 */
export class RelaySender implements ActionSender {
  readonly #o: RelaySenderOptions;
  readonly #chain: RelayChain;
  readonly #loop: LookLoop;
  readonly #tracked = new Map<string, TrackedRelay>();
  /** What the relayer has refused: looked for before it is sent again. */
  readonly #refused = new Map<string, TrackedRelay>();
  #waiting: (() => void)[] = [];
  #broken: string | undefined;
  #newsAt = 0;
  #clearAt = 0;
  /** Whether the last request was refused for the time being only. */
  #tooEarly = false;
  foreign = 0;

  constructor(options: RelaySenderOptions) {
    this.#o = options;
    this.#loop = new LookLoop(options, () => this.#look());
    this.#chain = new RelayChain(options.pool, options.contracts);
    const { journal, clock } = options;
    restoreRelays(journal?.entries ?? [], options, clock.monotonic(), this.#tracked, this.#refused);
  }

  get trouble(): string | undefined {
    return this.#loop.trouble;
  }

  status(intentId: string): TxStatus | undefined {
    return this.#tracked.get(intentId)?.status;
  }

  pending(): readonly TxReport[] {
    return this.#live().map((each) => relayReport(each));
  }

  async recall(intentId: string): Promise<TxReport | undefined> {
    const tracked = this.#tracked.get(intentId);
    if (tracked === undefined) return undefined;
    const report = relayReport(tracked);
    if (tracked.settledBy === undefined) return report;
    const receipt = await receiptOf(this.#o.pool, tracked.settledBy);
    return receipt === undefined ? report : { ...report, hash: receipt.hash, receipt };
  }

  /** One at a time: what comes while another is under way waits for it, as long as somebody looks. */
  async submit(intent: TxIntent): Promise<SendOutcome> {
    const { clock } = this.#o;
    const end = clock.monotonic() + PATIENCE_MS * NANOS_PER_MS;
    for (;;) {
      const outcome = await this.#loop.alone(() => this.#submit(intent));
      const left = (end - clock.monotonic()) / NANOS_PER_MS;
      if (outcome !== "occupied") {
        // Refused for now only: the relayer is busy with the one before for a while after the chain is done.
        const later = outcome.kind === "refused" && this.#tooEarly;
        if (!later || left <= 0) return outcome;
        await new Promise<void>((resolve) => void clock.after(2 * this.#o.relayer.pollMs, resolve));
        continue;
      }
      const blocking = this.#blocking();
      if (blocking === undefined) continue;
      const { entry, status } = blocking;
      if (!this.#loop.running || left <= 0 || (intent.key !== undefined && entry.key === intent.key))
        return refuse("BUSY", `${entry.what} is under way already (${status})`, "wait until it is final");
      await new Promise<void>((resolve) => {
        const cancel = clock.after(Math.ceil(left), resolve);
        this.#waiting.push(() => {
          cancel();
          resolve();
        });
      });
    }
  }

  rehearse(intent: TxIntent): Promise<Refusal | RelayPlan> {
    return this.#loop.alone(async () => {
      const plan = await refusedNodes(() => planRelay(this.#o, this.#chain, intent));
      if (plan.kind === "refused") return plan;
      return { kind: "relay", lines: describeRelay(plan, intent.what, this.#o.relayer) };
    });
  }

  tick(): Promise<void> {
    return this.#loop.tick();
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#free();
  }

  async #submit(intent: TxIntent): Promise<SendOutcome | "occupied"> {
    this.#tooEarly = false;
    const known = this.#tracked.get(intent.id);
    if (known !== undefined) return relayAnswer(known);
    if (this.#broken !== undefined) return refuse("JOURNAL", this.#broken, RESTART);
    const stale = overtaken(this.#o.signer);
    if (stale !== undefined) return refuseOvertaken(stale);
    if (this.#blocking() !== undefined) return "occupied";
    const plan = await refusedNodes(async () => (await this.#before(intent)) ?? this.#plan(intent));
    if (plan.kind !== "planned") return plan;
    const { signer, contracts, relayer, clock } = this.#o;
    const signature = await signRelay(signer, plan.draft, contracts);
    const { id: intentId, what, key } = intent;
    const entry: RelayAttemptEntry = {
      ...{ type: "relay_attempt", intentId, what, ...(key === undefined ? {} : { key }) },
      ...{ ...plan.draft, block: String(plan.head.number) },
    };
    if (!(await this.#write(entry))) return refuse("JOURNAL", this.#broken!, RESTART);
    const tracked = trackRelay(entry, clock.monotonic(), signature);
    this.#tracked.set(intentId, tracked);
    const answer = await relayer.submit(relayBody(entry, signature, contracts));
    this.#newsAt = clock.monotonic() + relayer.pollMs * NANOS_PER_MS;
    if (answer.kind === "refused") {
      this.#tracked.delete(intentId);
      this.#refused.set(intentId, tracked);
      const nonce = Number(entry.nonce);
      await this.#write({ type: "relay_settled", intentId, nonce, status: "REFUSED", detail: answer.detail });
      this.#tooEarly = answer.busy;
      return refuse(answer.busy ? "BUSY" : "RELAYER", answer.detail, answer.fix);
    }
    if (answer.kind === "accepted") {
      await this.#accepted(tracked, answer.transactionId);
      this.#tell(tracked, "SENT", undefined, true);
    } else this.#tell(tracked, "UNKNOWN", `whether the relayer has it is not known: ${answer.detail}`);
    return relayAnswer(tracked);
  }

  /** The one that everything else must wait for. */
  #blocking(): TrackedRelay | undefined {
    return this.#live().find((each) => !this.#isLost(each) && !this.#isReplaced(each));
  }

  /** Nobody has seen it, for long: whatever has its nonce may be signed, for only one of the two can come true. */
  #isLost({ status, transactionId, missed, since }: TrackedRelay): boolean {
    const { clock, lostAfterMs } = this.#o;
    const old = clock.monotonic() - since > lostAfterMs * NANOS_PER_MS;
    return status === "UNKNOWN" && transactionId === undefined && missed >= 2 && old;
  }

  /** Whether another, handed in later, is the same to the chain. */
  #isReplaced(tracked: TrackedRelay): boolean {
    const all = [...this.#tracked.values()];
    return all.slice(all.indexOf(tracked) + 1).some((each) => claims(each, tracked));
  }

  async #plan(intent: TxIntent): Promise<PlannedRelay | Refusal> {
    const plan = await planRelay(this.#o, this.#chain, intent);
    if (plan.kind === "refused" || intent.makes === true) return plan;
    const gone = this.#live().find(({ entry }) => entry.nonce !== plan.draft.nonce && entry.calls.length > 0);
    return gone === undefined
      ? plan
      : refuse("BUSY", `what became of ${gone.entry.what} is being looked for`, "try again a little later");
  }

  /** What the relayer refused may have been carried out all the same: then it is not sent again. */
  async #before(intent: TxIntent): Promise<SendOutcome | undefined> {
    const tracked = this.#refused.get(intent.id);
    if (tracked === undefined || tracked.entry.calls.length === 0) return undefined;
    if ([...this.#tracked.values()].some((each) => claims(each, tracked))) return undefined;
    const head = await this.#o.pool.block("latest");
    if ((await this.#chain.nonce(tracked.entry, head.number)) <= BigInt(tracked.entry.nonce))
      return undefined;
    const found = await findRelay(this.#chain, tracked, () => this.#signatureOf(tracked), head);
    if (found === undefined) {
      // A node may count it before it shows its logs: only the second time is it believed that it was another one.
      if (tracked.passed) return undefined;
      tracked.passed = true;
      this.#tooEarly = true;
      const detail = `whether ${tracked.entry.what} was carried out is being looked for`;
      return refuse("BUSY", detail, "nothing was sent; try again a little later");
    }
    // Written down again: the next process must not take it for refused.
    if (!(await this.#write(tracked.entry))) return refuse("JOURNAL", this.#broken!, RESTART);
    this.#refused.delete(intent.id);
    this.#tracked.set(intent.id, tracked);
    this.#tell(tracked, "SENT", "the relayer had refused it, and the chain has it", true);
    return relayAnswer(tracked);
  }

  async #look(): Promise<void> {
    const live = this.#live();
    if (live.length === 0) return;
    const { pool, finality } = this.#o;
    const head = await pool.block("latest");
    const last = await finalBlock(pool, finality, head);
    await this.#news(live);
    for (const tracked of live) await this.#weigh(tracked, head, last);
    await this.#clear();
  }

  /**
   * What nobody has seen would be unknown for ever: nothing at all is asked for with its nonce, so that it comes true now or never.
   * Making a wallet needs no nonce, and does no harm when it comes true late.
   */
  async #clear(): Promise<void> {
    const { clock, from, lostAfterMs } = this.#o;
    const lost = this.#live().filter((each) => this.#isLost(each));
    for (const each of lost)
      if (each.entry.calls.length === 0) await this.#settle(each, "REVERTED", "the relayer does not have it");
    const last = lost.findLast(({ entry }) => entry.calls.length > 0);
    if (last === undefined || this.#blocking() !== undefined || clock.monotonic() < this.#clearAt) return;
    this.#clearAt = clock.monotonic() + lostAfterMs * NANOS_PER_MS;
    const { intentId, what } = last.entry;
    const id = `nothing:${intentId.replace(/^nothing:/, "").slice(0, 200)}`;
    const known = this.#tracked.has(id) ? `${id}:${this.#tracked.size}` : id;
    await this.#submit({ id: known, what: `nothing, in place of ${what}`, to: from, data: "0x" });
  }

  /** What the relayer says; when it says nothing, the chain alone is looked at. */
  async #news(live: readonly TrackedRelay[]): Promise<void> {
    const { relayer, clock } = this.#o;
    if (clock.monotonic() < this.#newsAt) return;
    this.#newsAt = clock.monotonic() + relayer.pollMs * NANOS_PER_MS;
    const found = (each: TrackedRelay, id: string): Promise<void> => this.#accepted(each, id);
    try {
      const asked = live.filter((each) => !this.#isReplaced(each));
      const claimed = new Set(
        [...this.#tracked.values()].flatMap(({ transactionId }) => transactionId ?? []),
      );
      await askRelayer(relayer, asked, claimed, (each) => this.#signatureOf(each), found);
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      this.#loop.trouble = error.message.split("\n")[0];
    }
  }

  async #weigh(tracked: TrackedRelay, head: ChainBlock, last: bigint | undefined): Promise<void> {
    const sign = (): Promise<Hex> => this.#signatureOf(tracked);
    const verdict = await weighRelay(
      ...([this.#chain, tracked, sign, head, last, this.#isReplaced(tracked)] as const),
    );
    switch (verdict.kind) {
      case "over":
        if (verdict.foreign === true) this.foreign += 1;
        return this.#settle(tracked, verdict.status, verdict.detail, verdict.receipt);
      case "mined": {
        const { receipt, detail } = verdict;
        const block = receipt?.blockHash ?? "";
        const told = tracked.status === "MINED" && tracked.minedIn === block;
        tracked.minedIn = block;
        if (!told) this.#tell(tracked, "MINED", detail, true, receipt === undefined ? {} : { receipt });
        return;
      }
      case "unknown":
        this.#tell(tracked, "UNKNOWN", verdict.detail);
        return;
      case "waits":
        if (tracked.minedIn !== undefined) {
          tracked.minedIn = undefined;
          this.#tell(tracked, "UNKNOWN", "its block is not in the chain any more: it waits again");
        } else if (tracked.transactionId !== undefined) this.#tell(tracked, "SENT");
        else if (tracked.missed >= 2)
          this.#tell(tracked, "UNKNOWN", "neither the relayer's list nor the chain has it");
    }
  }

  async #signatureOf(tracked: TrackedRelay): Promise<Hex> {
    const { signer, contracts } = this.#o;
    tracked.signature ??= await signRelay(signer, tracked.entry, contracts);
    return tracked.signature;
  }

  async #accepted(tracked: TrackedRelay, transactionId: string): Promise<void> {
    tracked.transactionId = transactionId;
    // Without the line it is looked for in the relayer's list again.
    await this.#write({ type: "relay_accepted", intentId: tracked.entry.intentId, transactionId });
  }

  async #settle(
    tracked: TrackedRelay,
    status: "FINAL" | "REVERTED",
    detail?: string,
    receipt?: ChainReceipt,
  ): Promise<void> {
    const { intentId, nonce } = tracked.entry;
    await this.#write({
      ...{ type: "relay_settled", intentId, nonce: Number(nonce), status },
      ...(receipt === undefined ? {} : { hash: receipt.hash }),
      ...(detail === undefined ? {} : { detail }),
    });
    tracked.settledBy = receipt?.hash;
    this.#tell(tracked, status, detail, false, receipt === undefined ? {} : { receipt });
    this.#free();
  }

  /** Writes a line; what goes wrong stops everything that is new. */
  async #write(entry: RelayEntry): Promise<boolean> {
    try {
      await this.#o.journal?.append(entry);
      return true;
    } catch (error) {
      this.#broken = `the journal of transactions could not be written: ${(error as Error).message}`;
      return false;
    }
  }

  #tell(
    tracked: TrackedRelay,
    status: TxStatus,
    detail?: string,
    always = false,
    more: Partial<TxReport> = {},
  ): void {
    if (!always && tracked.status === status && tracked.detail === detail) return;
    tracked.status = status;
    tracked.detail = detail;
    this.#o.onReport({
      ...relayReport(tracked),
      ...more,
      ...(more.receipt ? { hash: more.receipt.hash } : {}),
    });
  }

  #live(): readonly TrackedRelay[] {
    return [...this.#tracked.values()].filter((each) => !isOver(each));
  }

  #free(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** Whether what the chain shows of a request is another's, or may yet be. */
function claims(other: TrackedRelay, tracked: TrackedRelay): boolean {
  return other.status !== "REVERTED" && sameRequest(other, tracked);
}
