import {
  id,
  isolated,
  Mailbox,
  MatchpointError,
  type Clock,
  type CoreEvent,
  type Runtime,
  type StrategyId,
} from "@matchpoint/sdk";
import type { Plan } from "../commands/shared.ts";
import { WorkerHost } from "./workerHost.ts";

/** How a strategy of the configuration is isolated. */
export interface Isolation {
  readonly use: string;
  readonly folder: string;
  readonly deadlineMs: number;
  readonly heapMb: number;
}

/** A plan whose isolated strategies run in threads of their own. */
export interface IsolatedPlan {
  readonly plan: Plan;
  /** Starts the threads. What they ask for is a source of the run. */
  start(
    runtime: Runtime,
    clock: Clock,
  ): { events(signal: AbortSignal): AsyncIterable<CoreEvent>; close(): void };
}

/**
 * Puts a stand-in into the core for every strategy with `isolation: worker`.
 * @throws MatchpointError `CONFIG_INVALID` for a strategy that this program brought along: a thread could not load it
 */
export function isolate({ config, strategies }: Plan): IsolatedPlan {
  const hosts = new Map<StrategyId, WorkerHost>();
  const waiting: {
    readonly strategyId: StrategyId;
    readonly isolation: Isolation;
    readonly params: unknown;
  }[] = [];
  const replaced = strategies.map((item) => {
    const { isolation, name, params } = item;
    if (isolation === undefined) return item;
    const strategyId = id<StrategyId>(name ?? item.use.id);
    waiting.push({ strategyId, isolation, params });
    return { ...item, use: isolated(item.use, (call) => hosts.get(strategyId)?.take(call)) };
  });
  return {
    plan: { config, strategies: replaced },
    start(runtime, clock) {
      const mail = new Mailbox<CoreEvent>();
      for (const { strategyId, isolation, params } of waiting) {
        const { use, folder, deadlineMs, heapMb } = isolation;
        const offer = (event: CoreEvent): void => {
          mail.push(event);
        };
        const host = new WorkerHost({
          strategyId,
          data: { use, folder, params },
          deadlineMs,
          heapMb,
          clock,
          offer,
        });
        hosts.set(strategyId, host);
        host.start();
      }
      // An operator has let it go on: it begins anew, with an empty memory.
      runtime.on("system", ({ subject, to }) => {
        if (to === "STRATEGY_RUNNING") hosts.get(id<StrategyId>(subject.replace(/^strategy:/, "")))?.start();
      });
      return {
        events: (signal) => mail.read(signal),
        close: () => {
          for (const host of hosts.values()) host.close();
        },
      };
    },
  };
}

/** What the configuration says of a strategy's isolation. @throws MatchpointError `CONFIG_INVALID` */
export function isolationOf(
  given: {
    readonly use: string;
    readonly isolation?: "worker";
    readonly deadline_ms?: number;
    readonly heap_mb?: number;
  },
  folder: string,
  registered: boolean,
): Isolation | undefined {
  if (given.isolation === undefined) return undefined;
  if (registered)
    throw new MatchpointError(
      "CONFIG_INVALID",
      `strategy ${given.use} cannot be isolated: it is a class of the program itself`,
      {
        hint: "Name its file instead, such as ./my-strategy.ts: the thread loads it from there.",
      },
    );
  return { use: given.use, folder, deadlineMs: given.deadline_ms ?? 100, heapMb: given.heap_mb ?? 64 };
}
