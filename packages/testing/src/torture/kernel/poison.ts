import { MatchpointError } from "@matchpoint/sdk";

/** What no run may look at: with one of these two runs of a seed would differ. */
const CLOCKS = ["setTimeout", "setInterval", "fetch", "WebSocket"] as const;

/**
 * Takes clocks, timers, chance and the network away from everything in the process while `work` runs: what uses one of them all the same is
 * told what it did. For processes that do nothing else.
 */
export async function poisoned<T>(work: () => Promise<T>): Promise<T> {
  const restore: (() => void)[] = [];
  const poison = (owner: object, name: string, what: string): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    if (before === undefined) return;
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      enumerable: before.enumerable ?? false,
      value: () => {
        throw new MatchpointError("STRATEGY_INVALID", `${what} was used in a simulated run`, {
          hint: "Two runs of one seed would differ. A strategy takes time from ctx.now and ctx.wall, and draws no random numbers.",
        });
      },
    });
    restore.push(() => Object.defineProperty(owner, name, before));
  };
  poison(Math, "random", "Math.random");
  poison(Date, "now", "Date.now");
  for (const name of CLOCKS) poison(globalThis, name, name);
  try {
    return await work();
  } finally {
    for (const undo of restore) undo();
  }
}
