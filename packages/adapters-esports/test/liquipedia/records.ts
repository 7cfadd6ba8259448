import type { MatchDescription } from "@matchpoint/sdk";

/* Records of LPDB's match table, typed from the documented shapes. */

export const RECORD = "AbCdEfGhIj_R01-M001";

export const SERIES: MatchDescription = {
  matchId: "cs2-wolves-otters" as MatchDescription["matchId"],
  title: "cs2",
  teams: [{ name: "Wolves" }, { name: "Sea Otters" }],
  bestOf: 3,
  refs: { liquipedia: { match: RECORD, teams: ["Wolves", "Sea Otters"] } },
};

type Score = readonly [number | string, string];

/** Opponents in Liquipedia's own order: the Otters first. */
export const opponents = (wolves: Score, otters: Score): readonly object[] => [
  {
    id: 1,
    type: "team",
    name: "Sea_Otters",
    template: "otters",
    score: otters[0],
    status: otters[1],
    placement: 2,
    extradata: [],
    match2players: [],
  },
  {
    id: 2,
    type: "team",
    name: "Wolves",
    template: "wolves",
    score: String(wolves[0]),
    status: wolves[1],
    placement: 1,
    extradata: { advantage: 0 },
    match2players: [],
  },
];

/** A map; `winner` as Liquipedia counts opponents: "1" the Otters, "2" the Wolves. */
export const map = (winner: string, scores: readonly number[], more: object = {}): object => ({
  map: "Inferno",
  scores,
  winner,
  status: "",
  resulttype: "",
  walkover: "",
  extradata: [],
  participants: [],
  ...more,
});

export const unused = map("", [], { status: "notplayed", resulttype: "np" });

export const record = (more: object = {}): object => ({
  match2id: RECORD,
  date: "2026-05-01 10:00:00",
  dateexact: 1,
  finished: 0,
  winner: "",
  resulttype: "",
  walkover: "",
  status: null,
  bestof: "3",
  extradata: [],
  match2opponents: opponents([0, "S"], [0, "S"]),
  match2games: [],
  ...more,
});

export const answer = (...records: readonly object[]): object => ({ result: records });

/** The Wolves win 2-0. */
export const won = record({
  finished: 1,
  winner: "2",
  match2opponents: opponents([2, "S"], [0, "S"]),
  match2games: [map("2", [7, 13]), map("2", [11, 13]), unused],
});

/** The Wolves lead 1-0. */
export const leading = record({
  match2opponents: opponents([1, "S"], [0, "S"]),
  match2games: [map("2", [7, 13])],
});

/** The Otters give up after a map. */
export const givenUp = record({
  finished: "1",
  winner: "2",
  resulttype: "default",
  walkover: "ff",
  match2opponents: opponents([-1, "W"], [-1, "FF"]),
  match2games: [map("1", [13, 7])],
});
