import {
  MatchpointError,
  type MatchClaim,
  type MatchDescription,
  type MatchId,
  type Team,
} from "@matchpoint/sdk";

/** What an operator states: a claim about a match. */
export interface OperatorFact {
  readonly matchId: MatchId;
  readonly claim: MatchClaim;
}

/** The grammar of {@link parseFact}, for help texts. */
export const FACT_GRAMMAR = [
  "<match> series started",
  "<match> series won by <team> [by forfeit]",
  "<match> series ended",
  "<match> series score <maps>-<maps>",
  "<match> game <n> started | paused | resumed | ended",
  "<match> game <n> won by <team> [by forfeit]",
  "<match> score <n>: <score>-<score>",
  "<match> retract [series | game <n>] [rollback | remake | correction]",
  "<match> cancelled | walkover | postponed",
  "<match> invalid | valid",
] as const;

type Body = (rest: string, match: MatchDescription, text: string) => MatchClaim | undefined;

const MAX_LENGTH = 500;

/**
 * Reads a fact that a person typed on one line, such as `lol-t1-geng game 2 won by "T1"`. A team is `team 1` or `team 2` in
 * the order of the match's description, or its name or an alias, in quotes when it has blanks. Scores are in the order of
 * the teams. Upper and lower case are the same.
 *
 * @throws `USAGE` when the line is not of {@link FACT_GRAMMAR} or names no team of the match, `MATCH_UNKNOWN` when no match
 *   has that id
 */
export function parseFact(text: string, matches: readonly MatchDescription[]): OperatorFact {
  const line = text.trim().replace(/\s+/g, " ");
  if (line.length > MAX_LENGTH) throw usage(text, "it is too long for a fact");
  const cut = line.indexOf(" ");
  const matchId = cut === -1 ? line : line.slice(0, cut);
  if (matchId === "") throw usage(text, "it is empty");
  const match = matches.find((each) => each.matchId === matchId);
  if (match === undefined) {
    const known = matches.map((each) => each.matchId).join(", ");
    throw new MatchpointError("MATCH_UNKNOWN", `there is no match ${quote(matchId)}`, {
      where: quote(text),
      hint: known === "" ? "No match is listed." : `Begin with the id of a match: ${known}.`,
    });
  }
  if (cut === -1) throw usage(text, "it says nothing about the match");
  const rest = line.slice(cut + 1);
  for (const body of BODIES) {
    const claim = body(rest, match, text);
    if (claim !== undefined) return { matchId: match.matchId, claim };
  }
  throw usage(text, `${quote(rest)} is no fact`);
}

/** Writes a fact as {@link parseFact} reads it; `undefined` for claims that the grammar has no words for. */
export function formatFact(fact: OperatorFact): string | undefined {
  const words = bodyOf(fact.claim);
  return words === undefined ? undefined : `${fact.matchId} ${words}`;
}

const SIMPLE: Readonly<Record<string, MatchClaim>> = {
  "series started": { kind: "series_started" },
  "series ended": { kind: "series_ended" },
  cancelled: { kind: "cancelled", reason: "cancelled" },
  canceled: { kind: "cancelled", reason: "cancelled" },
  walkover: { kind: "cancelled", reason: "walkover" },
  postponed: { kind: "cancelled", reason: "postponed" },
  invalid: { kind: "source_invalid" },
  valid: { kind: "source_valid" },
};

