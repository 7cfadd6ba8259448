import {
  dota2Model,
  mapAdvantageModel,
  MatchpointError,
  TRUTH_DEFAULTS,
  type ModelData,
  type ProbabilityModel,
} from "@matchpoint/sdk";
import { inOrder } from "../split.ts";
import type { Fit, Sample, TitleModelling } from "../titles.ts";
import { ToldGame } from "../toldGame.ts";
import { readDota2Games, type Dota2Row } from "./rows.ts";

const BUCKETS = [10, 15, 20, 25, 30, 35];

/** Scores the Dota 2 model. There is too little to fit it on. */
export const dota2Modelling: TitleModelling<Dota2Row> = {
  title: "dota2",
  unit: "minute",
  buckets: BUCKETS,
  shipped: { model: dota2Model, rivals: {} },
  output: undefined,
  prose: { heading: "Dota 2", model: "", source: "", limits: [] },
  load: (folder, reading) => Promise.resolve(readDota2Games(folder, reading)),
  describe(rows): ModelData {
    const sorted = inOrder(rows);
    return {
      name: "games with gold per minute",
      games: rows.length,
      matches: new Set(rows.map(({ match }) => match)).size,
      from: sorted[0]?.playedAt.slice(0, 10) ?? "",
      to: sorted.at(-1)?.playedAt.slice(0, 10) ?? "",
    };
  },
  fit(): Fit {
    throw new MatchpointError("USAGE", "the dota2 model is not fitted");
  },
  samples: (rows, model) => inOrder(rows).flatMap((row) => samplesOf(row, model)),
};

function samplesOf(row: Dota2Row, model: ProbabilityModel): Sample[] {
  const told = new ToldGame({ title: "dota2", teams: [{ name: "radiant" }, { name: "dire" }] });
  return BUCKETS.filter((minute) => minute < row.gold.length).map((minute) => {
    const state = told.progress({ clockMs: minute * 60_000, gold: row.gold[minute]!, firstSide: 0 });
    return {
      at: minute,
      game: row.game,
      match: row.match,
      p: model.p(state, TRUTH_DEFAULTS).p,
      won: row.radiantWon,
      rivals: { "who is in front, at .70": mapAdvantageModel.p(state, TRUTH_DEFAULTS).p },
    };
  });
}
