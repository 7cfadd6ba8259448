import type { Title } from "@matchpoint/sdk";
import { ASKED_FIELDS } from "./schema.ts";

/** The wiki of each title. */
const WIKIS: Readonly<Partial<Record<Title, string>>> = {
  lol: "leagueoflegends",
  cs2: "counterstrike",
  dota2: "dota2",
  valorant: "valorant",
};

/** What a `match2id` consists of: anything else would change the meaning of a condition. */
const MATCH2ID = /^[A-Za-z0-9_.-]{1,120}$/;

/** Ids in one question: more make the address too long. */
export const MAX_IDS = 40;

/** The wiki that has a title's matches; `undefined` when there is none. */
export function wikiOf(title: Title): string | undefined {
  return WIKIS[title];
}

/** Whether a text can be a `match2id`. */
export function isMatch2id(text: string): boolean {
  return MATCH2ID.test(text);
}

/** The path and query that ask for some matches of one wiki. */
export function matchQuery(wiki: string, ids: readonly string[]): string {
  const query = new URLSearchParams({
    wiki,
    conditions: ids.map((id) => `[[match2id::${id}]]`).join(" OR "),
    query: ASKED_FIELDS.join(","),
    limit: String(Math.max(20, ids.length)),
  });
  return `/api/v3/match?${query.toString()}`;
}
