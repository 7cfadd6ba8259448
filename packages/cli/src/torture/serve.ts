import type { ShrunkFailure } from "@matchpoint/testing";
import { MatchpointError } from "@matchpoint/sdk";
import type { Outcome } from "./runner.ts";

/** What a worker is told: run this seed, make this one's failure small, or end. */
export type Order = { readonly seed: number } | { readonly shrink: number } | { readonly end: true };
/** What a worker tells. */
export type Word =
  { readonly ready: true } | { readonly outcome: Outcome } | { readonly shrunk: ShrunkFailure | null };

/** What a worker can do. */
export interface Worker {
  run(seed: number): Promise<Outcome>;
  shrink(seed: number): Promise<ShrunkFailure | undefined>;
}

/** Does what the process which started this one asks for, one after the other, until it says that there is no more. */
export async function serveSeeds(worker: Worker): Promise<void> {
  const send = process.send?.bind(process);
  if (send === undefined)
    throw new MatchpointError("USAGE", "--as-worker is for the workers that torture starts by itself");
  const asked: Exclude<Order, { readonly end: true }>[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  process.on("message", (order: Order) => {
    if ("end" in order) over = true;
    else asked.push(order);
    wake?.();
  });
  process.on("disconnect", () => process.exit(1));
  send({ ready: true } satisfies Word);
  const serve = async (): Promise<void> => {
    const order = asked.shift();
    if (order === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = undefined;
    } else if ("seed" in order) send({ outcome: await worker.run(order.seed) } satisfies Word);
    else send({ shrunk: (await worker.shrink(order.shrink)) ?? null } satisfies Word);
  };
  try {
    while (asked.length > 0 || !isOver(over)) await serve();
  } finally {
    // Also when a run has thrown: whoever waits for its result has to learn that none will come, and why.
    process.removeAllListeners("disconnect");
    process.disconnect();
  }
}

/** Asked anew: it is set by a message. */
function isOver(over: boolean): boolean {
  return over;
}
