import {
  createLolModel,
  lolModel,
  logistic,
  pow,
  TRUTH_DEFAULTS,
  type MatchDescription,
  type ModelData,
  type ModelValidation,
  type ProbabilityModel,
  type TruthState,
} from "@matchpoint/sdk";
import { LOL_RIVALS } from "../fitted/lolRivals.ts";
import { inOrder } from "../split.ts";
import type { Fit, Sample, TitleModelling } from "../titles.ts";
import { fitLol, fitMinuteLogistic, type MinuteLogistic } from "./fitLol.ts";
import { forwardNotes, forwardTests, LOGISTIC, PUBLISHED, UNRATED } from "./forward.ts";
import { playGame } from "./play.ts";
import { LOL_PROSE } from "./prose.ts";
import { seasonsOf } from "./ratings.ts";
import { readLolGames, type LolRow } from "./rows.ts";

const BUCKETS = [5, 10, 15, 20, 25, 30, 35, 40];
const NAME = "professional games with gold per minute";

/** Fits and scores the LoL model. */
export const lolModelling: TitleModelling<LolRow> = {
  title: "lol",
  unit: "minute",
  buckets: BUCKETS,
  shipped: { model: lolModel, rivals: LOL_RIVALS },
  output: {
    coefficients: {
      file: "packages/sdk/src/truth/models/fitted/lol.ts",
      constant: "LOL_FITTED",
      type: "LolCoefficients",
      from: "../lol.ts",
    },
    rivals: {
      file: "packages/cli/src/models/fitted/lolRivals.ts",
      constant: "LOL_RIVALS",
      type: "MinuteLogistic",
      from: "../lol/fitLol.ts",
    },
  },
  prose: LOL_PROSE,
  load: readLolGames,
  describe: describeRows,
  fit: fitRows,
  samples: samplesOfRows,
  split(rows) {
    const last = seasonsOf(rows).at(-1);
    return {
      earlier: rows.filter(({ playedAt }) => playedAt !== last),
      later: rows.filter(({ playedAt }) => playedAt === last),
    };
  },
};

function fitRows(rows: readonly LolRow[]): Fit {
  const coefficients = fitLol(rows);
  return {
    model: createLolModel({ version: "trial", coefficients, data: describeRows(rows), validation: UNTESTED }),
    coefficients,
    rivals: fitMinuteLogistic(rows, BUCKETS),
    notes: () => forwardNotes(forwardTests(rows, fitRows, samplesOfRows)),
  };
}

function samplesOfRows(rows: readonly LolRow[], model: ProbabilityModel, rivals: unknown): Sample[] {
  return inOrder(rows).flatMap((row) => samplesOf(row, model, rivals as MinuteLogistic));
}

function samplesOf(row: LolRow, model: ProbabilityModel, minutes: MinuteLogistic): Sample[] {
  const samples: Sample[] = [];
  for (const { minute, state } of playGame(row, BUCKETS.at(-1)!)) {
    if (!BUCKETS.includes(minute)) continue;
    const lead = row.leads[minute - 1]! / 1000;
    const [intercept, slope] = minutes[String(minute)] ?? [0, 0];
    samples.push({
      at: minute,
      game: row.game,
      match: row.match,
      p: model.p(state, TRUTH_DEFAULTS).p,
      won: row.blueWon,
      rivals: {
        [LOGISTIC]: logistic(intercept + slope * lead),
        [PUBLISHED]: logistic(0.131 + 0.476 * pow(minute / 20, -0.724) * lead),
        [UNRATED]: model.p(withoutDate(state), TRUTH_DEFAULTS).p,
      },
    });
  }
  return samples;
}

/** Of a match without a date nobody can say whether the ratings are of before it. */
function withoutDate(state: TruthState): TruthState {
  const match: { -readonly [Key in keyof MatchDescription]: MatchDescription[Key] } = { ...state.match };
  delete match.startsAt;
  return { ...state, match };
}

function describeRows(rows: readonly LolRow[]): ModelData {
  const sorted = inOrder(rows);
  return {
    name: NAME,
    games: rows.length,
    matches: new Set(rows.map(({ match }) => match)).size,
    from: sorted[0]?.season ?? "",
    to: sorted.at(-1)?.season ?? "",
  };
}

const NOTHING: ModelData = { name: "", games: 0, matches: 0, from: "", to: "" };
const UNTESTED: ModelValidation = {
  fittedOn: NOTHING,
  testedOn: NOTHING,
  unit: "minute",
  buckets: [],
  overall: { n: 0, brier: 0, logLoss: 0, ece: 0, eceBand: 0 },
  reliability: [],
};
