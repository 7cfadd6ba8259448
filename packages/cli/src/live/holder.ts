import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isRunning } from "@matchpoint/sdk/node";
import { statOf } from "../processes.ts";

/** Who holds a lock: enough to tell a process from another that got its number later, or has the same number elsewhere. */
export interface Holder {
  readonly pid: number;
  /** When the process started, as the kernel counts it; a number that was given again started later. Absent where that is not told. */
  readonly started?: string;
  /** Names the kernel's boot; absent where it has no name. */
  readonly boot?: string;
  /** Names the space in which the number counts: in containers several processes have number 1. Absent where there is none. */
  readonly space?: string;
  readonly host: string;
}

/** What can be said of a holder. */
export type HolderState = "alive" | "gone" | "unknown";

/** This process. */
export function ourselves(): Holder {
  const started = statOf("self")?.started;
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const space = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return {
    pid: process.pid,
    host: hostname(),
    ...(started === undefined ? {} : { started }),
    ...(boot === undefined ? {} : { boot }),
    ...(space === undefined ? {} : { space }),
  };
}

/** Reads a holder; `undefined`: it is none. */
export function readHolder(plain: unknown): Holder | undefined {
  if (typeof plain !== "object" || plain === null) return undefined;
  const { pid, started, boot, space, host } = plain as Record<string, unknown>;
  if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof host !== "string") return undefined;
  const optional = [started, boot, space];
  if (!optional.every((each) => each === undefined || typeof each === "string")) return undefined;
  return plain as Holder;
}

/** Whether a holder still runs. Of one in another container or on another machine nothing can be said from here. */
export function stateOf(holder: Holder, us: Holder = ourselves()): HolderState {
  if (holder.host !== us.host) return "unknown";
  // The machine was started anew since.
  if (holder.boot !== us.boot) return holder.boot === undefined || us.boot === undefined ? "unknown" : "gone";
  if (holder.space !== us.space) return "unknown";
  if (!isRunning(holder.pid)) return "gone";
  const started = statOf(holder.pid)?.started;
  if (holder.started === undefined || started === undefined) return "alive";
  return started === holder.started ? "alive" : "gone";
}

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
