import { pause, type Clock } from "../clock/index.ts";
import { MatchpointError } from "../errors.ts";
import type { ChainLook, Reconciled, TradeReport } from "../events/index.ts";
import { Reconciler, type ChainWord, type Look, type ReconcilerOptions } from "./reconciler.ts";

/** How a run is compared with its venue again and again. */
export interface ReconciliationOptions extends ReconcilerOptions {
  readonly clock: Clock;
  /** From the end of one look to the next, in ms; longer than a report from the venue may take. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** As many looks in a row without an answer of the venue count as a mismatch; of the chain, as its silence. Default 3. */
  readonly maxMisses?: number;
  /** Tells of its system's moves, as a `Runtime` does: one that waits for a comparison, as after a kill, is given it at once. */
  readonly moves?: SystemMoves;
}

/** Whoever tells that a run's system has moved: its `Runtime`. */
export interface SystemMoves {
  on(event: "system", listener: () => void): unknown;
  off(event: "system", listener: () => void): unknown;
}

const MAX_MISSES = 3;
/** From a look that came to nothing to the next, while a run waits for one, in ms. */
const WAITED_FOR_MS = 2_000;
/**
 * From one look to the next while entries wait for two that agree, in ms: longer than a report of the venue may take, so that what was on
 * its way at the first is told by the second.
 */
const AGREEING_MS = 10_000;

/**
 * Looks until the signal aborts, and gives every result as an event: a source for `runLive`. A run that waits for a look, as after a kill,
 * is told first of trades of its own that it has not heard of, as if the venue had said it by itself.
 * @throws {@link MatchpointError} `CONFIG_INVALID` when `everyMs` is not more than zero
 */
export async function* reconciliations(
  options: ReconciliationOptions,
): AsyncGenerator<Reconciled | TradeReport, void> {
  const { clock, everyMs, signal } = options;
  if (!(everyMs > 0)) {
    throw new MatchpointError("CONFIG_INVALID", `everyMs is ${everyMs}: looks need time between them`);
  }
  const reconciler = new Reconciler(options);
  const most = options.maxMisses ?? MAX_MISSES;
  const wish = new Wish(options);
  let [misses, silent] = [0, 0];
  let soon = false;
  try {
    while (!signal.aborted) {
      wish.forget();
      const look = await reconciler.look(soon);
      if (isOver(signal)) return;
      // Only looks a whole pause apart say that the venue is silent.
      const news = look.kind === "missed" ? look.news : undefined;
      misses = look.kind === "missed" && news === undefined ? misses + (soon ? 0 : 1) : 0;
      if (look.kind === "compared") silent = look.chain?.missed === undefined ? 0 : silent + 1;
      for (const trade of news ?? []) yield { ...trade, type: "trade_report", ...stampOf(clock) };
      if (look.kind === "compared" || (!soon && misses >= most)) {
        yield eventOf(look, misses, silent >= most, clock);
      }
      const waits = look.kind === "missed" && options.core.awaitsComparison === true;
      // What was not answered is asked again after a whole pause: only such looks say that the venue is silent.
      const agrees = look.kind === "compared" && options.core.ownChannel !== undefined;
      const usual = agrees ? Math.min(everyMs, AGREEING_MS) : everyMs;
      const ms = waits ? Math.min(usual, WAITED_FOR_MS) : usual;
      soon = (await wish.within(ms)) || ms < usual;
    }
  } finally {
    wish.end();
  }
}

/** Whether a run that waits for a comparison has said so since the last look began. */
class Wish {
  readonly #options: ReconciliationOptions;
  readonly #heard: () => void;
  #pause = new AbortController();

  constructor(options: ReconciliationOptions) {
    this.#options = options;
    this.#heard = () => {
      if (this.#wanted) this.#pause.abort();
    };
    options.moves?.on("system", this.#heard);
  }

  get #wanted(): boolean {
    return this.#options.core.awaitsComparison === true;
  }

  forget(): void {
    if (this.#pause.signal.aborted) this.#pause = new AbortController();
  }

  /** Waits for it, so long at most; whether it was there. */
  async within(ms: number): Promise<boolean> {
    const { clock, signal } = this.#options;
    // What was wished for while a look was taken may have been given by it.
    if (!this.#wanted) this.forget();
    await pause(clock, ms, AbortSignal.any([signal, this.#pause.signal]));
    return this.#pause.signal.aborted;
  }

  end(): void {
    this.#options.moves?.off("system", this.#heard);
  }
}

/**
 * {@link reconciliations}, with every event handed to `emit`. Resolves when the signal aborts.
 * @throws {@link MatchpointError} `CONFIG_INVALID`
 */
export async function runReconciler(
  options: ReconciliationOptions & { readonly emit: (event: Reconciled | TradeReport) => void },
): Promise<void> {
  for await (const event of reconciliations(options)) options.emit(event);
}

function stampOf(clock: Clock): Pick<Reconciled, "at" | "receivedAt"> {
  return { at: clock.monotonic(), receivedAt: clock.wall() };
}

function eventOf(look: Look, misses: number, silent: boolean, clock: Clock): Reconciled {
  const stamp = stampOf(clock);
  if (look.kind === "compared") {
    const { agrees, differences } = look.comparison;
    const chain = look.chain && chainOf(look.chain, silent);
    return { type: "reconciled", ...stamp, agrees, differences, ...(chain && { chain }) };
  }
  const unanswered = { kind: "unanswered", expected: 0, actual: misses } as const;
  return { type: "reconciled", ...stamp, agrees: false, differences: [unanswered] };
}

function chainOf({ missed, finalAgeMs, allowance }: ChainWord, silent: boolean): ChainLook {
  return {
    ...(silent && missed !== undefined ? { silent: missed } : {}),
    ...(finalAgeMs === undefined ? {} : { finalAgeMs }),
    ...(allowance === undefined ? {} : { allowance }),
  };
}

/** The signal may have aborted while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
