import { dirname, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isMatchpointError, SECRETS, type Mode } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { isProcess } from "../processes.ts";
import { plain, plural } from "../report/format.ts";
import type { Environment } from "../secrets/index.ts";
import type { Announcement, FoundRun } from "./announcement.ts";
import { ask, operatorName, placeOf, type ControlFlags, type Place } from "./client.ts";
import type { KillReport } from "./killProof.ts";
import { killedAgain, word } from "./stopFile.ts";
import { killedWords, unkept } from "./words.ts";

/** What became of one run, or of an account without a run. */
interface Killed {
  readonly run: string | null;
  readonly mode: Mode;
  readonly pid: number | null;
  /** `answered`: it did it itself; `frozen`: it did not answer; `gone`: no process is there. */
  readonly state: "answered" | "frozen" | "gone";
  readonly proven: boolean;
  readonly open: number | null;
  /** Until the venue listed none for the first time; absent where that is not known. */
  readonly zeroMs?: number;
  readonly ms: number;
}

/** What `polymarket-cancel-all` reads its account from, looked for when it is needed. */
type Account = () => Promise<NodeJS.ProcessEnv>;

/** A run that does not answer for so long is frozen. */
const FROZEN_MS = 2_000;
const PROOF_MS = 20_000;
const ENDED_MS = 2_000;

/**
 * `matchpoint kill`: stops everything and proves that no order is open. It writes the stop file first, so that no start goes on from
 * here by itself; then every run is told, and answers when the venue has shown twice that nothing is left. A run that is frozen is
 * ended, and what is left of a live account without a run is cancelled from here, by the program that shares no code with the bot.
 */
export async function killCommand(flags: ControlFlags, environment: Environment, io: Io): Promise<ExitCode> {
  const place = placeOf(flags, io, true);
  const by = operatorName();
  const reason = flags.reason ?? "";
  const kept = latch(place, by, reason, io);
  const account: Account = () => accountSecrets(place.config, environment, flags, io);
  const alive = place.runs.filter((run) => run.alive);
  const killed = await Promise.all(alive.map((run) => killRun(run, by, reason, account, flags, io)));
  const rest = await accountsWithout(place, killed, account, flags, io);
  const all = [...killed, ...rest];
  const proven = all.every((each) => each.proven);
  const none = all.length === 0;
  if (flags.json === true) io.out(JSON.stringify({ kept, proven: none ? null : proven, runs: all }));
  else {
    if (none) io.out(`No run is found in ${place.dir}: there is nothing to cancel.`);
    if (kept.length > 0)
      io.out(
        `Kept in ${kept.join(" and ")}: every start from here is HALTED until \`matchpoint resume --reason "…"\`.`,
      );
  }
  if (!proven)
    io.err(
      "error: it is not proven that no order is open. Look at Open orders on Polymarket's page, and run this again.",
    );
  if (!proven) return EXIT.CHECK_FAILED;
  if (kept.length === 0) return EXIT.ERROR;
  return none ? EXIT.NO_RUN : EXIT.OK;
}

/** On the disk before anything else: a run that dies now, or that starts now, knows. */
function latch({ modes, stops }: Place, by: string, reason: string, io: Io): readonly string[] {
  return modes.flatMap((mode) => {
    const file = stops(mode);
    try {
      file.update((now) => ({
        ...now,
        kill: killedAgain(now.kill, word(by, reason, Date.now())),
        resumes: [],
      }));
      return [file.path];
    } catch (error) {
      io.err(`error: ${plain(unkept(file.path, error))}`);
      return [];
    }
  });
}

async function killRun(
  found: FoundRun,
  by: string,
  reason: string,
  account: Account,
  flags: ControlFlags,
  io: Io,
): Promise<Killed> {
  const { announcement } = found;
  const { runId: run, mode, pid } = announcement;
  const name = `${run} (${mode}, process ${pid})`;
  const began = performance.now();
  const give = new AbortController();
  const order = ask(announcement, "/v1/kill", PROOF_MS, { by, reason }, give.signal);
  const sign = ask(announcement, "/livez", FROZEN_MS, undefined, give.signal);
  const first = await Promise.race([order, sign]);
  const answer = first === undefined ? undefined : await order;
  give.abort();
  if (answer !== undefined && (answer.status === 200 || answer.status === 504)) {
    const report = answer.body as KillReport;
    if (flags.json !== true) io.out(`${name}: ${killedWords(report)}`);
    const { proven, open = null, zeroMs, ms } = report;
    const zero = zeroMs === undefined ? {} : { zeroMs };
    return { run, mode, pid, state: "answered", proven, open, ...zero, ms };
  }
  if (answer !== undefined)
    io.err(
      `warning: ${name} refused: ${plain(JSON.stringify(answer.body))}. The stop file tells it all the same.`,
    );
  io.err(
    `warning: ${name} does not answer${first === undefined ? ` for ${FROZEN_MS / 1_000} s: it is frozen` : ""}.`,
  );
  const ended = await endProcess(announcement, name, io);
  const after = (): number => Math.round(performance.now() - began);
  if (mode === "paper")
    return { run, mode, pid, state: "frozen", proven: ended, open: ended ? 0 : null, ms: after() };
  const result = await cancelFromHere(announcement.venue, await account(), flags, io);
  return { run, mode, pid, state: "frozen", ...result, proven: result.proven && ended, ms: after() };
}

