import { FACT_GRAMMAR } from "@matchpoint/adapters-esports";
import { MatchpointError } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plain } from "../report/format.ts";
import type { FoundRun } from "./announcement.ts";
import { ask, operatorName, placeOf, type ControlFlags } from "./client.ts";
import type { FactTaken } from "./facts.ts";

/** The run's own limit, and some for the way. */
const ANSWER_MS = 5_000;

type Told =
  | { readonly kind: "taken"; readonly answer: FactTaken }
  | { readonly kind: "refused"; readonly code: string; readonly error: string }
  | { readonly kind: "silent" };

/**
 * `matchpoint truth state FACT`: states a fact of a match to the runs that are under way, through their journals. Exit code 3 when a run
 * does not take it, 4 when there is none.
 */
export async function truthCommand(
  action: string,
  words: readonly string[],
  flags: ControlFlags,
  io: Io,
): Promise<ExitCode> {
  if (action !== "state")
    throw new MatchpointError("USAGE", `unknown action: truth ${action}`, {
      hint: 'There is: truth state FACT, such as `truth state m1 game 2 won by "T1"`.',
    });
  const fact = words.join(" ").trim();
  if (fact === "")
    throw new MatchpointError("USAGE", "no fact is stated", {
      hint: `A fact is one of:\n    ${FACT_GRAMMAR.join("\n    ")}`,
    });
  const place = placeOf(flags, io);
  const alive = place.runs.filter((run) => run.alive);
  const body = { by: operatorName(), fact };
  const told = await Promise.all(
    alive.map(async (run) => ({
      run,
      told: toldOf(await ask(run.announcement, "/v1/fact", ANSWER_MS, body)),
    })),
  );
  refuseIfNobodyTakes(told.map((each) => each.told));
  if (flags.json === true) io.out(JSON.stringify({ fact, runs: told.map(asJson) }));
  else say(told, place.dir, io);
  if (told.length === 0) return EXIT.NO_RUN;
  // Who does not have the match is not concerned.
  const concerned = told.filter((each) => each.told.kind !== "refused");
  return concerned.every((each) => each.told.kind === "taken" && each.told.answer.taken)
    ? EXIT.OK
    : EXIT.CHECK_FAILED;
}

function toldOf(answer: Awaited<ReturnType<typeof ask>>): Told {
  if (answer?.status === 200) return { kind: "taken", answer: answer.body as FactTaken };
  const { code, error } = (answer?.body ?? {}) as { readonly code?: string; readonly error?: string };
  if (error === undefined) return { kind: "silent" };
  return { kind: "refused", code: code ?? "", error };
}

/** What every run refuses is wrong itself. */
function refuseIfNobodyTakes(told: readonly Told[]): void {
  const [first] = told;
  if (first?.kind !== "refused" || told.some(({ kind }) => kind !== "refused")) return;
  throw new MatchpointError(first.code === "MATCH_UNKNOWN" ? "MATCH_UNKNOWN" : "USAGE", first.error);
}

interface Asked {
  readonly run: FoundRun;
  readonly told: Told;
}

function asJson({ run: { announcement }, told }: Asked): object {
  const { runId: run, mode } = announcement;
  if (told.kind === "taken") return { mode, ...told.answer };
  return { mode, run, taken: false, ...(told.kind === "refused" ? { refused: told.error } : {}) };
}

function say(told: readonly Asked[], dir: string, io: Io): void {
  if (told.length === 0) io.out(`No run is found in ${dir}; nothing was kept.`);
  for (const { run, told: each } of told) {
    const name = `${run.announcement.runId} (${run.announcement.mode})`;
    if (each.kind === "refused") io.err(`${name}: ${plain(each.error)}`);
    else if (each.kind === "silent" || !each.answer.taken)
      io.err(`warning: ${name} has not taken it; \`matchpoint kill\` ends a run that hangs.`);
    else {
      const { moved } = each.answer;
      io.out(`${name}: noted${moved.length === 0 ? "; it moves nothing yet" : ""}`);
      for (const { subject, from, to, reason } of moved)
        io.out(`  ${plain(subject)}: ${from} → ${to} (${plain(reason)})`);
    }
  }
}
