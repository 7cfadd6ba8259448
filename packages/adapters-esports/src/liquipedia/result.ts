import type { Millis, Team } from "@matchpoint/sdk";
import type { GameView, SeriesView } from "../common/view.ts";
import type { LiquipediaGame, LiquipediaMatch } from "./schema.ts";

/** What a record says of a match's result. `unclear` says why it proves nothing. */
export interface LiquipediaReading {
  readonly view: SeriesView;
  /** There is a result: won, drawn, given or cancelled. */
  readonly settled: boolean;
  readonly unclear: string | undefined;
}

type Opponent = LiquipediaMatch["match2opponents"][number];
type Ending = Pick<SeriesView, "ended" | "winner" | "forfeit" | "cancelled">;

/** Words that editors put for a match that is not played. */
const NOT_PLAYED = new Set(["np", "notplayed", "skip", "canceled", "cancelled"]);
/** Results that are given: default win or loss, forfeit, disqualification. */
const GIVEN = new Set(["default", "ff", "dq", "l", "w"]);
/** After so long the page calls a match finished although nobody has entered anything. */
const EXACT_TIMEOUT_MS = 30_800_000;
const DAY_TIMEOUT_MS = 86_400_000;

const OPEN: Ending = { ended: false, winner: undefined, forfeit: false, cancelled: undefined };

/**
 * Reads the result of a record, as Liquipedia's own modules write it. `finished` alone proves nothing: it is also set when
 * time has passed and nobody has entered a result. Neither does `notplayed` then, because no scores come to the same.
 *
 * @param order which of the match's teams each opponent is
 * @param before whether the match was explicitly not played when it was read before
 */
export function readResult(
  match: LiquipediaMatch,
  order: readonly [Team, Team],
  bestOf: number,
  at: Millis,
  before: boolean,
): LiquipediaReading & { readonly notPlayed: boolean } {
  const games = readGames(match.match2games, order);
  const played = [...games.values()].some((game) => game.winner !== undefined && !game.forfeit);
  const notPlayed = isNotPlayed(match);
  const explicit = notPlayed && (before || isExplicit(match, at));
  const maps = mapsOf(match, order);
  const found = notPlayed
    ? explicit
      ? { ...OPEN, cancelled: "cancelled" as const }
      : "not played, which may only mean that nobody has entered anything"
    : ending(match, order, bestOf, maps, played);
  const unclear = typeof found === "string" ? found : undefined;
  const end = typeof found === "string" ? OPEN : found;
  const settled = end.ended || end.winner !== undefined || end.cancelled !== undefined;
  // An unproven score is not said either: one that reaches the majority would count for a result.
  const needed = Math.floor(Math.max(bestOf, match.bestof ?? 0) / 2) + 1;
  const proven = end.winner !== undefined || maps === undefined || Math.max(...maps) < needed;
  const shown = end.cancelled === undefined && unclear === undefined && proven;
  const view: SeriesView = {
    valid: true,
    started: false, // confirmation comes after the fact: it tells no start
    ...end,
    maps: shown ? maps : undefined,
    games: end.cancelled === undefined ? games : new Map(),
  };
  return { view, settled, unclear, notPlayed: explicit };
}

/** How the series ended, or why the record does not prove it. */
function ending(
  match: LiquipediaMatch,
  order: readonly [Team, Team],
  bestOf: number,
  maps: readonly [number, number] | undefined,
  played: boolean,
): Ending | string {
  const { winner, resulttype, walkover } = match;
  const finished = match.finished === "1" || match.finished === "true";
  if (!finished) return winner === "" ? OPEN : "a winner of a match that is not finished";
  if (isTrue(match.extradata["overturned"])) return "the result was overturned";
  if (isGiven(resulttype, walkover)) {
    const to = teamOf(winner, order);
    if (winner === "-1") return { ...OPEN, ended: true, forfeit: true };
    if (to === undefined) return "given to nobody";
    // Without a game the match never began: that is another case in every market's rules.
    return played ? { ...OPEN, ended: true, winner: to, forfeit: true } : { ...OPEN, cancelled: "walkover" };
  }
  if (winner === "0" || resulttype === "draw") {
    if (winner !== "0" || resulttype !== "draw") return "half a draw";
    return maps !== undefined && maps[0] !== maps[1] ? "a draw with a lead" : { ...OPEN, ended: true };
  }
  const won = teamOf(winner, order);
  if (won === undefined) return "finished without a winner";
  if (resulttype !== "") return `a result of the unknown type ${resulttype.slice(0, 40)}`;
  const length = Math.max(bestOf, match.bestof ?? 0);
  if (maps === undefined) return "a winner without a score";
  if (maps[won] < Math.floor(length / 2) + 1 || maps[won] <= maps[1 - won]!) {
    return `a winner at ${maps.join("-")} in a best of ${length}`;
  }
  return { ...OPEN, ended: true, winner: won };
}