/** A frozen process may wake up and place what it had in hand: it is ended, where it is sure to be the one. */
async function endProcess({ pid, born }: Announcement, name: string, io: Io): Promise<boolean> {
  if (born === undefined) {
    io.err(`warning: this system does not say whether process ${pid} is still the same: end it yourself.`);
    return false;
  }
  if (isProcess(pid, born)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      io.err(`warning: ${name} cannot be ended: ${(error as Error).message}`);
      return false;
    }
  }
  const until = performance.now() + ENDED_MS;
  while (isProcess(pid, born) && performance.now() < until) await pause(20);
  const gone = !isProcess(pid, born);
  io.err(gone ? `${name} was ended; its next start is HALTED.` : `warning: ${name} does not end.`);
  return gone;
}

/** Live accounts of the folder that no run answered for: what they left may still rest. */
async function accountsWithout(
  { runs, modes, config }: Place,
  killed: readonly Killed[],
  account: Account,
  flags: ControlFlags,
  io: Io,
): Promise<readonly Killed[]> {
  if (!modes.includes("live") || killed.some(({ mode }) => mode === "live")) return [];
  const last = runs.find(({ announcement, alive }) => !alive && announcement.mode === "live")?.announcement;
  const execution = config?.mode === "live" ? config.execution : undefined;
  if (last === undefined && execution === undefined) return [];
  const began = performance.now();
  const { clob_url: url, chain_id: chainId = 137 } = execution ?? {};
  const venue = last?.venue ?? { chainId, ...(url === undefined ? {} : { url }) };
  io.err("No live run is there: what an earlier one left at the venue is cancelled from here.");
  const result = await cancelFromHere(venue, await account(), flags, io);
  const ms = Math.round(performance.now() - began);
  return [{ run: last?.runId ?? null, mode: "live", pid: null, state: "gone", ...result, ms }];
}

/** The environment, with what the configuration names elsewhere. */
async function accountSecrets(
  config: Place["config"],
  environment: Environment,
  flags: ControlFlags,
  io: Io,
): Promise<NodeJS.ProcessEnv> {
  const env = environment.whole();
  if (config?.secrets === undefined) return env;
  const folder = flags.config === undefined ? process.cwd() : dirname(resolve(flags.config));
  const { Secrets } = await import("../secrets/index.ts");
  const secrets = new Secrets(config, { environment, folder, io });
  const named = (["api_key", "api_secret", "api_passphrase", "private_key"] as const).filter(
    (name) => config.secrets?.[name] !== undefined,
  );
  // Whose API key it is only the private key tells, unless the address is said.
  const whole = (env["MATCHPOINT_ADDRESS"] ?? "") !== "" && named.length > 3;
  for (const name of whole ? named.slice(0, 3) : named) {
    try {
      env[SECRETS[name].variable] = (await secrets.find(name))?.reveal();
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      io.err(`warning: ${plain(error.message)}`);
    }
  }
  return env;
}

/** `polymarket-cancel-all`, which needs no run and nothing of the bot's. */
async function cancelFromHere(
  venue: Announcement["venue"],
  env: NodeJS.ProcessEnv,
  { json }: ControlFlags,
  io: Io,
): Promise<{ readonly proven: boolean; readonly open: number | null }> {
  const url = venue?.url === undefined ? [] : ["--url", venue.url];
  const chain = venue === undefined ? [] : ["--chain-id", String(venue.chainId)];
  const lines: string[] = [];
  const stop = new AbortController();
  const { runCancelAll } = await import("@matchpoint/adapters-polymarket/cancel-all");
  const code = await runCancelAll(["--json", ...url, ...chain], {
    env,
    out: (line) => lines.push(line),
    err: (line) => {
      io.err(line);
    },
    stop: stop.signal,
  });
  const last = lines.at(-1);
  const result =
    last === undefined
      ? undefined
      : (JSON.parse(last) as { readonly open?: readonly string[]; readonly canceled: readonly string[] });
  const open = result?.open?.length ?? null;
  if (json !== true && code === 0)
    io.out(
      `polymarket-cancel-all: ${plural(result?.canceled.length ?? 0, "order")} cancelled, two looks found none open`,
    );
  return { proven: code === 0, open };
}
