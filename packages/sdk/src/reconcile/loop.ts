import { pause, type Clock } from "../clock/index.ts";
import { MatchpointError } from "../errors.ts";
import type { Reconciled } from "../events/index.ts";
import { Reconciler, type Look, type ReconcilerOptions } from "./reconciler.ts";

/** How a run is compared with its venue again and again. */
export interface ReconciliationOptions extends ReconcilerOptions {
  readonly clock: Clock;
  /** From the end of one look to the next, in ms; longer than a report from the venue may take. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** As many looks in a row without an answer count as a mismatch. Default 3. */
  readonly maxMisses?: number;
  /** Told when the chain has not answered `maxMisses` looks in a row, and why; once until it answers again. */
  readonly onChainSilent?: (reason: string) => void;
}

const MAX_MISSES = 3;

/**
 * Looks until the signal aborts, and gives every result as an event: a source for `runLive`.
 * @throws {@link MatchpointError} `CONFIG_INVALID` when `everyMs` is not more than zero
 */
export async function* reconciliations(options: ReconciliationOptions): AsyncGenerator<Reconciled, void> {
  const { clock, everyMs, signal } = options;
  if (!(everyMs > 0)) {
    throw new MatchpointError("CONFIG_INVALID", `everyMs is ${everyMs}: looks need time between them`);
  }
  const reconciler = new Reconciler(options);
  const most = options.maxMisses ?? MAX_MISSES;
  let [misses, silent] = [0, 0];
  while (!signal.aborted) {
    const look = await reconciler.look();
    if (isOver(signal)) return;
    misses = look.kind === "missed" ? misses + 1 : 0;
    silent = look.kind === "compared" && look.chainMissed !== undefined ? silent + 1 : 0;
    if (silent === most && look.kind === "compared") options.onChainSilent?.(look.chainMissed ?? "");
    if (misses === 0 || misses >= most) yield eventOf(look, misses, clock);
    await pause(clock, everyMs, signal);
  }
}

/**
 * {@link reconciliations}, with every event handed to `emit`. Resolves when the signal aborts.
 * @throws {@link MatchpointError} `CONFIG_INVALID`
 */
export async function runReconciler(
  options: ReconciliationOptions & { readonly emit: (event: Reconciled) => void },
): Promise<void> {
  for await (const event of reconciliations(options)) options.emit(event);
}

function eventOf(look: Look, misses: number, clock: Clock): Reconciled {
  const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
  if (look.kind === "compared") {
    const { agrees, differences } = look.comparison;
    return { type: "reconciled", ...stamp, agrees, differences };
  }
  const unanswered = { kind: "unanswered", expected: 0, actual: misses } as const;
  return { type: "reconciled", ...stamp, agrees: false, differences: [unanswered] };
}

/** The signal may have aborted while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
