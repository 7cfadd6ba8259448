import { randomBytes } from "node:crypto";
import { MatchpointError, type Mode } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plain } from "../report/format.ts";
import type { FoundRun } from "./announcement.ts";
import { askStatus, heard, operatorName, placeOf, type ControlFlags, type Place } from "./client.ts";
import type { RunStatus } from "./status.ts";
import { EVERY_MARKET, isMarketId, nothingStopped, word, type Stops } from "./stopFile.ts";
import { statusLines, stopLines } from "./statusText.ts";
import { unkept } from "./words.ts";

/** Options of `resume`. */
export interface ResumeFlags extends ControlFlags {
  readonly strategy?: string;
}

const STATUS_MS = 2_000;

/** `matchpoint stop-entry`: nothing new is begun; what is held may still be reduced. */
export async function stopEntryCommand(flags: ControlFlags, io: Io): Promise<ExitCode> {
  const said = word(operatorName(), flags.reason ?? "", Date.now());
  return tell(flags, io, {
    change: (now) => ({ ...now, stopEntries: now.stopEntries ?? said }),
    shows: ({ system }) => system !== "READY",
    done: "entries are stopped",
  });
}

/** `matchpoint halt [MARKET]`: nothing new in it, and its orders are cancelled. */
export async function haltCommand(
  market: string | undefined,
  flags: ControlFlags,
  io: Io,
): Promise<ExitCode> {
  demandMarket(market);
  const said = word(operatorName(), flags.reason ?? "", Date.now());
  const key = market ?? EVERY_MARKET;
  return tell(flags, io, {
    change: (now) => ({ ...now, halts: { ...now.halts, [key]: said } }),
    shows: ({ markets }) =>
      markets.every(({ id, causes }) => (market !== undefined && id !== market) || causes.includes("manual")),
    done: market === undefined ? "every market is halted" : `${market} is halted`,
    lacks: lackOf(
      market,
      "NOTHING IS HALTED in it. It is kept, for a market of that id that comes; the ids are those of `matchpoint status`.",
    ),
  });
}

/**
 * `matchpoint resume [MARKET] --reason "…"`: what an operator stopped goes on. A kill is lifted first; where entries were stopped before
 * it, they stay stopped until the next resume.
 */
