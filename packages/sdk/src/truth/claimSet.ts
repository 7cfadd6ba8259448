import type { Team } from "../events/index.ts";
import type { Nanos } from "../units/index.ts";
import { accuracyOf, type TruthConfig } from "./config.ts";
import type { ClaimSet, Outcome3, Statement } from "./claims.ts";
import { denialOf } from "./denial.ts";
import { winsNeeded } from "./models/series.ts";
import {
  counts,
  isDecided,
  isOpen,
  played,
  type MatchRecord,
  type SourceRecord,
  type StatedEnd,
} from "./records.ts";
import { isMatchPoint, scoreVerdict, TITLE_RULES } from "./titleRules.ts";

/** What a source's words come to for one subject. */
export interface Meaning {
  readonly end: StatedEnd;
  /** Whether it is a result statement, rather than read from a score. */
  readonly stated: boolean;
}

function read(record: SourceRecord, end: Outcome3, order: number): Meaning {
  const { tier, upstream } = record;
  return { end: { says: end, forfeit: false, tier, upstream, order }, stated: false };
}

/** The place of what a score shows: not after a denial that its source has not heard of. */
function orderOf(
  match: MatchRecord,
  record: SourceRecord,
  game: number,
  winner: Team,
  { order, at }: { readonly order: number; readonly at?: Nanos },
): number {
  const denial = at === undefined ? undefined : denialOf(match, record, game, winner, at);
  return denial === undefined || denial > order ? order : denial;
}

/** Who won a game by a source's explicit word. */
function winnerSaid(record: SourceRecord, game: number): Team | undefined {
  const end = record.ends[game]?.says;
  return end === 0 || end === 1 ? end : undefined;
}

/**
 * Who won a game by a source's scores of the series, where they leave one answer: between the last score without the game
 * and the first that counts it, what the source's results of other games do not explain must be this game's.
 */
function byScore(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const upper = record.scores.find((score) => played(score) >= game);
  if (upper === undefined) return undefined;
  const lower = record.scores.findLast((score) => played(score) < game);
  const left: [number, number] = [
    upper.maps[0] - (lower?.maps[0] ?? 0),
    upper.maps[1] - (lower?.maps[1] ?? 0),
  ];
  for (let other = played(lower) + 1; other <= played(upper); other++) {
    const winner = other === game ? undefined : winnerSaid(record, other);
    if (winner !== undefined) left[winner] -= 1;
  }
  if (left[0] < 0 || left[1] < 0 || left[0] > 0 === left[1] > 0) return undefined;
  const winner = left[0] > 0 ? 0 : 1;
  return read(record, winner, orderOf(match, record, game, winner, upper));
}

/** A source's series win says who won the deciding game, once it shows the others as even. In a best of one it always does. */
function byDecider(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const series = record.ends[0];
  if (series === null || series === undefined || series.forfeit) return undefined;
  if (series.says === "open" || series.says === "void" || game !== match.match.bestOf) return undefined;
  let lead = 0;
  for (let other = 1; other < game; other++) {
    const winner = winnerSaid(record, other) ?? byScore(match, record, other)?.end.says;
    if (winner !== 0 && winner !== 1) return undefined;
    lead += winner === 0 ? 1 : -1;
  }
  return lead === 0 ? { end: series, stated: true } : undefined;
}

/**
 * Whether a source's word on the deciding game only follows from its result of the series, and one of the games that it was made from is
 * held to have been won by the other team: then nothing follows.
 */
export function isOverruled(match: MatchRecord, record: SourceRecord, game: number): boolean {
  if (winnerSaid(record, game) !== undefined || byDecider(match, record, game) === undefined) return false;
  return match.subjects.some(({ game: other, verdict }) => {
    if (other === 0 || other >= game || !isDecided(verdict)) return false;
    return verdict.winner !== (winnerSaid(record, other) ?? byScore(match, record, other)?.end.says);
  });
}

/** A score of rounds that ends the game says who won it. */
function byRounds(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const { rounds } = TITLE_RULES[match.match.title];
  const said = record.progress[game];
  if (rounds === undefined || said?.value.score === undefined) return undefined;
  const verdict = scoreVerdict(rounds, said.value.score);
  return verdict.kind === "won"
    ? read(record, verdict.winner, orderOf(match, record, game, verdict.winner, said))
    : undefined;
}

