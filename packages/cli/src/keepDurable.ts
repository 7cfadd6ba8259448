import type { BotRun } from "./run.ts";

/** Makes the journal durable every now and then. When that fails the run must not go on: nothing more may be traded. */
export function keepDurable(
  run: Pick<BotRun, "sync">,
  everyMs: number,
  onFailure: () => void,
): { stop(): void; readonly failure: Error | undefined } {
  let busy = false;
  let failure: Error | undefined;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    run.sync().then(
      () => {
        busy = false;
      },
      (error: unknown) => {
        clearInterval(timer);
        failure = error as Error;
        onFailure();
      },
    );
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
    get failure() {
      return failure;
    },
  };
}
