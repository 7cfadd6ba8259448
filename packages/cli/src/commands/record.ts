import { renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  isOutside,
  listedMarkets,
  matchDescription,
  MatchpointError,
  RecordingWriter,
  runLive,
  SystemClock,
  type BotConfig,
  type CoreEvent,
} from "@matchpoint/sdk";
import { FileStorage } from "@matchpoint/sdk/node";
import { readConfig } from "../configFile.ts";
import { discoveryOf } from "../discover/index.ts";
import { demandKeys, openFeeds, type FoundWorld } from "../feeds/index.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { longTimer } from "../longTimer.ts";
import { checkRoom } from "../makeRoom.ts";
import { paperOptions } from "../paper.ts";
import { Display } from "../report/display.ts";
import { plain, plural } from "../report/format.ts";
import { newRunId } from "../run.ts";
import { listedFirst } from "./listedFirst.ts";
import { secretsOf, type Host } from "./shared.ts";

/** Options of `record`. */
export interface RecordFlags {
  readonly config: string;
  readonly out: string;
  readonly for?: number;
  readonly json?: boolean;
}

const CHANNEL = "events";
const SHOW_MS = 100;

/**
 * `matchpoint record --config bot.yaml --out FILE`: writes what the feeds and books of a configuration tell into a recording, until Ctrl-C.
 * It trades nothing: a run without strategies takes the events, so that books are fetched anew as a run would have it.
 */
export async function recordCommand(flags: RecordFlags, host: Host, io: Io): Promise<ExitCode> {
  const config = await readConfig(flags.config, host.strategies);
  let world: FoundWorld = { markets: listedMarkets(config), matches: config.matches.map(matchDescription) };
  if (world.markets.length === 0 && world.matches.length === 0 && config.discover === undefined)
    throw new MatchpointError("CONFIG_INVALID", `${flags.config} lists nothing to record`, {
      hint: "Add markets, matches or discover; docs/reference/configuration.md has every key.",
    });
  // What an operator would type is no feed of a recording.
  const told = Object.entries(config.feeds).some(([name, { enabled }]) => enabled && name !== "operator");
  if (!told)
    throw new MatchpointError("CONFIG_INVALID", `${flags.config} names no feed: there is nothing to record`, {
      hint: "Add one under feeds, such as polymarket: {}; docs/reference/configuration.md has every key.",
    });
  checkRoom(flags.out, "recording", flags.config);
  const secrets = secretsOf(config, flags.config, host, io);
  await demandKeys(config, secrets);
  const interrupt = listenForInterrupt(io);
  const { signal } = interrupt;
  const clock = new SystemClock();
  const quiet = flags.json === true;
  // Nothing half-written stands under the recording's own name.
  const part = `${flags.out}.part`;
  rmSync(part, { force: true });
  const storage = new FileStorage(dirname(flags.out));
  const display = new Display(io, { quiet });
  let stop: ReturnType<typeof longTimer> | undefined;
  let show: NodeJS.Timeout | undefined;
  try {
    const discovery = discoveryOf(config, secrets, clock, io);
    world = await discovery.withFound(world, signal, quiet);
    const writer = writerOf(storage, part, config, world, clock.wall());
    const runtime = silentRun(config, clock.wall(), eventsTo(writer, world));
    const feeds = openFeeds(
      config,
      world,
      clock,
      signal,
      (problem) => io.err(plain(problem)),
      secrets,
      discovery.growth,
    );
    if (!quiet) {
      io.out(`Recording ${plural(world.markets.length, "market")} to ${flags.out}; Ctrl-C ends it.`);
      for (const line of feeds.lines) io.out(`  ${line}`);
    }
    if (flags.for !== undefined) stop = longTimer(flags.for * 1_000, () => interrupt.stop());
    show = setInterval(() => {
      if (display.due())
        display.show({
          done: writer.frames,
          unit: "events",
          fraction: undefined,
          elapsedMs: display.elapsed,
        });
    }, SHOW_MS);
    const found = discovery.sources({ clock, signal, admit: () => undefined, grow: feeds.grow }, quiet);
    const { resync } = feeds;
    await runLive(runtime, {
      clock,
      bus: listedFirst(world, runtime.core.wall),
      sources: [...feeds.sources, ...found, silence(signal)],
      signal,
      ...(resync === undefined ? {} : { resync }),
    });
    const { frames } = writer;
    await writer.close();
    await storage.close();
    renameSync(part, flags.out);
    display.end();
    if (quiet) io.out(JSON.stringify({ out: flags.out, events: frames, markets: world.markets.length }));
    else
      io.out(
        `${flags.out}: ${plural(frames, "event")} of ${plural(world.markets.length, "market")}; replay takes it`,
      );
    return EXIT.OK;
  } finally {
    stop?.();
    clearInterval(show);
    interrupt.stop();
    interrupt.dispose();
    await storage.close();
    rmSync(part, { force: true });
  }
}

function writerOf(
  storage: FileStorage,
  path: string,
  config: BotConfig,
  { markets, matches }: FoundWorld,
  startedAt: number,
): RecordingWriter {
  return new RecordingWriter({
    storage,
    segment: basename(path),
    header: {
      matchpoint_recording: 1,
      created_by: "matchpoint record",
      source: Object.keys(config.feeds).join(", "),
      started_at: startedAt,
      markets,
      matches,
      channels: { [CHANNEL]: { decoder: CHANNEL } },
    },
  });
}

/** Writes what comes from outside; what the header lists already is not listed again. */
function eventsTo(writer: RecordingWriter, { markets, matches }: FoundWorld): (event: CoreEvent) => void {
  const encoder = new TextEncoder();
  const listed = new Set<string>([
    ...markets.map(({ marketId }) => marketId),
    ...matches.map(({ matchId }) => matchId),
  ]);
  return (event) => {
    if (!isOutside(event)) return;
    if (event.type === "match_listed" && listed.delete(event.match.matchId)) return;
    if (event.type === "market_listed" && listed.delete(event.market.marketId)) return;
    // Its line has its time.
    const told = JSON.stringify({ ...event, at: undefined, receivedAt: undefined });
    writer.frame(CHANNEL, event.receivedAt, encoder.encode(told));
  };
}

/** A run that takes every event and does nothing. */
function silentRun(
  config: BotConfig,
  startsAt: number,
  append: (event: CoreEvent) => void,
): ReturnType<typeof createRuntime> {
  const runId = newRunId("record");
  const execution = createPaperBroker(paperOptions(config, runId));
  return createRuntime({
    config,
    strategies: [],
    mode: "paper",
    execution,
    runId,
    startsAt,
    journal: { append },
  });
}

/** A source that says nothing and lasts: what feeds have ended is no end of the recording. */
async function* silence(signal: AbortSignal): AsyncGenerator<CoreEvent> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
