import {
  isMatchpointError,
  isOutside,
  journaledRun,
  type CoreEvent,
  type RealismPart,
  type RunStarted,
  type ScenarioReport,
} from "@matchpoint/sdk";
import { startPaperRun, type BotRun } from "../run.ts";
import type { FindStrategy } from "../view/index.ts";

/** What of a paper run only its venue knows: the journal does not hold it. */
export interface PaperFacts {
  readonly scenarios?: ScenarioReport;
  readonly realism?: readonly RealismPart[];
  /** Why they are not known. */
  readonly lack?: string;
}

/**
 * Trades a paper journal's outside world once more on a venue of its own, with the run's own seed and strategies, so that the accounts of
 * the other fill scenarios come about again. They count only if every decision comes out as the run had it.
 */
export class PaperAgain {
  readonly #find: FindStrategy;
  #run: BotRun | undefined;
  #lack: string | undefined;
  #ended = false;

  constructor(find: FindStrategy) {
    this.#find = find;
  }

  take(event: CoreEvent): void {
    if (this.#lack !== undefined) return;
    try {
      if (event.type === "run_started") this.#run = this.#begin(event);
      else if (isOutside(event)) this.#run?.runtime.offer(event);
      if (event.type === "run_stopping") this.#ended = true;
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      this.#lack = error.message.split("\n")[0]!;
    }
  }

  /** @param effects the chained hash of what the run decided */
  async end(effects: string): Promise<PaperFacts> {
    const run = this.#run;
    if (run === undefined || this.#lack !== undefined)
      return { lack: this.#lack ?? "the run was never begun" };
    const summary = this.#ended ? await run.finish("") : run.runtime.summary();
    const { scenarios, realism } = summary;
    const known = realism === undefined ? {} : { realism };
    if (summary.effectsHash !== effects)
      return { ...known, lack: "the paper venue does not fill these orders as it did then" };
    if (scenarios === undefined) return { ...known, lack: "paper.scenarios is off" };
    return { ...known, scenarios };
  }

  #begin(started: RunStarted): BotRun {
    const { config, strategies } = journaledRun(started, this.#find);
    const { runId, receivedAt: startsAt } = started;
    const chosen = strategies.map(({ params = {}, ...rest }) => ({ ...rest, params }));
    return startPaperRun({ config, strategies: chosen, runId, startsAt, journalPath: undefined });
  }
}
