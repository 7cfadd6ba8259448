import type { ModelData, ProbabilityModel } from "@matchpoint/sdk";
import type { Reading } from "./gameLines.ts";

/** Titles that have a model of their own. */
export type ModelTitle = "lol" | "cs2" | "valorant" | "dota2";

/** One game of a data set; each title adds what its model reads. */
export interface GameRow {
  /** Names the game. */
  readonly game: string;
  /** Names the match: its games are never split between fit and test, and are drawn together by the bootstrap. */
  readonly match: string;
  /** When it was played, in any form whose order of characters is the order of time: `2024-05-01`, `2017-1`. */
  readonly playedAt: string;
}

/** What a model said at one moment of a game, and what came of it. */
export interface Sample {
  /** The minute or round that it is counted under. */
  readonly at: number;
  /** The kind of moment, where a title has several: each is scored on its own beside `overall`. */
  readonly part?: string;
  readonly game: string;
  readonly match: string;
  /** Chance given to the team that the rows count as the first, and whether that team won. */
  readonly p: number;
  readonly won: boolean;
  /** What simpler models say of the same moment, by name: what the model has to beat. */
  readonly rivals: Readonly<Record<string, number>>;
}

/** A fit: a model with the numbers that it got. */
export interface Fit {
  readonly model: ProbabilityModel;
  /** The numbers, as JSON: written to a file for the SDK, or for whoever asked for it. */
  readonly coefficients: unknown;
  /** Numbers of the rivals, fitted on the same rows; handed back to {@link TitleModelling.samples}. */
  readonly rivals: unknown;
  /** What the card should say about how this fit came out: one paragraph each, Markdown. Costs time; asked once. */
  readonly notes?: () => readonly string[];
}

/** How one title's model is fitted and scored; the framework does the splitting, the scoring and the writing. */
export interface TitleModelling<Row extends GameRow = GameRow> {
  readonly title: ModelTitle;
  /** What `at` of the samples counts. */
  readonly unit: "minute" | "round";
  /** Moments that are reported, each in a bucket of its own; samples elsewhere count in `overall` only. */
  readonly buckets: readonly number[];
  /** The model that the SDK ships, with the rivals of the same fit. */
  readonly shipped: { readonly model: ProbabilityModel; readonly rivals: unknown };
  /** Where `fit` writes what it found, from the repository's root; `undefined` for a model that is not fitted. */
  readonly output: FitOutput | undefined;
  /**
   * Reads a folder of the title's data.
   * @param reading told of lines that give no game
   * @throws {@link MatchpointError} `FILE_NOT_FOUND` or `RECORDING_INVALID` naming the file
   */
  load(folder: string, reading: Reading): Promise<readonly Row[]>;
  /** What the rows are, for the card. */
  describe(rows: readonly Row[]): ModelData;
  /** Fits on all of these rows. Deterministic: equal rows in any order give equal numbers. */
  fit(rows: readonly Row[]): Fit;
  /**
   * Asks a model at every moment of the rows that counts, through the same path as at run time: `model.p` of a truth
   * state. Rivals come from `rivals`, as {@link Fit.rivals} gave them.
   */
  samples(rows: readonly Row[], model: ProbabilityModel, rivals: unknown): readonly Sample[];
  /** Rows to fit on and rows to test on; without it the last fifth of the matches by time is the test. */
  split?(rows: readonly Row[]): { readonly earlier: readonly Row[]; readonly later: readonly Row[] };
  /** What stands on the card beside the figures, as Markdown. */
  readonly prose: CardProse;
}

/** Where a fit is written. */
export interface FitOutput {
  /** The SDK's file, and what it exports: a `FittedModel` of the coefficients' type. */
  readonly coefficients: FittedFile;
  /** The rivals' file, and what it exports. */
  readonly rivals: FittedFile;
}

/** A TypeScript file that holds one constant. */
export interface FittedFile {
  readonly file: string;
  readonly constant: string;
  /** Where the file imports its types from, and the type of the coefficients or rivals. */
  readonly type: string;
  readonly from: string;
}

/** The words of a card. */
export interface CardProse {
  readonly heading: string;
  /** What the model is, its formula and its inputs. */
  readonly model: string;
  /** Where the data comes from. */
  readonly source: string;
  readonly limits: readonly string[];
}
