import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { BOT_CONFIG, isMatchpointError, MatchpointError, type BotConfig, type Mode } from "@matchpoint/sdk";
import { loadYaml } from "@matchpoint/sdk/node";
import { plain } from "../report/format.ts";
import type { Io } from "../io.ts";
import { findRuns, type Announcement, type FoundRun } from "./announcement.ts";
import { CONTROL_HEADER } from "../loopback/index.ts";
import type { RunStatus } from "./status.ts";
import { StopFile } from "./stopFile.ts";

/** Options of every command that speaks to runs. */
export interface ControlFlags {
  readonly config?: string;
  readonly dir?: string;
  readonly mode?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Which runs a command is about: those of a folder, live ones, paper ones or both. */
export interface Place {
  readonly dir: string;
  readonly modes: readonly Mode[];
  readonly config: BotConfig | undefined;
  readonly runs: readonly FoundRun[];
  readonly stops: (mode: Mode) => StopFile;
}

const DEFAULT_DIR = "runs";

/**
 * Finds what a command is about. A configuration that cannot be read does not keep anybody from stopping a run: it is told, and the
 * folder `runs` is taken.
 * @param stops whether it is to stop something: then what is not found was not stopped, and that is said
 * @throws MatchpointError `USAGE`, `FILE_NOT_FOUND` when there is no such folder
 */
export function placeOf(flags: ControlFlags, io: Io, stops = false): Place {
  const config = flags.config === undefined ? undefined : readable(flags.config, io);
  const dir = flags.dir ?? config?.journal.dir ?? DEFAULT_DIR;
  const { mode } = flags;
  if (mode !== undefined && mode !== "live" && mode !== "paper")
    throw new MatchpointError("USAGE", `--mode ${mode}`, { hint: "It is live or paper; absent: both." });
  if (!existsSync(dir))
    throw new MatchpointError(
      "FILE_NOT_FOUND",
      `there is no folder ${dir}: no run was ever started from here`,
      {
        hint: `Go to the folder that the bot was started in, or name its journal.dir with --dir, or its configuration with --config.${stops ? " NOTHING WAS STOPPED." : ""}`,
      },
    );
  const modes: readonly Mode[] =
    mode !== undefined
      ? [mode]
      : config === undefined
        ? ["live", "paper"]
        : [config.mode, ...other(config.mode)];
  return {
    dir,
    modes,
    config,
    runs: findRuns(dir).filter(({ announcement }) => modes.includes(announcement.mode)),
    stops: (which) => new StopFile(dir, which),
  };
}

/** A configuration for live runs is tried on paper too; one for paper is never traded live. */
function other(mode: Mode): readonly Mode[] {
  return mode === "live" ? ["paper"] : [];
}

function readable(path: string, io: Io): BotConfig | undefined {
  try {
    return loadYaml(path, BOT_CONFIG, { what: "configuration file", code: "CONFIG_INVALID" });
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    io.err(`warning: ${plain(error.message.split("\n")[0]!)}; looking in ${DEFAULT_DIR}/`);
    return undefined;
  }
}

/** Who gives the command, for the journal. */
export function operatorName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `uid ${process.getuid?.() ?? "?"}@${hostname()}`;
  }
}

/** Asks a run; `undefined` when it does not answer in time. */
export async function ask(
  { url, token }: Announcement,
  path: string,
  withinMs: number,
  body?: object,
  stop?: AbortSignal,
): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  const late = AbortSignal.timeout(Math.ceil(withinMs));
  try {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json", [CONTROL_HEADER]: "1" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: stop === undefined ? late : AbortSignal.any([late, stop]),
    });
    return { status: response.status, body: JSON.parse(await response.text()) as unknown };
  } catch {
    return undefined;
  }
}

/** A run's status; `undefined` when it does not answer in time. */
export async function askStatus(run: FoundRun, withinMs: number): Promise<RunStatus | undefined> {
  const answer = await ask(run.announcement, "/v1/status", withinMs);
  return answer?.status === 200 ? (answer.body as RunStatus) : undefined;
}

const HEARD_MS = 3_000;
const AGAIN_MS = 50;

/** Waits until a run's status shows what it was told; gives the last that was seen. */
export async function heard(
  run: FoundRun,
  shows: (status: RunStatus) => boolean,
): Promise<{ readonly heard: boolean; readonly status: RunStatus | undefined }> {
  const until = performance.now() + HEARD_MS;
  let status: RunStatus | undefined;
  while (performance.now() < until) {
    status = (await askStatus(run, Math.max(1, until - performance.now()))) ?? status;
    if (status !== undefined && shows(status)) return { heard: true, status };
    await pause(AGAIN_MS);
  }
  return { heard: false, status };
}
