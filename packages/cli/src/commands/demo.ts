import { MatchpointError, type BotConfigInput } from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Pacer } from "../player/pacer.ts";
import { playSimulation } from "../player/simulation.ts";
import { Display } from "../report/display.ts";
import { strategiesLine, unfinishedLine } from "../report/header.ts";
import { verifyLine } from "../report/ownCommand.ts";
import { newRunId, startPaperRun } from "../run.ts";
import { Observers, wantObservers, type ObservedFlags } from "./observed.ts";
import { journalPath, plan, printResult, type Host } from "./shared.ts";

/** Options of `demo`. */
export interface DemoFlags extends ObservedFlags {
  readonly speed?: number;
  readonly title?: string;
  readonly bestOf?: number;
}

/** From the end of the match until its markets are resolved, about. */
const SETTLING_MS = 15_000;

/** How long a demo takes at the default speed, in all. */
const DEMO_MS = 45_000;

/** One default strategy per kind of market, so that none keeps another out. */
const DEMO_CONFIG: BotConfigInput = {
  strategies: [
    { use: "temporal-arb", markets: { subjects: ["series"] } },
    { use: "pair-arb", markets: { games: [1, 3, 5] } },
    { use: "model-maker", params: { reference: "microprice" }, markets: { games: [2, 4] } },
  ],
};

/** `matchpoint demo`: a simulated series, from the first event to settlement. */
export async function demoCommand(flags: DemoFlags, host: Host, io: Io): Promise<ExitCode> {
  const title = flags.title ?? "lol";
  if (title !== "lol" && title !== "cs2") throw usage(`no simulation of ${title}`, "There are lol and cs2.");
  const bestOf = flags.bestOf ?? 3;
  if (bestOf !== 1 && bestOf !== 3 && bestOf !== 5)
    throw usage(`a best of ${bestOf}`, "A series is a best of 1, 3 or 5.");
  const planned = await plan(flags, host, host.demo ?? DEMO_CONFIG);
  const { seed } = planned.config;
  const wanted = await wantObservers(flags, planned.config, host, io);
  const match = simulateMatch({ seed, title, bestOf });
  const interrupt = listenForInterrupt(io);
  const runId = newRunId(`demo-${title}-${seed}`);
  const run = startPaperRun({
    config: planned.config,
    strategies: planned.strategies,
    runId,
    startsAt: match.startsAt,
    journalPath: journalPath(flags, planned.config, runId),
  });
  const { runtime } = run;
  const duration = match.reference().endedAtMs - match.startsAt + SETTLING_MS;
  const observers = new Observers(wanted, run);
  const end = (): void => {
    interrupt.stop();
  };
  await observers.open(end).catch((error: unknown) => {
    interrupt.dispose();
    throw error;
  });
  const pacer = new Pacer(flags.speed ?? duration / DEMO_MS);
  const display = new Display(io, { quiet: flags.json === true });
  if (flags.json !== true) {
    const [first, second] = match.description.teams;
    io.out(`PAPER: a simulated best-of-${bestOf}, ${first.name} against ${second.name} (seed ${seed})`);
    io.out(strategiesLine(planned.strategies));
  }
  const log = display.follow(runtime);
  let virtualMs = 0;
  let frames = 0;
  const show = (fraction = Math.min(1, virtualMs / duration)): void => {
    const done = runtime.core.counts.events;
    display.show({ done, unit: "events", fraction, elapsedMs: virtualMs, clock: "match" });
  };
  const showWhenDue = (): void => {
    if (display.due()) show();
  };
  try {
    for (const step of playSimulation(match, (event) => {
      runtime.offer(event);
    })) {
      ({ virtualMs, frames } = step);
      showWhenDue();
      if (pacer.ahead(virtualMs)) await pacer.wait(virtualMs, interrupt.signal, showWhenDue);
      if (interrupt.signal.aborted) break;
    }
    observers.played();
  } catch (error) {
    await observers.fail(error);
    throw error;
  } finally {
    interrupt.dispose();
  }
  const interrupted = interrupt.signal.aborted;
  const how = interrupted ? "interrupted" : "the match is settled";
  const summary = await run.finish(how);
  await observers.tell(how);
  const fraction = virtualMs / duration;
  if (io.interactive && flags.json !== true) show(interrupted ? fraction : 1);
  display.end();
  printResult(io, flags, summary, runtime.core, {
    journal: run.journalPath ?? null,
    wallMs: display.elapsed,
    interrupted,
    log,
    ...(interrupted ? { unfinished: unfinishedLine(fraction, "match") } : {}),
    input: { kind: "simulation", title, bestOf, seed, frames, virtualMs: Math.round(virtualMs) },
  });
  if (flags.json !== true && run.journalPath !== undefined)
    io.out(verifyLine(host, planned.config, flags, run.journalPath));
  await observers.end(!interrupted);
  return EXIT.OK;
}

function usage(message: string, hint: string): MatchpointError {
  return new MatchpointError("USAGE", message, { hint });
}
