import { Worker } from "node:worker_threads";
import { MatchpointError } from "@matchpoint/sdk";
import { newToken } from "../control/announcement.ts";
import { stopRun, type Stopper } from "./actions.ts";
import {
  FREE_PORT,
  type DashboardData,
  type FromThread,
  type StrategyPlace,
  type ToThread,
} from "./shared.ts";

/** How a run is shown. */
export interface DashboardOptions {
  /** Its journal: what is shown is read from there and from nowhere else. */
  readonly journal: string;
  /** Where the thread finds the run's strategies; of those that it does not find, the books alone are shown. */
  readonly strategies: readonly StrategyPlace[];
  /** 0: any free port. */
  readonly port: number;
  /** What a page may stop; absent: the run is not this process's, or over. */
  readonly stopper?: Stopper;
  /** Told what goes wrong with it; the run itself goes on. */
  readonly warn: (text: string) => void;
}

const FROM_SOURCES = import.meta.url.endsWith(".ts");
/** Beyond that the thread ends, and not the run. */
const HEAP_MB = 1_024;

/** A run that is shown to pages of a browser on this machine, by a thread of its own. */
export class Dashboard {
  /** Where it is, with the secret in the part of an address that is sent nowhere. */
  readonly address: string;
  readonly #worker: Worker;
  #closed = false;

  private constructor(worker: Worker, address: string) {
    this.#worker = worker;
    this.address = address;
  }

  /** Begins to serve. @throws MatchpointError `CONFIG_INVALID` when the port is taken */
  static async open(options: DashboardOptions): Promise<Dashboard> {
    const { journal, strategies, port, stopper, warn } = options;
    const token = newToken();
    const data: DashboardData = { journal, strategies, port, token, controls: stopper !== undefined };
    const worker = new Worker(new URL(FROM_SOURCES ? "./worker.ts" : "./dashboard.js", import.meta.url), {
      workerData: data,
      name: "dashboard",
      // No secret is in its environment.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      ...(FROM_SOURCES ? { execArgv: ["--conditions=@matchpoint/source", "--no-warnings"] } : {}),
    });
    const listens = await new Promise<number>((resolve, reject) => {
      worker.on("message", (message: FromThread) => {
        if (message.kind === "listens") resolve(message.port);
        else if (message.kind === "refused")
          reject(
            new MatchpointError("CONFIG_INVALID", message.why, {
              hint: FREE_PORT,
            }),
          );
        else if (message.kind === "warn") warn(message.text);
        else if (stopper !== undefined)
          void stopRun(stopper, message.action, message.request).then((answer) => {
            worker.postMessage({ kind: "answer", n: message.n, answer } satisfies ToThread);
          });
      });
      worker.on("error", (error: Error) => {
        warn(`the dashboard is gone (${error.message.split("\n")[0]!}): the run goes on without it`);
        reject(error);
      });
      worker.on("exit", () => {
        reject(new MatchpointError("INVARIANT", "the dashboard's thread ended before it listened"));
      });
    });
    // Nobody has to close a page before the run can end.
    worker.unref();
    return new Dashboard(worker, `http://127.0.0.1:${listens}/#${token}`);
  }

  /** The run is over: what is shown stays, and nothing can be stopped any more. */
  over(): void {
    if (!this.#closed) this.#worker.postMessage({ kind: "over" } satisfies ToThread);
  }

  /** Keeps the process alive for it, or lets it go. */
  keep(alive: boolean): void {
    if (alive) this.#worker.ref();
    else this.#worker.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.terminate();
  }
}