/**
 * How a source's own score stands to the result that it states: it bears it out when it is the score of that result or one
 * point short of it, since scores may come a moment later; it is `short` of it when more is missing, and `denied` when it
 * shows another end. A forfeit needs no score; a series may be won ahead of the score of its maps.
 */
export function bearing(
  match: MatchRecord,
  record: SourceRecord,
  game: number,
): "borne" | "short" | "denied" {
  const end = record.ends[game];
  if (end === null || end === undefined || end.forfeit) return "borne";
  const winner = end.says;
  if (winner !== 0 && winner !== 1) return "borne";
  return game === 0 ? bearingOfMaps(match, record, winner) : bearingOfRounds(match, record, game, winner);
}

function bearingOfRounds(
  match: MatchRecord,
  record: SourceRecord,
  game: number,
  winner: Team,
): ReturnType<typeof bearing> {
  const { rounds } = TITLE_RULES[match.match.title];
  const score = record.progress[game]?.value.score;
  if (rounds === undefined || score === undefined) return "borne";
  const verdict = scoreVerdict(rounds, score);
  if (verdict.kind === "won") return verdict.winner === winner ? "borne" : "denied";
  return isMatchPoint(rounds, score, winner) ? "borne" : "short";
}

function bearingOfMaps(match: MatchRecord, record: SourceRecord, winner: Team): ReturnType<typeof bearing> {
  const last = record.scores.at(-1);
  const needed = winsNeeded(match.match.bestOf);
  if (last !== undefined && last.maps[winner] < needed) {
    const over = last.maps[winner === 0 ? 1 : 0] >= needed || played(last) >= match.match.bestOf;
    if (over) return "denied";
  }
  // What it rests on is borne out no better.
  const rests = record.ends.some(
    (end, game) => game > 0 && end?.says === winner && bearing(match, record, game) === "short",
  );
  return rests ? "short" : "borne";
}

/** Whether a source that decides contradicts itself about a game: its score names another winner than its result. */
export function deniesItself(match: MatchRecord, game: number): boolean {
  return match.sources.some(
    (record) => counts(record) && record.tier !== "C" && bearing(match, record, game) === "denied",
  );
}

/** A score that reaches the majority says who won the series; one of all games without a majority, that nobody has. */
function seriesByScore(match: MatchRecord, record: SourceRecord): Meaning | undefined {
  const last = record.scores.at(-1);
  if (last === undefined) return undefined;
  const needed = winsNeeded(match.match.bestOf);
  const team = ([0, 1] as const).find((each: Team) => last.maps[each] >= needed);
  if (team !== undefined) return read(record, team, last.order);
  return played(last) >= match.match.bestOf ? read(record, "void", last.order) : undefined;
}

/** The games that a source has stated decide the series too: so it says again what it had taken back with one of them. */
function seriesByGames(match: MatchRecord, record: SourceRecord): Meaning | undefined {
  const needed = winsNeeded(match.match.bestOf);
  for (const team of [0, 1] as const) {
    const won = record.ends.filter((end, game) => game > 0 && end?.says === team);
    if (won.length >= needed) return read(record, team, Math.max(...won.map((end) => end!.order)));
  }
  return undefined;
}

/**
 * What a source says, or shows by its other words, of a subject's end (0 is the series). Rests on that source's record
 * alone: what others hold true of one game never turns a source's word about another.
 */
export function meaning(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  const end = record.ends[game];
  if (end !== null && end !== undefined && end.says !== "open") {
    const borne = bearing(match, record, game);
    return borne === "denied" ? undefined : { end, stated: borne === "borne" };
  }
  const shown =
    game === 0
      ? (seriesByScore(match, record) ?? (end?.says === "open" ? seriesByGames(match, record) : undefined))
      : (byDecider(match, record, game) ?? byRounds(match, record, game) ?? byScore(match, record, game));
  // A source that took a result back may show the next one by its score.
  if (end === null || end === undefined || (shown !== undefined && shown.end.order > end.order)) return shown;
  return { end, stated: true };
}

/** Whether a source of tier A or B says that a game has ended, whoever won it. */
function isOver(match: MatchRecord, game: number): boolean {
  return match.sources.some((record) => {
    if (!counts(record) || record.tier === "C") return false;
    if (played(record.scores.at(-1)) >= game) return true;
    const end = meaning(match, record, game)?.end.says;
    return end !== undefined && end !== "open";
  });
}