const BODIES: readonly Body[] = [
  (rest) => {
    const key = rest.toLowerCase();
    return Object.hasOwn(SIMPLE, key) ? SIMPLE[key] : undefined;
  },
  (rest, match, text) => {
    const found = /^(?:series|game (\d+)) won by (.+?)( by forfeit)?$/i.exec(rest);
    if (found === null) return undefined;
    const winner = teamOf(found[2]!, match, text);
    const forfeit = found[3] === undefined ? {} : { forfeit: true };
    if (found[1] === undefined) return { kind: "series_won", winner, ...forfeit };
    return { kind: "game_won", game: gameOf(found[1], match, text), winner, ...forfeit };
  },
  (rest, match, text) => {
    const found = /^game (\d+) (started|paused|resumed|ended)$/i.exec(rest);
    if (found === null) return undefined;
    const kind = `game_${found[2]!.toLowerCase()}` as
      "game_started" | "game_paused" | "game_resumed" | "game_ended";
    return { kind, game: gameOf(found[1]!, match, text) };
  },
  (rest, match, text) => {
    const found = /^score (\d+) ?: ?(\d{1,4}) ?- ?(\d{1,4})$/i.exec(rest);
    if (found === null) return undefined;
    const score = [Number(found[2]), Number(found[3])] as const;
    return { kind: "game_progress", game: gameOf(found[1]!, match, text), progress: { score } };
  },
  (rest, match, text) => {
    const found = /^series score (\d{1,2}) ?- ?(\d{1,2})$/i.exec(rest);
    if (found === null) return undefined;
    const maps = [Number(found[1]), Number(found[2])] as const;
    if (maps[0] + maps[1] > match.bestOf) {
      throw usage(text, `${maps[0]}-${maps[1]} is more than a best of ${match.bestOf}`);
    }
    return { kind: "series_score", maps };
  },
  (rest, match, text) => {
    const found = /^retract(?: (?:series|game (\d+)))?(?: (rollback|remake|correction))?$/i.exec(rest);
    if (found === null) return undefined;
    const reason = (found[2]?.toLowerCase() ?? "correction") as "rollback" | "remake" | "correction";
    if (found[1] === undefined) return { kind: "retracted", reason };
    return { kind: "retracted", game: gameOf(found[1], match, text), reason };
  },
];

function bodyOf(claim: MatchClaim): string | undefined {
  switch (claim.kind) {
    case "series_started":
      return "series started";
    case "series_ended":
      return "series ended";
    case "series_won":
      return `series won by team ${claim.winner + 1}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "series_score":
      return `series score ${claim.maps[0]}-${claim.maps[1]}`;
    case "cancelled":
      return claim.reason;
    case "game_won":
      return `game ${claim.game} won by team ${claim.winner + 1}${claim.forfeit === true ? " by forfeit" : ""}`;
    case "game_progress": {
      const { score, ...more } = claim.progress;
      if (score === undefined || Object.keys(more).length > 0) return undefined;
      return `score ${claim.game}: ${score[0]}-${score[1]}`;
    }
    case "retracted":
      return `retract ${claim.game === undefined ? "series" : `game ${claim.game}`} ${claim.reason}`;
    case "source_invalid":
      return "invalid";
    case "source_valid":
      return "valid";
    default:
      return `game ${claim.game} ${claim.kind.slice("game_".length)}`;
  }
}

function gameOf(digits: string, match: MatchDescription, text: string): number {
  const game = Number(digits);
  if (game >= 1 && game <= match.bestOf) return game;
  const games = match.bestOf === 1 ? "only game 1" : `games 1 to ${match.bestOf}`;
  throw usage(text, `a best of ${match.bestOf} has ${games}`);
}

function teamOf(words: string, match: MatchDescription, text: string): Team {
  const quoted = /^"(.*)"$/.exec(words);
  const name = (quoted?.[1] ?? words).trim().toLowerCase();
  if (quoted === null && (name === "team 1" || name === "team 2")) return name === "team 1" ? 0 : 1;
  const named = match.teams.map((team) =>
    [team.name, ...(team.aliases ?? [])].some((each) => each.toLowerCase() === name),
  );
  if (named[0] === true && named[1] === true)
    throw usage(text, `${quote(words)} may be either team: say team 1 or team 2`);
  if (named[0] === true) return 0;
  if (named[1] === true) return 1;
  const [a, b] = match.teams;
  throw usage(text, `${quote(words)} is neither team 1 (${quote(a.name)}) nor team 2 (${quote(b.name)})`);
}

function usage(text: string, problem: string): MatchpointError {
  return new MatchpointError("USAGE", problem, {
    where: quote(text),
    hint: `A fact is one of:\n  ${FACT_GRAMMAR.join("\n  ")}`,
  });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
