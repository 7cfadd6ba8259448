import { NANOS_PER_MS, type Nanos } from "../units/index.ts";
import { isDenied } from "./denial.ts";
import { winsNeeded } from "./models/series.ts";
import { played, type MatchRecord, type SourceRecord, type StatedScore } from "./records.ts";
import { blank, isTeam, play, takeBackGame, type Recorded, type Retraction } from "./takeBack.ts";

type Maps = readonly [number, number];

/** Where a score lies, seen from another one: the same, earlier, later, or `apart`, which no order of play explains. */
function lies([a, b]: Maps, from: Maps): "same" | "earlier" | "later" | "apart" {
  const first = a - from[0];
  const second = b - from[1];
  if (first === 0 && second === 0) return "same";
  if (first * second < 0) return "apart";
  return first + second < 0 ? "earlier" : "later";
}

/** The source counts fewer games than it did: what it no longer counts is taken back. */
function fallTo(match: MatchRecord, source: SourceRecord, to: number, on: Retraction, out: Recorded): void {
  for (let game = played(source.scores.at(-1)); game > to; game--) takeBackGame(match, source, game, on, out);
}

/** A falling score may be an old one that comes late: it is followed only where others, or what comes next, bear it out. */
function fall(match: MatchRecord, source: SourceRecord, now: StatedScore, out: Recorded): void {
  out.violation = "the series score fell without a retraction; it is taken as an earlier one";
  for (let game = played(source.scores.at(-1)); game > played(now); game--) {
    if (isDenied(match, source, game)) takeBackGame(match, source, game, "rollback", out);
  }
  if (played(source.scores.at(-1)) <= played(now)) source.fell = null;
  // Said again, it has stood since the first time.
  else if (source.fell === null || lies(now.maps, source.fell.maps) !== "same") source.fell = now;
}

/** What comes late is followed by what came first within this time; a fall that stands for longer is none of those. */
const FALL_STANDS_MS = 10_000;

/**
 * A source whose score has counted one game less for a while no longer says who won it. It denies nothing that others say:
 * feeds also reset their scores, most of all when all is over.
 */
function withdraw(match: MatchRecord, source: SourceRecord, at: Nanos, out: Recorded): void {
  const { fell } = source;
  if (fell === null || at - (fell.at ?? at) < FALL_STANDS_MS * NANOS_PER_MS) return;
  const game = played(source.scores.at(-1));
  const end = source.ends[game] ?? null;
  if (game !== played(fell) + 1 || end !== null || match.subjects[0]!.verdict.status === "final") return;
  const series = source.ends[0]?.says;
  takeBackGame(match, source, game, "rollback", out);
  source.ends[game] = null;
  if (isTeam(series)) source.ends[0] = null;
}

/** What sources no longer say because their score has fallen and stayed there; `undefined`: nothing. */
export function withdrawn(match: MatchRecord, at: Nanos): Recorded | undefined {
  const out = blank();
  for (const source of match.sources) withdraw(match, source, at, out);
  return out.takenBack.length > 0 ? out : undefined;
}

/** Takes a score of the series. */
export function takeScore(match: MatchRecord, source: SourceRecord, maps: Maps, out: Recorded): void {
  const { bestOf } = match.match;
  const needed = winsNeeded(bestOf);
  // The pair comes from a feed: its type is a claim.
  const stated: readonly number[] = Array.isArray(maps) ? maps : [];
  const counted = stated.length === 2 && stated.every((each) => Number.isInteger(each) && each >= 0);
  if (!counted || maps[0] > needed || maps[1] > needed || maps[0] + maps[1] > bestOf) {
    out.violation = "a series score that the format does not allow";
    return;
  }
  const last = source.scores.at(-1);
  if (last !== undefined && lies(maps, last.maps) === "same") {
    source.fell = null;
    out.duplicate = true;
    return;
  }
  const { fell } = source;
  if (source.scores.some((known) => lies(maps, known.maps) === "apart")) {
    out.violation = "a series score that does not follow from the ones before; it is not taken";
    // Unless it follows from one that had fallen: then the source has corrected itself.
    if (fell === null || lies(maps, fell.maps) !== "later") return;
    out.violation = undefined;
    fallTo(match, source, played(fell), "correction", out);
    if (source.scores.some((known) => lies(maps, known.maps) === "apart")) {
      out.violation = "a series score that does not follow from the ones before; it is not taken";
      return;
    }
  }
  const now: StatedScore = { maps: [maps[0], maps[1]], order: match.order + 1, at: source.spokeAt };
  if (source.scores.some((known) => lies(maps, known.maps) === "earlier")) fall(match, source, now, out);
  else source.fell = null;
  match.order += 1;
  if (!source.scores.some((known) => lies(maps, known.maps) === "same")) {
    source.scores.push({ ...now, order: match.order });
    source.scores.sort((a, b) => played(a) - played(b));
  }
  out.judge = true;
  if (maps[0] + maps[1] > 0) play(source, 0, "begun", out);
}