/**
 * Whether a game can have ended by the order of play: a source says of every game before it that it is over. Until then
 * results of it wait without a vote; once it is decided, doubts about earlier games do not undo it.
 */
export function inOrder(match: MatchRecord, game: number): boolean {
  const own = match.subjects[game]!.verdict;
  if (!isOpen(own) && own.status !== "void") return true;
  for (let earlier = 1; earlier < game; earlier++) if (!isOver(match, earlier)) return false;
  return true;
}

function statement(
  record: SourceRecord,
  game: number,
  { end, stated }: Meaning,
  config: TruthConfig,
): Statement {
  return {
    source: record.source,
    tier: end.tier,
    upstream: end.upstream,
    accuracy:
      record.learned?.[game === 0 ? "series" : "games"] ?? accuracyOf(config, record.source, end.tier),
    says: end.says,
    forfeit: end.forfeit,
    stated,
    ...(end.again === true ? { again: true } : {}),
    order: end.order,
  };
}

/**
 * Whether a source's result of the series rests, by its own word, on games that are contested or held to have been won by the
 * other team. The games are where that is judged: until then the result that builds on them has no vote. What does not rest
 * on maps is never refuted by them.
 */
function isRefuted(match: MatchRecord, record: SourceRecord, { says, forfeit }: StatedEnd): boolean {
  if (forfeit || (says !== 0 && says !== 1)) return false;
  const needed = winsNeeded(match.match.bestOf);
  let own = 0;
  let standing = 0;
  for (const { game, verdict, graceDue } of match.subjects) {
    if (game === 0 || meaning(match, record, game)?.end.says !== says) continue;
    own += 1;
    const contested = graceDue !== null || verdict.status === "disputed";
    if (!contested && (!isDecided(verdict) || verdict.winner === says)) standing += 1;
  }
  return own >= needed && standing < needed;
}

/** Whether a source that decides says that the series ended otherwise than by its maps: their score does not speak against it. */
function isGivenAway(match: MatchRecord, winner: StatedEnd["says"]): boolean {
  return match.sources.some((record) => {
    const end = record.ends[0];
    if (!counts(record) || record.tier === "C" || end === null || end === undefined) return false;
    return end.forfeit && end.says !== "open" && end.says !== winner;
  });
}

/** What a source says of the series, as far as it counts. */
function seriesMeaning(match: MatchRecord, record: SourceRecord): Meaning | undefined {
  const found = meaning(match, record, 0);
  if (found === undefined || isRefuted(match, record, found.end)) return undefined;
  const read = record.ends[0] !== found.end;
  return read && isGivenAway(match, found.end.says) ? undefined : found;
}

/** What a source says of a game, as far as it counts. */
function gameMeaning(match: MatchRecord, record: SourceRecord, game: number): Meaning | undefined {
  return isOverruled(match, record, game) ? undefined : meaning(match, record, game);
}

/** Everything that counts about a subject's end (0 is the series). */
export function claimSet(match: MatchRecord, game: number, config: TruthConfig): ClaimSet {
  const { matchId } = match.match;
  const { verdict } = match.subjects[game]!;
  const about = game === 0 ? { matchId } : { matchId, game };
  if (verdict.status === "not_played") return { ...about, statements: [] };
  const statements: Statement[] = [];
  const voids: Statement[] = [];
  for (const record of match.sources) {
    if (!counts(record)) continue;
    const found = game === 0 ? seriesMeaning(match, record) : gameMeaning(match, record, game);
    const series = record.ends[0];
    if (found !== undefined) statements.push(statement(record, game, found, config));
    else if (game > 0 && series?.says === "void")
      voids.push(statement(record, game, { end: series, stated: true }, config));
  }
  const ended = statements.some((each) => each.says !== "open");
  const counted = game === 0 || inOrder(match, game) ? statements : [];
  // A cancelled match takes the games with it that nobody says were played to an end.
  return { ...about, statements: ended || isDecided(verdict) ? counted : [...counted, ...voids] };
}

/** Whether a source that does not count at present had said how the subject ended. */
export function hasFrozen(match: MatchRecord, game: number): boolean {
  return match.sources.some((record) => {
    const end = record.ends[game];
    return !counts(record) && end !== null && end !== undefined && end.says !== "open";
  });
}
