import {
  createRoundsModel,
  CS2_FITTED,
  cs2Model,
  TRUTH_DEFAULTS,
  valorantModel,
  type FittedModel,
  type ModelData,
  type ModelValidation,
  type ProbabilityModel,
  type RoundsCoefficients,
  type RoundTitle,
} from "@matchpoint/sdk";
import { CS2_RIVALS } from "../fitted/cs2Rivals.ts";
import { VALORANT_RIVALS } from "../fitted/valorantRivals.ts";
import { inOrder } from "../split.ts";
import type { Fit, Sample, TitleModelling } from "../titles.ts";
import { readCs2Maps } from "./cs2Rows.ts";
import { fitRounds } from "./fitRounds.ts";
import { fitNotes } from "./notes.ts";
import { playMap } from "./play.ts";
import { CS2_PROSE, VALORANT_PROSE } from "./prose.ts";
import { drawnHalves, forwardSplits, otherHalves, resplitNotes, type Resplit } from "./resplits.ts";
import { rivalsOf, type RoundsRivals } from "./rivals.ts";
import type { RoundsRow } from "./rows.ts";
import { readValorantMaps } from "./valorantRows.ts";

/** The rounds at whose start the model is scored in a bucket of its own. */
const BUCKETS = [4, 7, 10, 13, 16, 19, 22];
export const STARTS = "when a round begins to be played";
export const FIGHTS = "while a round is fought";

/** A coefficient of Valorant is thought to differ from CS2's by a fifth. */
const HOLD = 25;

const fit = (
  title: RoundTitle,
  rows: readonly RoundsRow[],
): { coefficients: RoundsCoefficients; rivals: RoundsRivals } => {
  const sorted = inOrder(rows);
  const coefficients = fitRounds(
    title,
    sorted,
    { coefficients: CS2_FITTED.coefficients, hold: HOLD },
    sorted.find(({ snapshots }) => snapshots !== undefined)?.snapshots,
    title === "valorant",
  );
  return { coefficients, rivals: { firstSide: coefficients.firstSide, spread: coefficients.spread } };
};

function modelOf(title: RoundTitle, coefficients: RoundsCoefficients, data: ModelData): ProbabilityModel {
  const fitted: FittedModel<RoundsCoefficients> = {
    version: "trial",
    coefficients,
    data,
    validation: untested(data),
  };
  return createRoundsModel(title, fitted);
}

/** What the model and its rivals say at every moment of the maps; the fights of a round count under its number and a half. */
export function samplesOf(
  title: RoundTitle,
  rows: readonly RoundsRow[],
  model: ProbabilityModel,
  rivals: RoundsRivals,
): Sample[] {
  const simpler = rivalsOf(title, rivals);
  return inOrder(rows).flatMap((row) => {
    const startedFirst = row.rounds[0]?.firstSide === 0;
    return Array.from(playMap(title, row), ({ round, fighting, state }) => ({
      at: fighting ? round + 0.5 : round,
      part: fighting ? FIGHTS : STARTS,
      game: row.game,
      match: row.match,
      p: model.p(state, TRUTH_DEFAULTS).p,
      won: row.won,
      rivals: simpler(row.rounds[round - 1]!, startedFirst),
    }));
  });
}

interface Collection {
  readonly name: string;
  readonly load: TitleModelling<RoundsRow>["load"];
}

function modelling(
  title: RoundTitle,
  { name, load }: Collection,
  resplits: (rows: readonly RoundsRow[]) => readonly Resplit[],
  rest: Pick<TitleModelling<RoundsRow>, "shipped" | "prose" | "output" | "split">,
): TitleModelling<RoundsRow> {
  const describe = (rows: readonly RoundsRow[]): ModelData => {
    const sorted = inOrder(rows);
    return {
      name,
      games: rows.length,
      matches: new Set(rows.map(({ match }) => match)).size,
      from: sorted[0]?.playedAt ?? "",
      to: sorted.at(-1)?.playedAt ?? "",
    };
  };
  return {
    title,
    unit: "round",
    buckets: BUCKETS,
    load,
    describe,
    fit(rows): Fit {
      const { coefficients, rivals } = fit(title, rows);
      return {
        model: modelOf(title, coefficients, describe(rows)),
        coefficients,
        rivals,
        notes: () => {
          const refit = (earlier: readonly RoundsRow[], later: readonly RoundsRow[]): Sample[] => {
            const part = fit(title, earlier);
            return samplesOf(title, later, modelOf(title, part.coefficients, describe(earlier)), part.rivals);
          };
          return [
            ...fitNotes(rows, coefficients, refit),
            ...resplitNotes(resplits(inOrder(rows)), refit, STARTS),
          ];
        },
      };
    },
    samples: (rows, model, rivals) => samplesOf(title, rows, model, rivals as RoundsRivals),
    ...rest,
  };
}

function output(title: RoundTitle, constant: string): TitleModelling["output"] {
  return {
    coefficients: {
      file: `packages/sdk/src/truth/models/fitted/${title}.ts`,
      constant: `${constant}_FITTED`,
      type: "RoundsCoefficients",
      from: "../rounds/roundsModel.ts",
    },
    rivals: {
      file: `packages/cli/src/models/fitted/${title}Rivals.ts`,
      constant: `${constant}_RIVALS`,
      type: "RoundsRivals",
      from: "../rounds/rivals.ts",
    },
  };
}

/** Fits and scores the CS2 model. */
export const cs2Modelling = modelling(
  "cs2",
  { name: "professional CS2 maps, round by round", load: readCs2Maps },
  forwardSplits,
  {
    shipped: { model: cs2Model, rivals: CS2_RIVALS },
    prose: CS2_PROSE,
    output: output("cs2", "CS2"),
    split(rows) {
      // A third, not a fifth: rounds are many, maps are few, and it is maps that the intervals count.
      const dates = [...new Set(inOrder(rows).map(({ playedAt }) => playedAt))];
      const border = dates[Math.floor(dates.length * (2 / 3))] ?? "";
      return {
        earlier: rows.filter(({ playedAt }) => playedAt < border),
        later: rows.filter(({ playedAt }) => playedAt >= border),
      };
    },
  },
);

const SPLIT_SEED = 2024;

/** Fits and scores the Valorant model. */
export const valorantModelling = modelling(
  "valorant",
  { name: "professional Valorant maps, round by round", load: readValorantMaps },
  otherHalves,
  {
    shipped: { model: valorantModel, rivals: VALORANT_RIVALS },
    prose: VALORANT_PROSE,
    output: output("valorant", "VALORANT"),
    // Nothing tells when they were played: halves are drawn.
    split: (rows) => drawnHalves(rows, SPLIT_SEED),
  },
);

function untested(data: ModelData): ModelValidation {
  return {
    fittedOn: data,
    testedOn: data,
    unit: "round",
    buckets: [],
    overall: { n: 0, brier: 0, logLoss: 0, ece: 0, eceBand: 0 },
    reliability: [],
  };
}
