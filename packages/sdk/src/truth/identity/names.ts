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

/** Whether a name is one of a team's. */
export function namesTeam(name: string, team: TeamDescription): boolean {
  const wanted = normaliseName(name);
  if (wanted === "") return false;
  return [team.name, ...(team.aliases ?? [])].some((known) => normaliseName(known) === wanted);
}
