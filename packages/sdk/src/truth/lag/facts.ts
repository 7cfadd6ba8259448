import type { MatchClaim, Team, Title } from "../../events/index.ts";

/** Something that happened, as any source would state it: a count has reached a value. */
export interface Fact {
  /** What is counted: `2|score|0` is team 0's score in game 2. */
  readonly counter: string;
  /** 0 is the series. */
  readonly game: number;
  readonly value: number;
  /** Whom it speaks for: markets move that way. */
  readonly team: Team | undefined;
}

const COUNTED = ["score", "kills", "towers", "dragons", "barons", "inhibitors"] as const;
/** Nothing that is counted here comes near to it; what does is no count. */
const HIGHEST = 500;

/** LoL and Dota 2 count kills as the score. */
function nameOf(key: (typeof COUNTED)[number], title: Title): string {
  return key === "kills" && (title === "lol" || title === "dota2") ? "score" : key;
}

/** What a claim states as happened. Gold, clocks and what is alive change all the time: they are no news that sources race for. */
export function factsOf(claim: MatchClaim, title: Title): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (game: number, what: string, value: number, team: Team | undefined): void => {
    if (!Number.isInteger(value) || value < 1 || value > HIGHEST) return;
    const counter = team === undefined ? `${game}|${what}` : `${game}|${what}|${team}`;
    if (!facts.some((known) => known.counter === counter)) facts.push({ counter, game, value, team });
  };
  const pair = (game: number, what: string, values: readonly number[]): void => {
    add(game, what, values[0]!, 0);
    add(game, what, values[1]!, 1);
  };
  switch (claim.kind) {
    case "game_progress":
      for (const key of COUNTED) {
        const values = claim.progress[key];
        if (values !== undefined) pair(claim.game, nameOf(key, title), values);
      }
      break;
    case "series_score":
      pair(0, "maps", claim.maps);
      break;
    case "series_started":
      add(0, "started", 1, undefined);
      break;
    case "game_started":
      add(claim.game, "started", 1, undefined);
      break;
    case "game_won":
      add(claim.game, "won", 1, claim.winner);
      break;
    case "series_won":
      add(0, "won", 1, claim.winner);
      break;
    case "cancelled":
      add(0, "void", 1, undefined);
      break;
    case "series_ended":
    case "game_paused":
    case "game_resumed":
    case "game_ended":
    case "retracted":
    case "source_invalid":
    case "source_valid":
      break;
  }
  return facts;
}