export async function resumeCommand(
  market: string | undefined,
  flags: ResumeFlags,
  io: Io,
): Promise<ExitCode> {
  demandMarket(market);
  const reason = flags.reason?.trim() ?? "";
  if (reason === "")
    throw new MatchpointError("USAGE", "resume needs a reason", {
      hint: 'Say what was found and why it may go on: matchpoint resume --reason "limits lowered". It is kept in the journal.',
    });
  const mode = modeOf(flags, io);
  const { strategy } = flags;
  const resume = {
    ...word(operatorName(), reason, Date.now()),
    id: `resume-${randomBytes(8).toString("hex")}`,
    ...(market === undefined ? {} : { market }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  return tell({ ...flags, mode }, io, {
    change: (now) => ({
      ...now,
      strategies: Object.fromEntries(Object.entries(now.strategies).filter(([name]) => name !== strategy)),
      resumes: [...now.resumes, resume],
    }),
    shows: ({ stops }) => stops.resumes.every(({ id }) => id !== resume.id),
    done:
      strategy !== undefined
        ? `${strategy} may go on (one that was left out takes part in the next start)`
        : market === undefined
          ? "resumed"
          : `${market} is resumed`,
    lacks: lackOf(
      market,
      "NOTHING IS RESUMED in it, but a halt that was kept for it is gone; the ids are those of `matchpoint status`.",
    ),
    later: "No run hears it now: the next start takes it up.",
  });
}

/** What is said of a run that does not have the market which was named. */
function lackOf(market: string | undefined, follows: string): Told["lacks"] {
  return ({ markets }) =>
    market === undefined || markets.some(({ id }) => id === market)
      ? undefined
      : `has no market ${market}: ${follows}`;
}

/** @throws {@link MatchpointError} `USAGE` for what can be no market's id */
function demandMarket(market: string | undefined): void {
  if (market === undefined || isMarketId(market)) return;
  throw new MatchpointError("USAGE", `${JSON.stringify(market.slice(0, 40))} is no market's id`, {
    hint: "Name it as `matchpoint status` does. Without a name every market is meant.",
  });
}

/** A stop may mean more than was meant; a resume may not: where live and paper runs are both concerned, one has to be named. */
function modeOf(flags: ControlFlags, io: Io): Mode {
  const { modes, config, runs, stops } = placeOf(flags, io);
  if (modes.length === 1) return modes[0]!;
  if (config !== undefined) return config.mode;
  const concerned = modes.filter(
    (mode) =>
      !nothingStopped(stops(mode).read()) ||
      runs.some(({ alive, announcement }) => alive && announcement.mode === mode),
  );
  if (concerned.length === 1) return concerned[0]!;
  const why = concerned.length === 0 ? "nothing is stopped here" : "live and paper runs are both concerned";
  throw new MatchpointError("USAGE", why, {
    hint: "Name the one that is meant: --mode live or --mode paper.",
  });
}

/** `matchpoint status`: what runs, and what is stopped. Exit code 3 when a run may not trade, 4 when there is none. */
export async function statusCommand(flags: ControlFlags, io: Io): Promise<ExitCode> {
  const place = placeOf(flags, io);
  const alive = place.runs.filter((run) => run.alive);
  const found = await Promise.all(
    alive.map(async (run) => ({ run, status: await askStatus(run, STATUS_MS) })),
  );
  if (flags.json === true) io.out(JSON.stringify(asJson(place, found)));
  else {
    for (const { run, status } of found) for (const line of statusLines(run, status)) io.out(line);
    if (found.length === 0) io.out(`No run is found in ${place.dir}.`);
    for (const mode of place.modes)
      for (const line of stopLines(mode, place.stops(mode).read())) io.out(line);
  }
  if (found.length === 0) return EXIT.NO_RUN;
  return found.every(({ status }) => status?.ready === true) ? EXIT.OK : EXIT.CHECK_FAILED;
}

interface Asked {
  readonly run: FoundRun;
  readonly status: RunStatus | undefined;
}

function asJson(place: Place, found: readonly Asked[]): object {
  return {
    runs: found.map(({ run: { announcement }, status }) => ({
      run: announcement.runId,
      mode: announcement.mode,
      pid: announcement.pid,
      answers: status !== undefined,
      status: status ?? null,
    })),
    stops: Object.fromEntries(place.modes.map((mode) => [mode, place.stops(mode).read()])),
  };
}

interface Told {
  readonly change: (stops: Stops) => Stops;
  /** Whether a run has heard it. */
  readonly shows: (status: RunStatus) => boolean;
  readonly done: string;
  /** Why nothing is done in a run that has heard it; `undefined`: it is done. */
  readonly lacks?: ((status: RunStatus) => string | undefined) | undefined;
  /** Said when no run is there. */
  readonly later?: string;
}

/** What a resumed run still waits for. */
function waits(system: string): string {
  return system === "RECOVERING" ? ", until a comparison with the venue agrees" : "";
}

/** Writes the stop file, and waits until every run that is there has read it. */
async function tell(
  flags: ControlFlags,
  io: Io,
  { change, shows, done, lacks, later }: Told,
): Promise<ExitCode> {
  const place = placeOf(flags, io, true);
  const kept = place.modes.map((mode) => {
    const file = place.stops(mode);
    try {
      file.update(change);
    } catch (cause) {
      throw new MatchpointError("JOURNAL_WRITE_FAILED", unkept(file.path, cause), { cause });
    }
    return file.path;
  });
  const alive = place.runs.filter((run) => run.alive);
  const answers = await Promise.all(alive.map(async (run) => ({ run, ...(await heard(run, shows)) })));
  const lack = (status: RunStatus | undefined): string | undefined =>
    status === undefined ? undefined : lacks?.(status);
  // Of several runs one that has it is enough.
  const nowhere = answers.length > 0 && answers.every(({ status }) => lack(status) !== undefined);
  const ok = !nowhere && answers.every((answer) => answer.heard && answer.status?.refused === undefined);
  if (flags.json === true) {
    const runs = answers.map(({ run, heard: took, status }) => ({
      run: run.announcement.runId,
      heard: took,
      system: status?.system ?? null,
      ...(status?.refused === undefined ? {} : { refused: status.refused }),
      ...(lack(status) === undefined ? {} : { lacks: lack(status) }),
    }));
    io.out(JSON.stringify({ kept, runs }));
  } else {
    for (const { run, heard: took, status } of answers) {
      const name = `${run.announcement.runId} (${run.announcement.mode})`;
      if (took && status?.refused !== undefined)
        io.err(`error: ${name} does not follow: ${plain(status.refused)}`);
      else if (took && lack(status) !== undefined) io.err(`warning: ${name} ${plain(lack(status)!)}`);
      else if (took) io.out(`${name}: ${done}; it is ${status!.system}${waits(status!.system)}`);
      else io.err(`warning: ${name} has not heard it yet; \`matchpoint kill\` ends a run that hangs.`);
    }
    if (answers.length === 0)
      io.out(`No run is found in ${place.dir}. ${later ?? "It is kept: the next start begins with it."}`);
    for (const mode of place.modes) {
      const left = place.stops(mode).read();
      if (!nothingStopped(left)) for (const line of stopLines(mode, left)) io.out(line);
    }
  }
  if (!ok) return EXIT.CHECK_FAILED;
  return answers.length === 0 ? EXIT.NO_RUN : EXIT.OK;
}
