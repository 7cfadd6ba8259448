import type { TeamDescription } from "../../events/index.ts";

/** Combining marks that NFKD splits off: `é` becomes `e`. */
const MARKS = /\p{M}+/gu;
const SEPARATORS = /[^\p{L}\p{N}]+/gu;

/**
 * A name for comparison: case, accents, punctuation and spacing do not count; every letter and digit does. Words such as
 * "Team" or "Academy" stay: an academy side is another team.
 */
export function normaliseName(name: string): string {
  return name.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(SEPARATORS, " ").trim();
}

/**
 * Whether a name is one of a team's, as {@link normaliseName} compares them.
 *
 * @example
 * ```ts
 * import { namesTeam } from "@matchpoint/sdk";
 * namesTeam("gen g", { name: "Gen.G", aliases: ["GEN"] }); // true
 * ```
 */
export function namesTeam(name: string, team: TeamDescription): boolean {
  const wanted = normaliseName(name);
  if (wanted === "") return false;
  return [team.name, ...(team.aliases ?? [])].some((known) => normaliseName(known) === wanted);
}

/** Words by which a club tells its other sides, or what became of an old one, from the team that bears its plain name. */
const SIDE_WORDS: ReadonlySet<string> = new Set(
  (
    "academy acad aca junior juniors jr youth young rookies nxt next challenger challengers prodigy reserve reserves " +
    "female females women womens woman ladies girls fe gc ex"
  ).split(" "),
);

/**
 * The words of a name that mark another side of a club ("Academy", "NXT", "GC", "ex-"), in order, as one text; empty for a
 * main side. Two names whose marks differ are never names of one team.
 */
export function sideOf(name: string): string {
  const words = normaliseName(name).replace("game changers", "gc").split(" ");
  return words.filter((word) => SIDE_WORDS.has(word)).join(" ");
}

const UNDECIDED =
  /^(?:tb[dac]|to be (?:determined|decided|announced|confirmed)|unknown|team (?:\d|a|b|tbd)|(?:winner|loser)s? (?:of\b.*|\d+|[a-h]))$/;

/** Whether a name stands for a team that is not known yet ("TBD", "Winner of …"). */
export function isUndecided(name: string): boolean {
  const normal = normaliseName(name);
  return normal === "" || UNDECIDED.test(normal);
}
