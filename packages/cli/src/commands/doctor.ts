import { existsSync } from "node:fs";
import { defaultConfig, isMatchpointError, SystemClock, type BotConfig } from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import { Bench, CHECKS, checksOf, printChecklist, runChecks, type Made } from "../doctor/index.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { clip, plural } from "../report/format.ts";
import { secretsOf, type Host } from "./shared.ts";

/** Options of `doctor`. */
export interface DoctorFlags {
  readonly config?: string;
  /** Ids with commas between them. */
  readonly only?: string;
  readonly json?: boolean;
}

const DEFAULT_FILE = "bot.yaml";

/** `matchpoint doctor`: makes every check, and changes nothing. Exit code 3 when one fails. */
export async function doctorCommand(flags: DoctorFlags, host: Host, io: Io): Promise<ExitCode> {
  const only = flags.only?.split(/[\s,]+/).filter((each) => each !== "");
  const table = only === undefined ? CHECKS : checksOf(only);
  const file = flags.config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const { config, problem } = await read(file, host);
  const over = new AbortController();
  const { signal } = over;
  const bench = new Bench({
    config,
    mode: config.mode,
    secrets: secretsOf(config, file, host, io),
    clock: new SystemClock(),
    signal,
    ...(file === undefined ? {} : { file }),
    ...(problem === undefined ? {} : { problem }),
  });
  const shows = io.interactive && flags.json !== true;
  try {
    const made = await runChecks(bench, {
      table,
      onProgress: (done, of, waiting) => {
        if (shows)
          io.redraw(
            done === of ? "" : clip(`${done} of ${of} checks, waiting for ${waiting.join(", ")}`, io.columns),
          );
      },
    });
    if (shows) io.redraw(undefined);
    if (flags.json === true)
      io.out(
        JSON.stringify({ checks: made.map(({ id, status, found, fix }) => ({ id, status, found, fix })) }),
      );
    else tell(made, config, io);
    return made.some(({ status }) => status === "fail") ? EXIT.CHECK_FAILED : EXIT.OK;
  } finally {
    over.abort();
    bench.close();
  }
}

/** The configuration, or why it cannot be used; a check says so. */
async function read(
  file: string | undefined,
  host: Host,
): Promise<{ readonly config: BotConfig; readonly problem?: Error }> {
  if (file === undefined) return { config: defaultConfig() };
  try {
    return { config: await readConfig(file, host.strategies) };
  } catch (error) {
    if (!isMatchpointError(error)) throw error;
    return { config: defaultConfig(), problem: error };
  }
}

function tell(made: readonly Made[], config: BotConfig, io: Io): void {
  printChecklist(
    made.filter(({ idle }) => !idle),
    io,
  );
  const count = (status: string): number =>
    made.filter((each) => !each.idle && each.status === status).length;
  const parts = [
    `${count("ok")} ok`,
    plural(count("warn"), "warning"),
    plural(count("fail"), "failure"),
    ...(count("skip") === 0 ? [] : [`${count("skip")} not made`]),
  ];
  const idle = made.filter((each) => each.idle).length;
  const apart = idle === 0 ? "" : `; ${idle} do not apply (mode ${config.mode})`;
  io.out(`${parts.join(", ")}${apart}.`);
}