/** Whose side the opponents are, by their names; which of them, if any, is not a team of the match. */
export function orderOf(
  opponents: readonly Opponent[],
  teams: readonly [string, string],
): readonly [Team, Team] | string {
  if (opponents.length !== 2) return `${opponents.length} opponents`;
  const found = opponents.map((opponent) => {
    const fits = ([0, 1] as const).filter((team) => isNamed(opponent, teams[team]));
    return fits.length === 1 ? fits[0] : undefined;
  });
  const [first, second] = found;
  if (first === undefined) return nameOf(opponents[0]!);
  if (second === undefined || second === first) return nameOf(opponents[1]!);
  return [first, second];
}

function nameOf({ name, template }: Opponent): string {
  const text = name === "" ? template : name;
  return text === "" ? "an opponent that is not known yet" : `opponent ${text.slice(0, 80)}`;
}

/** Page names are written with underscores or spaces. */
function isNamed({ name, template }: Opponent, wanted: string): boolean {
  const known = plainName(wanted);
  return known !== "" && (plainName(name) === known || (name === "" && plainName(template) === known));
}

function plainName(text: string): string {
  return text.replaceAll("_", " ").trim().toLowerCase();
}

function readGames(
  games: readonly LiquipediaGame[],
  order: readonly [Team, Team],
): ReadonlyMap<number, GameView> {
  const found = new Map<number, GameView>();
  games.forEach((game, index) => {
    if (NOT_PLAYED.has(game.status.toLowerCase()) || NOT_PLAYED.has(game.resulttype.toLowerCase())) return;
    const winner = teamOf(game.winner, order);
    if (winner === undefined) return;
    const forfeit = isGiven(game.resulttype, game.walkover);
    const [first, second] = game.scores;
    const lost =
      first !== undefined && second !== undefined && (winner === order[0] ? first < second : second < first);
    if (lost && !forfeit) return; // the record contradicts itself
    const number = index + 1;
    const rest = { ref: undefined, started: false, paused: false, ended: true, progress: {} };
    found.set(number, { game: number, winner, forfeit, ...rest });
  });
  return found;
}

function teamOf(winner: string, order: readonly [Team, Team]): Team | undefined {
  return winner === "1" ? order[0] : winner === "2" ? order[1] : undefined;
}

function isGiven(resulttype: string, walkover: string): boolean {
  return GIVEN.has(resulttype.toLowerCase()) || GIVEN.has(walkover.toLowerCase());
}

/** Games won; only where both opponents' numbers are scores. */
function mapsOf(
  { match2opponents }: LiquipediaMatch,
  order: readonly [Team, Team],
): readonly [number, number] | undefined {
  const [first, second] = match2opponents;
  const scoreOf = (opponent: Opponent | undefined): number | undefined =>
    opponent?.status === "S" && (opponent.score ?? -1) >= 0 && opponent.score! <= 99
      ? opponent.score
      : undefined;
  const one = scoreOf(first);
  const two = scoreOf(second);
  if (one === undefined || two === undefined) return undefined;
  return order[0] === 0 ? [one, two] : [two, one];
}

function isNotPlayed({ status, resulttype, winner }: LiquipediaMatch): boolean {
  return [status, resulttype, winner].some((word) => NOT_PLAYED.has(word.toLowerCase()));
}

/** Whether somebody has entered that a match is not played, rather than nothing for so long that it looks like it. */
function isExplicit({ extradata, date, dateexact, winner }: LiquipediaMatch, at: Millis): boolean {
  const raw = extradata["status"];
  if (typeof raw === "string" && NOT_PLAYED.has(raw.toLowerCase())) return true;
  if (NOT_PLAYED.has(winner.toLowerCase())) return true;
  const start = timeOf(date);
  const limit = isTrue(dateexact) ? EXACT_TIMEOUT_MS : DAY_TIMEOUT_MS;
  return start === undefined || at - start < limit;
}

/** `YYYY-MM-DD HH:MM:SS` in UTC as Unix ms; `undefined` for the unknown date `0000-01-01`. */
function timeOf(date: string): number | undefined {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(date) ?? [];
  const at = day === undefined || clock === undefined ? Number.NaN : Date.parse(`${day}T${clock}Z`);
  return at >= 946_684_800_000 ? at : undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}
