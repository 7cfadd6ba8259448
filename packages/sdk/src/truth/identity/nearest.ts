import { normaliseName } from "./names.ts";

/** Beyond this nobody would think of the other name; also a bound on the work that a hostile name can cause. */
const LONGEST = 64;

/** Words that so many clubs have that they say nothing of likeness. */
const COMMON = / ?\b(?:team|esports?|e sports|gaming|clan|club)\b ?/g;

function core(name: string): string {
  const normal = normaliseName(name).slice(0, LONGEST);
  return normal.replace(COMMON, " ").trim() || normal;
}

/** How many letters have to be put in, taken out or changed to make one text of the other. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, before[j]! + 1, row[j - 1]! + 1));
    }
    before = row;
  }
  return before[b.length]!;
}

/** 0 for the same words, 1 for nothing in common. */
function unlikeness(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (` ${long} `.includes(` ${short} `)) return 0.1;
  if (a.replaceAll(" ", "") === b.replaceAll(" ", "")) return 0.05;
  return editDistance(a, b) / Math.max(a.length, b.length, 1);
}

/**
 * The known name that is most like an unknown one, for people to look at: never used to join anything.
 *
 * @returns `undefined` when nothing is at all like it
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = core(name);
  let best: string | undefined;
  let least = 0.4;
  for (const each of known) {
    const other = core(each);
    // So different in length that no letters could make up for it.
    const longer = Math.max(wanted.length, other.length);
    if (
      !other.includes(wanted) &&
      !wanted.includes(other) &&
      Math.abs(wanted.length - other.length) >= least * longer
    )
      continue;
    const unlike = unlikeness(wanted, other);
    if (unlike < least) [best, least] = [each, unlike];
  }
  return best;
}
