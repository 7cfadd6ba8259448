import { MatchpointError, parseConfig, type BotConfigInput, type Runtime } from "@matchpoint/sdk";
import { simulateMatch } from "@matchpoint/testing";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Pacer } from "../player/pacer.ts";
import { playSimulation } from "../player/simulation.ts";
import { ProgressLine } from "../report/progressLine.ts";
import { statusTable } from "../report/statusTable.ts";
import { newRunId, startPaperRun } from "../run.ts";
import { journalPath, plan, printResult, type Host, type RunFlags } from "./shared.ts";

/** Options of `demo`. */
export interface DemoFlags extends RunFlags {
  readonly speed?: number;
  readonly title?: string;
}

/** From the end of the match until its markets are resolved, about. */
const SETTLING_MS = 15_000;

/** How long a demo takes at the default speed, in all. */
const DEMO_MS = 45_000;

/** One default strategy per kind of market, so that none keeps another out. */
export const DEMO_CONFIG: BotConfigInput = {
  strategies: [
    { use: "temporal-arb", markets: { subjects: ["series"] } },
    { use: "pair-arb", markets: { games: [1, 3] } },
    { use: "model-maker", params: { reference: "microprice" }, markets: { games: [2] } },
  ],
};

/** `matchpoint demo`: a simulated best-of-three, from the first event to settlement. */
export async function demoCommand(flags: DemoFlags, host: Host, io: Io): Promise<ExitCode> {
  const title = flags.title ?? "lol";
  if (title !== "lol" && title !== "cs2") throw new MatchpointError("USAGE", `no simulation of ${title}`, { hint: "There are lol and cs2." });
  const planned = await plan(flags, host, host.demo ?? DEMO_CONFIG);
  const seed = flags.seed ?? parseConfig(host.demo ?? DEMO_CONFIG).seed;
  const match = simulateMatch({ seed, title, bestOf: 3 });
  const runId = newRunId(`demo-${title}-${seed}`);
  const run = startPaperRun({
    ...planned,
    runId,
    startsAt: match.startsAt,
    journalPath: journalPath(flags, planned.config, runId),
  });
  const duration = match.reference().endedAtMs - match.startsAt + SETTLING_MS;
  const pacer = new Pacer(flags.speed ?? duration / DEMO_MS);
  const progress = new ProgressLine(io, { quiet: flags.json === true });
  if (flags.json !== true) {
    const [first, second] = match.description.teams;
    io.out(`PAPER: a simulated best-of-three, ${first.name} against ${second.name} (seed ${seed}); ${planned.strategies.map(({ use }) => use.id).join(", ")}`);
    if (!io.interactive) narrate(run.runtime, io);
  }
  let virtualMs = 0;
  let frames = 0;
  for (const step of playSimulation(match, (event) => { run.runtime.offer(event); })) {
    ({ virtualMs, frames } = step);
    if (progress.due()) {
      const work = { done: run.runtime.core.counts.events, fraction: Math.min(1, virtualMs / duration), elapsedMs: virtualMs };
      progress.show(work, (state) => statusTable(run.runtime, state));
    }
    if (pacer.ahead(virtualMs)) await pacer.wait(virtualMs);
  }
  const summary = await run.finish("the match is settled");
  if (io.interactive && flags.json !== true) {
    progress.show({ done: summary.events, fraction: 1, elapsedMs: virtualMs }, (state) => statusTable(run.runtime, state));
  }
  progress.end();
  printResult(io, flags, summary, {
    journal: run.journalPath ?? null,
    wallMs: progress.elapsed,
    input: { kind: "simulation", title, seed, frames, virtualMs: Math.round(virtualMs) },
  });
  return EXIT.OK;
}

/** Where nothing can be redrawn, the moments that matter are told line by line. */
function narrate(runtime: Runtime, io: Io): void {
  const title = (marketId: string | undefined): string =>
    runtime.core.markets().find(({ market }) => market.marketId === marketId)?.market.title ?? "";
  const clock = (): string => new Date(runtime.core.wall).toISOString().slice(11, 19);
  runtime.on("truth", ({ subject, from, to, reason }) => {
    io.out(`${clock()} truth    ${subject}: ${from} → ${to} (${reason})`);
  });
  runtime.on("trading", ({ marketId, from, to, reason }) => {
    if (to !== "TEMPORAL_ACTIVE" && to !== "BUILDING_PAIR" && from !== "TEMPORAL_ACTIVE" && from !== "BUILDING_PAIR") {
      io.out(`${clock()} market   ${title(marketId)}: ${from} → ${to} (${reason})`);
    }
  });
  runtime.on("alarm", ({ code, message, marketId }) => {
    io.out(`${clock()} alarm    ${code} ${title(marketId)} ${message}`);
  });
}
