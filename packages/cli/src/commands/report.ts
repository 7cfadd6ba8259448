import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BOT_CONFIG, MatchpointError, type StrategyClass } from "@matchpoint/sdk";
import { loadYaml } from "@matchpoint/sdk/node";
import {
  csvFiles,
  gather,
  page,
  readRun,
  reportJson,
  type Gathered,
  type ReadRun,
} from "../htmlReport/index.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { Display } from "../report/display.ts";
import { fileSize, money, plain, plural } from "../report/format.ts";
import { realismLine } from "../report/realism.ts";
import { loadStrategy } from "../strategies.ts";
import { knownById } from "./planOfJournal.ts";
import type { Host } from "./shared.ts";

/** Options of `report`. */
export interface ReportFlags {
  readonly strategy: readonly string[];
  readonly out?: string;
  readonly config?: string;
  readonly dir?: string;
  readonly json?: boolean;
}

const ENDING = ".journal.jsonl";
const DEFAULT_DIR = "runs";
const LISTED = 12;

/**
 * `matchpoint report RUN...`: reads the journals of runs of one strategy and writes one page with tables beside it. Exit code 3 when an
 * account does not add up to its ledger; a verdict of NO-DEPLOY is an answer, and no failure.
 */
export async function reportCommand(
  names: readonly string[],
  flags: ReportFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const dir = folderOf(flags);
  const files = names.map((name) => journalOf(name, dir));
  const known = knownById(
    host,
    await Promise.all(flags.strategy.map((name) => loadStrategy(name, host.strategies, process.cwd()))),
  );
  const find = (use: string): StrategyClass | undefined =>
    Object.hasOwn(known, use) ? known[use] : undefined;
  const out = flags.out ?? defaultOut(files);
  const written = placesOf(out);
  for (const place of Object.values(written)) demandPlace(place, files);
  const runs = await readAll(files, find, new Display(io, { quiet: flags.json === true }));
  const gathered = gather(runs);
  const html = page(gathered);
  write(written["html"]!, html);
  for (const { name, text } of csvFiles(gathered)) write(written[name]!, text);
  if (flags.json === true) io.out(reportJson(gathered, written));
  else for (const line of wordsOf(gathered, written, html)) io.out(line);
  return gathered.evidence.ledgerGap === 0 ? EXIT.OK : EXIT.CHECK_FAILED;
}

async function readAll(
  files: readonly string[],
  find: (use: string) => StrategyClass | undefined,
  display: Display,
): Promise<readonly ReadRun[]> {
  const runs: ReadRun[] = [];
  let before = 0;
  try {
    for (const file of files) {
      const run = await readRun(file, {
        find,
        between: (fraction, lines) => {
          if (!display.due()) return;
          display.show({
            done: before + lines,
            unit: "lines",
            fraction: (runs.length + fraction) / files.length,
          });
        },
      });
      before += run.view.seq;
      runs.push(run);
    }
  } finally {
    display.end();
  }
  return runs;
}

function wordsOf(
  { verdict, total, evidence, realism }: Gathered,
  written: Readonly<Record<string, string>>,
  html: string,
): readonly string[] {
  const { binding } = verdict;
  const { html: at, ...tables } = written;
  const gap = evidence.ledgerGap === 0 ? "adds up to the ledger" : "DOES NOT ADD UP TO THE LEDGER";
  return [
    `${verdict.verdict}${binding === undefined ? "" : ` (${binding.id}): ${binding.title}: ${binding.found!}`}`,
    `P&L ${money(total.pnl as Parameters<typeof money>[0], true)} in ${plural(total.trades, "fill")} of ${plural(evidence.matches.length, "match", "matches")}; it ${gap}`,
    ...(realism.length === 0 ? [] : [realismLine(realism)]),
    `Report: ${at!} (${fileSize(Buffer.byteLength(html))})`,
    `Tables: ${Object.values(tables).join(", ")}`,
  ].map(plain);
}

function folderOf({ dir, config }: ReportFlags): string {
  if (dir !== undefined) return dir;
  if (config === undefined) return DEFAULT_DIR;
  return loadYaml(config, BOT_CONFIG, { what: "configuration file", code: "CONFIG_INVALID" }).journal.dir;
}

/** The journal of a name: a path, or a run's id in the folder of journals. */
function journalOf(name: string, dir: string): string {
  if (isFile(name)) return name;
  const inDir = join(dir, `${basename(name, ENDING)}${ENDING}`);
  if (isFile(inDir)) return inDir;
  const runs = existsSync(dir) && statSync(dir).isDirectory() ? journalsIn(dir) : undefined;
  const there =
    runs === undefined
      ? `There is no folder ${dir}; name a journal's path, or its folder with --dir or --config.`
      : runs.length === 0
        ? `${dir} holds no journal.`
        : `${dir} holds ${runs.slice(0, LISTED).join(", ")}${runs.length > LISTED ? ` and ${runs.length - LISTED} older ones` : ""}.`;
  throw new MatchpointError("FILE_NOT_FOUND", `no run ${plain(name)} was found`, { hint: plain(there) });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Ids of the runs whose journals are there, newest first. */
function journalsIn(dir: string): readonly string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => ({ name: name.slice(0, -ENDING.length), at: statSync(join(dir, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .map(({ name }) => name);
}

/** Beside the journal; of several runs, beside the first one's. */
function defaultOut(files: readonly string[]): string {
  const [first] = files;
  const stem = basename(first!).replace(/(\.journal)?\.jsonl$/, "");
  const more = files.length === 1 ? "" : `-and-${files.length - 1}-more`;
  return join(dirname(first!), `${stem}${more}.report.html`);
}

function placesOf(out: string): Readonly<Record<string, string>> {
  const stem = out.replace(/\.html?$/i, "");
  const beside = Object.fromEntries(
    ["fills", "orders", "equity", "attribution"].map((name) => [name, `${stem}.${name}.csv`]),
  );
  return { html: out, ...beside };
}

function demandPlace(place: string, files: readonly string[]): void {
  if (files.includes(place) || place.endsWith(ENDING))
    throw new MatchpointError("USAGE", `${place} would take a journal's place`, {
      hint: "Name another --out.",
    });
  const folder = dirname(place);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new MatchpointError("FILE_NOT_FOUND", `there is no folder ${folder}`, {
      hint: "Make it first, or name another --out.",
    });
}

function write(place: string, text: string): void {
  try {
    writeFileSync(place, text);
  } catch (error) {
    throw new MatchpointError("USAGE", `${place} cannot be written: ${(error as Error).message}`, {
      hint: "Free space, or name another --out.",
      cause: error,
    });
  }
}
