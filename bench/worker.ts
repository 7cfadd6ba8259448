// One contestant in one process: warms up, then runs a round each time it is asked to.
import { setImmediate as turn } from "node:timers/promises";
import type { Contestant, Setup, Task } from "./contestant.ts";

/** What a round took. */
export interface Round {
  readonly size: number;
  /** CPU time of the whole process, all threads, in µs: other programs on the machine hardly touch it. */
  readonly cpu: number;
  readonly check: number;
}

const [module, name, task, warmUp] = process.argv.slice(2) as [string, string, string, string];
const setups = (await import(module)) as Readonly<Record<string, Setup>>;
const contestant: Contestant = await setups[name]!(JSON.parse(task) as Task);

async function round(): Promise<Round> {
  // No forced collection here: it throws away the code for shapes of which no object is left, and the round would begin cold.
  await turn();
  const before = process.cpuUsage();
  const check = await contestant.round();
  const { user, system } = process.cpuUsage(before);
  return { size: contestant.size, cpu: user + system, check };
}

for (let i = 0; i < Number(warmUp); i++) await round();
process.on("message", (message) => {
  if (message === "stop") {
    void Promise.resolve(contestant.close?.()).then(() => process.exit(0));
    return;
  }
  void round().then((result) => process.send!(result));
});
process.send!("ready");
