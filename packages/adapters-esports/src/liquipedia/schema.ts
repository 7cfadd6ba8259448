import { z } from "zod";
import { plain, type KnownFields } from "../common/fields.ts";

/*
 * The specification of what the Liquipedia decoder relies on, and of nothing else; it is also what checks answers. LPDB
 * writes numbers as text or as numbers, and an empty table as an empty list.
 */

/** Text, a number or nothing, as trimmed text; nothing is "". */
const word = z
  .union([z.string().max(10_000), z.number(), z.boolean()])
  .nullish()
  .transform((value) => String(value ?? "").trim());

/** A whole number from -1, however it is written; `undefined` for anything else. */
const number = word.transform((value) => (/^-?\d{1,6}$/.test(value) ? Number(value) : undefined));

/** A table of fields; an empty one comes as a list. */
const table = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .nullish()
  .transform((value): Readonly<Record<string, unknown>> =>
    value === null || value === undefined || Array.isArray(value) ? {} : value,
  );

/** A list; an empty one may come as an empty table or not at all. */
function list<T extends z.ZodType>(schema: T) {
  return z
    .union([z.array(schema).max(64), z.record(z.string(), z.never())])
    .nullish()
    .transform((value): z.output<T>[] => (Array.isArray(value) ? value : []));
}

const opponent = z.object({ name: word, template: word, score: number, status: word });

const game = z.object({
  winner: word,
  status: word,
  resulttype: word,
  walkover: word,
  scores: list(number),
});

/** One record of the `match` table. */
export const LIQUIPEDIA_MATCH = z.object({
  match2id: z.string().min(1),
  date: word,
  dateexact: word,
  finished: word,
  winner: word,
  resulttype: word,
  walkover: word,
  status: word,
  bestof: number,
  extradata: table,
  match2opponents: list(opponent),
  match2games: list(game),
});

/** An answer of LPDB. Its records are checked one by one. */
export const LIQUIPEDIA_ANSWER = z.object({
  result: z.array(z.unknown()).max(2_000).nullish(),
  error: z.unknown().optional(),
  warning: z.unknown().optional(),
});

export type LiquipediaMatch = z.output<typeof LIQUIPEDIA_MATCH>;
export type LiquipediaGame = LiquipediaMatch["match2games"][number];

/** The fields that are asked for. */
export const ASKED_FIELDS = [
  ...(["match2id", "date", "dateexact", "finished", "winner", "resulttype", "walkover", "status"] as const),
  ...(["bestof", "extradata", "match2opponents", "match2games"] as const),
];

/** Fields that are documented, asked for or not: any other is counted as drift. */
export const LIQUIPEDIA_FIELDS = {
  ...plain(...ASKED_FIELDS),
  ...plain("game", "icon", "icondark", "links", "liquipediatier", "liquipediatiertype", "match2bracketdata"),
  ...plain("match2bracketid", "mode", "parent", "patch", "publishertier", "series", "stream", "tickername"),
  ...plain(
    "shortname",
    "tournament",
    "type",
    "vod",
    "section",
    "pageid",
    "pagename",
    "namespace",
    "objectname",
  ),
  wiki: true,
  match2opponents: {
    ...plain("id", "name", "template", "icon", "icondark", "type", "score", "status", "placement"),
    ...plain("extradata", "match2players", "teamtemplate"),
  },
  match2games: {
    ...plain(
      "map",
      "subgroup",
      "scores",
      "opponents",
      "winner",
      "status",
      "resulttype",
      "walkover",
      "length",
    ),
    ...plain("date", "vod", "extradata", "participants", "game", "mode", "patch", "rounds", "type"),
  },
} as const satisfies KnownFields;
