import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Task } from "./contestant.ts";
import type { Round } from "./worker.ts";

/** One line of a suite: what is measured, and in which file of `contestants/` it is. */
export interface Entry {
  readonly name: string;
  readonly module: string;
  readonly setup: string;
  /** Another package: left out when the peers could not be installed. */
  readonly peer?: boolean;
}

/** The middle of a contestant's rounds. */
export interface Result {
  readonly name: string;
  /** Per second of CPU time, all threads. */
  readonly rate: number;
  /** Slowest and fastest round. */
  readonly range: readonly [number, number];
}

const ARGS = ["--conditions=@matchpoint/source", "--no-warnings"];

/** Measures contestants against each other: a process each, warmed up, then a round of each in turn, several times. */
export async function compete(
  entries: readonly Entry[],
  task: Task,
  rounds: number,
): Promise<readonly Result[]> {
  const children: ChildProcess[] = [];
  try {
    // One after the other: all warming up at once would fight for the processor.
    for (const entry of entries) {
      const module = new URL(`contestants/${entry.module}.ts`, import.meta.url).href;
      const child = fork(
        new URL("worker.ts", import.meta.url),
        [module, entry.setup, JSON.stringify(task), task.quick ? "2" : "3"],
        {
          execArgv: ARGS,
          stdio: ["ignore", "ignore", "inherit", "ipc"],
        },
      );
      children.push(child);
      await answer(child, entry);
    }
    const taken: Round[][] = entries.map(() => []);
    for (let i = 0; i < rounds; i++) {
      for (const [j, child] of children.entries()) {
        child.send("go");
        const round = (await answer(child, entries[j]!)) as Round;
        const { name } = entries[j]!;
        const first = taken[j]![0] ?? round;
        if (round.check !== first.check)
          throw new TypeError(
            `${name} did other work in one round than in another: ${first.check}, ${round.check}`,
          );
        taken[j]!.push(round);
      }
    }
    return entries.map(({ name }, i) => {
      const rates = taken[i]!.map(({ size, cpu }) => (size / cpu) * 1_000_000).sort((a, b) => a - b);
      return { name, rate: rates[rates.length >> 1]!, range: [rates[0]!, rates.at(-1)!] };
    });
  } finally {
    for (const child of children) {
      if (child.exitCode === null && child.connected) child.send("stop");
    }
    for (const child of children) {
      const limit = setTimeout(() => child.kill(), 5_000);
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      clearTimeout(limit);
    }
  }
}

async function answer(child: ChildProcess, entry: Entry): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as unknown),
      once(child, "exit", { signal }).then(() => {
        throw new TypeError(`${entry.name} ended before it answered`);
      }),
    ]);
  } finally {
    stop.abort();
  }
}
