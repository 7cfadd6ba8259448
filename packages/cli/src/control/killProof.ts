import { setTimeout as pause } from "node:timers/promises";
import type { Core } from "@matchpoint/sdk";

/** What became of a kill. */
export interface KillReport {
  /** Two looks at the venue, one after the other, found no open order, and none is open here. */
  readonly proven: boolean;
  /** Orders that were open when it was ordered, as the run knew them. */
  readonly openBefore: number;
  /** Orders that are open now: at the venue or, where that is more, here; `undefined` when the venue does not say. */
  readonly open: number | undefined;
  /** From the order to the first look that found none, and to the second, in ms. */
  readonly zeroMs: number | undefined;
  readonly ms: number;
  /** What went wrong last. */
  readonly trouble?: string;
}

/** Where the proof is looked for. */
export interface ProofOf {
  readonly core: Core;
  /** How many orders the venue lists as open. */
  readonly look: () => Promise<number>;
  /** Asks the venue to cancel whatever the account has there, once the run's own cancels did not do. */
  readonly cancelAll: () => Promise<unknown>;
  /** Between the two looks of the proof, in ms. */
  readonly apartMs: number;
  /** Gives up after so long, in ms. */
  readonly withinMs: number;
}

const OVER: ReadonlySet<string> = new Set(["BOOT", "CHECKLIST", "RECOVERING", "DRAINING", "STOPPED"]);
const AGAIN_MS = 50;
/** So long the run's own cancels, one per order, may take before the venue is asked to cancel everything. */
const OWN_CANCELS_MS = 500;
const CANCEL_ALL_EVERY_MS = 1_000;

/**
 * Waits until a killed run has no open order: none here, where also what is on its way counts, and none at the venue, twice. It never
 * throws: what it could not prove, it says.
 */
export async function proveNone({ core, look, cancelAll, apartMs, withinMs }: ProofOf): Promise<KillReport> {
  const began = performance.now();
  const since = (): number => Math.round(performance.now() - began);
  const openBefore = core.orders.openCount;
  let zeroMs: number | undefined;
  let open: number | undefined;
  let trouble: string | undefined;
  let asked = OWN_CANCELS_MS - CANCEL_ALL_EVERY_MS;
  for (;;) {
    try {
      open = Math.max(await within(look(), withinMs - since()), core.orders.openCount);
      trouble = undefined;
    } catch (error) {
      open = undefined;
      trouble = error instanceof Error ? error.message : String(error);
    }
    // A run that recovers or is being ended places nothing, and hears the kill before it ever would.
    const killed = core.system.latched || OVER.has(core.system.status);
    if (open === 0 && killed && zeroMs !== undefined)
      return { proven: true, openBefore, open, zeroMs, ms: since() };
    zeroMs = open === 0 && killed ? since() : undefined;
    if (since() >= withinMs)
      return {
        proven: false,
        openBefore,
        open,
        zeroMs: undefined,
        ms: since(),
        ...(trouble === undefined ? {} : { trouble }),
      };
    if (open !== 0 && since() - asked >= CANCEL_ALL_EVERY_MS) {
      asked = since();
      // What the venue answers is seen by the next look.
      cancelAll().catch(() => undefined);
    }
    await pause(zeroMs === undefined ? AGAIN_MS : apartMs);
  }
}

/** An answer that does not come is none. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const stop = new AbortController();
  const late = pause(Math.max(1, ms), undefined, { signal: stop.signal }).then(() =>
    Promise.reject(new DOMException("the venue does not answer", "TimeoutError")),
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
