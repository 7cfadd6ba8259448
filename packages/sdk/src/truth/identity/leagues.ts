import { normaliseName } from "./names.ts";

/** Words that many leagues have, or that only say which part of one a match belongs to. */
const COMMON: ReadonlySet<string> = new Set(
  (
    "the of and a in at league cup series season split stage group groups playoffs playoff play qualifier qualifiers " +
    "qualification open closed main event regular spring summer autumn fall winter championship championships tournament " +
    "masters pro challenger finals final online lan esports gaming tier division week round upper lower bracket " +
    "europe european eu north south america american na sa eastern western east west asia asian cis global world " +
    "i ii iii iv v vi vii viii ix x"
  ).split(" "),
);

function telling(name: string): ReadonlySet<string> {
  return new Set(
    normaliseName(name)
      .split(" ")
      .filter((word) => word !== "" && !COMMON.has(word) && !/^\d+(?:st|nd|rd|th)?$/.test(word)),
  );
}

/**
 * Whether two names may be of one league: sources write `BLAST Open Rotterdam` and `BLAST Open Spring 2026`, so one telling word in
 * common agrees and none differs. `undefined` when a name has no telling word at all.
 */
export function leaguesAgree(one: string, other: string): boolean | undefined {
  if (normaliseName(one) === normaliseName(other)) return true;
  const [a, b] = [telling(one), telling(other)];
  if (a.size === 0 || b.size === 0) return undefined;
  return [...a].some((word) => b.has(word));
}
