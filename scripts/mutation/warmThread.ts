import { ThreadsPoolWorker, type PoolRunnerInitializer, type PoolWorker, type Vite } from "vitest/node";

/** Runs after which the thread is replaced: each leaves a few listeners behind in it. */
const RUNS = 150;

/**
 * Runs the tests of one mistake after another in the same thread, with all modules loaded: loading them again took most of the time.
 * Sound because modules of the core hold no state; which mistake is switched on is a global variable that they ask at each step.
 */
function warmThreads(): PoolRunnerInitializer {
  let kept: { readonly worker: ThreadsPoolWorker; runs: number } | undefined;
  return {
    name: "warm",
    createPoolWorker(options): PoolWorker {
      const listeners: [event: string, callback: (...args: unknown[]) => void][] = [];
      const mine = (kept ??= { worker: new ThreadsPoolWorker(options), runs: 0 });
      const { worker } = mine;
      return {
        name: "warm",
        async start() {
          if (mine.runs === 0) await worker.start();
          mine.runs += 1;
        },
        async stop() {
          for (const [event, callback] of listeners.splice(0)) worker.off(event, callback);
          if (mine.runs < RUNS) return;
          if (kept === mine) kept = undefined;
          await worker.stop();
        },
        send(message) {
          // The thread stays; its runner is told that it has stopped.
          if ("type" in message && message.type === "stop") {
            const stopped = { type: "stopped", __vitest_worker_response__: true };
            for (const [event, callback] of listeners) if (event === "message") callback(stopped);
          } else worker.send(message);
        },
        on(event, callback) {
          listeners.push([event, callback]);
          worker.on(event, callback);
        },
        off(event, callback) {
          const at = listeners.findIndex(([name, other]) => name === event && other === callback);
          if (at >= 0) listeners.splice(at, 1);
          worker.off(event, callback);
        },
        deserialize: (data) => data,
      };
    },
  };
}

/** The tester asks for a pool of its own choice; this puts ours in its place. */
export const warm: Vite.Plugin = {
  name: "warm-threads",
  configureVitest({ project }) {
    project.config.pool = "warm";
    project.config.poolRunner = warmThreads();
  },
};
