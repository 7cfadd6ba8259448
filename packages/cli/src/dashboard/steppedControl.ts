import { id, MatchpointError, type MarketId, type OperatorCommand } from "@matchpoint/sdk";
import { proveNone, type KillReport } from "../control/killProof.ts";
import type { ControlActions } from "../control/server.ts";
import type { BotRun } from "../run.ts";

/** Between the looks that prove a kill, and how long it may take, in ms. */
const APART_MS = 200;
const PROOF_MS = 15_000;

/** Stops a run whose time is not today's: a simulation is told between two of its events, and is over when it is finished. */
export class SteppedControl implements Pick<ControlActions, "kill" | "stopEntries" | "halt"> {
  readonly #run: BotRun;
  #isOver = false;

  constructor(run: BotRun) {
    this.#run = run;
  }

  /** The run is finished: there is nothing to be stopped any more. */
  over(): void {
    this.#isOver = true;
  }

  async kill(by: string, reason: string): Promise<KillReport> {
    const { core } = this.#run.runtime;
    this.#order({ kind: "kill", reason }, by);
    const look = (): Promise<number> => Promise.resolve(this.#run.openAtVenue?.() ?? core.orders.openCount);
    return proveNone({
      core,
      look,
      cancelAll: () => Promise.resolve(),
      apartMs: APART_MS,
      withinMs: PROOF_MS,
    });
  }

  stopEntries(by: string, reason: string): void {
    this.#order({ kind: "stop_entries", reason }, by);
  }

  halt(by: string, reason: string, market: string | undefined): void {
    this.#order(
      { kind: "halt", reason, ...(market === undefined ? {} : { marketId: id<MarketId>(market) }) },
      by,
    );
  }

  #order(command: OperatorCommand, operator: string): void {
    if (this.#isOver)
      throw new MatchpointError("CAPABILITY_UNSUPPORTED", "this run is over: there is nothing to stop");
    const { runtime } = this.#run;
    // Time may have gone on since the last event.
    const at = runtime.at;
    runtime.offer({ type: "operator", at, receivedAt: runtime.core.wall, operator, command });
  }
}
