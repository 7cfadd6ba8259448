import type { Core, Mode, RealismPart, Runtime } from "@matchpoint/sdk";
import type { Health } from "./server.ts";
import type { Stops } from "./stopFile.ts";

/** A run as it is now, for people and scripts. Holds no secret. */
export interface RunStatus {
  readonly run: string;
  readonly mode: Mode;
  readonly pid: number;
  readonly system: string;
  readonly venue: string;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly openOrders: number;
  readonly markets: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly causes: readonly string[];
  }[];
  /** Why the last resume was not followed; absent: it was. */
  readonly refused?: string;
  /** How real its venue is, part by part; absent: it is the real one. */
  readonly realism?: readonly RealismPart[];
  /** What is stopped on the disk. */
  readonly stops: Stops;
}

/** A loop that answers later than this is not sound. */
const SOUND_LAG_MS = 1_000;
/** Books that nobody can quote on. */
const UNSOUND: ReadonlySet<string> = new Set(["disconnected", "stale", "gapped"]);

/** What a run stands on besides its core. */
export type Footing = "lease" | "heartbeat" | "user channel" | "clock";

/** What is wrong with each thing that a run stands on; `undefined`: nothing that is known. */
export type Footings = ReadonlyMap<Footing, () => string | undefined>;

/** Whether a run is sound, and whether it may trade. `lagMs`: by how much its loop was late last. */
export function healthOf(core: Core, lagMs: number, footings: Footings = new Map()): Health {
  const live = lagMs < SOUND_LAG_MS;
  const reasons: string[] = [];
  if (!live) reasons.push(`the loop is ${Math.round(lagMs)} ms late`);
  const { status } = core.system;
  if (status !== "READY") reasons.push(`the system is ${status}`);
  if (core.venueMode !== "OPEN") reasons.push(`the venue is ${core.venueMode}`);
  if (core.balanceHold !== undefined)
    reasons.push(
      `entries wait: ${core.balanceHold.refusals} orders in a row were refused for want of balance`,
    );
  const { ownChannel: gap } = core;
  if (gap?.state === "LOST") reasons.push("entries wait: the channel of own orders is lost");
  else if (gap !== undefined)
    reasons.push(
      `entries wait: ${gap.agreements} of 2 comparisons agree since the channel of own orders is back`,
    );
  const markets = core.markets().filter(({ trading }) => trading.status !== "RESOLVED");
  const unsound = markets.filter(({ book }) => UNSOUND.has(book.status));
  if (markets.length > 0 && unsound.length === markets.length) reasons.push("no market has a sound book");
  for (const [name, troubleOf] of footings) {
    const trouble = told(troubleOf);
    if (trouble !== undefined) reasons.push(`the ${name}: ${trouble}`);
  }
  return { live, ready: reasons.length === 0, reasons };
}

/** What cannot be found out is not in order either. */
function told(troubleOf: () => string | undefined): string | undefined {
  try {
    return troubleOf();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A run as it is now. */
export function statusOf(
  runtime: Runtime,
  mode: Mode,
  stops: Stops,
  { ready, reasons }: Health,
  refused: string | undefined,
  realism: readonly RealismPart[] | undefined,
): RunStatus {
  const { core } = runtime;
  return {
    run: runtime.runId,
    mode,
    pid: process.pid,
    system: core.system.status,
    venue: core.venueMode,
    ready,
    reasons,
    openOrders: core.orders.openCount,
    markets: core.markets().map(({ market, trading }) => ({
      id: market.marketId,
      title: market.title,
      status: trading.status,
      causes: [...trading.causes],
    })),
    ...(refused === undefined ? {} : { refused }),
    ...(realism === undefined ? {} : { realism }),
    stops,
  };
}
