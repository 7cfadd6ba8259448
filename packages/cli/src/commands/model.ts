import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { cardText } from "../models/card.ts";
import { evaluate } from "../models/evaluate.ts";
import { evaluationJson, evaluationText } from "../models/evaluationText.ts";
import { fitTitle, type FitResult } from "../models/fit.ts";
import { fittedFile } from "../models/fittedFile.ts";
import { compareMarkets } from "../models/market/comparison.ts";
import { LeftOut, STRICT, type Reading } from "../models/gameLines.ts";
import { MODELLINGS } from "../models/registry.ts";
import { reportPage } from "../models/report/page.ts";
import type { TitleModelling } from "../models/titles.ts";
import { plural } from "../report/format.ts";

/** Where the cards are kept in this project's repository. */
const CARDS = "docs/models";

/** `matchpoint model fit TITLE DIR`: fits on the earlier games, tests on the later ones, writes numbers and card. */
export async function fitCommand(
  title: string,
  folder: string,
  flags: { readonly out?: string; readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const modelling = modellingOf(title);
  const { output } = modelling;
  if (output === undefined) {
    throw new MatchpointError("USAGE", `the ${title} model is not fitted`, {
      hint: `Its numbers are set by hand: see ${CARDS}/${title}.md. It can be evaluated.`,
    });
  }
  const result = fitTitle(modelling, await load(modelling, folder, STRICT, io));
  const inRepository = existsSync(dirname(output.coefficients.file)) && existsSync(CARDS);
  if (flags.out === undefined && !inRepository) {
    throw new MatchpointError("USAGE", "there is nowhere to write to", {
      hint: "Name a folder: --out FOLDER. Without it the numbers go into this project's own sources.",
    });
  }
  const files =
    flags.out === undefined ? intoSources(modelling, result) : intoFolder(modelling, result, flags.out);
  for (const [file, text] of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const written = files.map(([file]) => file);
  if (flags.json === true) {
    io.out(
      evaluationJson(result.test, { version: result.fitted.version, data: result.fitted.data, written }),
    );
  } else {
    const { fittedOn, testedOn } = result.fitted.validation;
    io.out(
      `Test: fitted on ${fittedOn.from} to ${fittedOn.to}, scored on ${testedOn.from} to ${testedOn.to}.`,
    );
    for (const line of evaluationText(result.test, io.columns)) io.out(line);
    io.out("");
    io.out(`Written, fitted on all ${result.fitted.data.games} games: ${written.join(", ")}`);
  }
  return EXIT.OK;
}

function intoSources(modelling: TitleModelling, { fitted, rivals, ...rest }: FitResult): [string, string][] {
  const { coefficients, rivals: rivalFile } = modelling.output!;
  return [
    [
      coefficients.file,
      fittedFile(
        coefficients,
        `What \`model fit ${modelling.title}\` found. Not to be edited.`,
        fitted,
        true,
      ),
    ],
    [
      rivalFile.file,
      fittedFile(
        rivalFile,
        `Simpler models fitted on the same games, to compare with. Not to be edited.`,
        rivals,
        false,
      ),
    ],
    [join(CARDS, `${modelling.title}.md`), cardText(modelling, { fitted, rivals, ...rest })],
  ];
}

function intoFolder(modelling: TitleModelling, result: FitResult, folder: string): [string, string][] {
  const numbers = `${JSON.stringify({ title: modelling.title, ...result.fitted, rivals: result.rivals }, null, 2)}\n`;
  return [
    [join(folder, `${modelling.title}.json`), numbers],
    [join(folder, `${modelling.title}.md`), cardText(modelling, result)],
  ];
}

/** `matchpoint model evaluate TITLE DIR`: scores the shipped model on any folder of the title's format. */
export async function evaluateCommand(
  title: string,
  folder: string,
  flags: { readonly json?: boolean },
  io: Io,
): Promise<ExitCode> {
  const modelling = modellingOf(title);
  const leftOut = new LeftOut();
  const rows = await load(modelling, folder, leftOut, io);
  const evaluation = evaluate(modelling, rows, modelling.shipped);
  if (evaluation.overall.n === 0) {
    const first = `${modelling.unit} ${modelling.buckets[0]}`;
    throw new MatchpointError("RECORDING_INVALID", `no game reaches ${first}`, { where: folder });
  }
  const { model } = modelling.shipped;
  const about = {
    model: model.id,
    version: model.version,
    calibrated: model.card.calibrated,
    broken: leftOut.lines.length,
    passed: Object.fromEntries(leftOut.passedOver),
  };
  if (flags.json === true) io.out(evaluationJson(evaluation, about));
  else {
    for (const line of evaluationText(evaluation, io.columns)) io.out(line);
    const { data } = model.card;
    if (data !== undefined) {
      io.out("");
      io.out(
        `The numbers were fitted on ${data.games} games from ${data.from} to ${data.to}: games of these are no evidence.`,
      );
    }
    if (!model.card.calibrated) io.out("The model says of itself that it is not calibrated.");
  }
  return EXIT.OK;
}

/** Where real data lies in a checkout of this project, and the quotes with outcomes in it. */
const DATA = "../shared/data";
const QUOTES = "polymarket-us-esports-bbo-2026-07-08";

/** `matchpoint model report`: the shipped models' figures, and the market's own, as one HTML file. */
export async function reportCommand(
  flags: { readonly out: string; readonly quotes?: string },
  io: Io,
): Promise<ExitCode> {
  const quotes = flags.quotes ?? join(process.env["MATCHPOINT_DATA"] ?? DATA, QUOTES);
  const there = statSync(quotes, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!there && flags.quotes !== undefined)
    throw new MatchpointError("FILE_NOT_FOUND", "there is no such folder", { where: quotes });
  const market = there ? await compareMarkets(quotes) : undefined;
  const models = Object.entries(MODELLINGS).map(([title, { shipped }]) => [title, shipped.model] as const);
  mkdirSync(dirname(flags.out), { recursive: true });
  writeFileSync(flags.out, reportPage(models, market));
  io.out(`${flags.out}: ${models.map(([title]) => title).join(", ")}${there ? ", and the market" : ""}`);
  if (!there)
    io.out("  without the market: no quotes with outcomes were found; name their folder with --quotes");
  return EXIT.OK;
}

/** More broken lines than this are only counted. */
const MOST_TOLD = 10;

/** Tells on standard error which lines gave no game: figures of the rest alone would hide it. */
function tellLeftOut({ lines, passedOver }: LeftOut, io: Io): void {
  for (const { where, why } of lines.slice(0, MOST_TOLD)) io.err(`left out: ${where}: ${why}`);
  if (lines.length > MOST_TOLD) io.err(`left out: ${lines.length - MOST_TOLD} more broken lines`);
  for (const [why, n] of passedOver) io.err(`left out: ${plural(n, "game")}: ${why}`);
}

async function load(
  modelling: TitleModelling,
  folder: string,
  reading: Reading,
  io: Io,
): ReturnType<TitleModelling["load"]> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new MatchpointError("FILE_NOT_FOUND", "there is no such folder", {
      where: folder,
      hint: `Name the folder that holds the ${modelling.title} games.`,
    });
  }
  const rows = await modelling.load(folder, reading);
  if (reading instanceof LeftOut) tellLeftOut(reading, io);
  if (rows.length > 0) return rows;
  throw new MatchpointError("RECORDING_INVALID", "holds no complete game", { where: folder });
}

function modellingOf(title: string): TitleModelling {
  const modelling = Object.entries(MODELLINGS).find(([name]) => name === title)?.[1];
  if (modelling !== undefined) return modelling;
  throw new MatchpointError("USAGE", `there is no model of ${title}`, {
    hint: `Titles: ${Object.keys(MODELLINGS).join(", ")}.`,
  });
}
