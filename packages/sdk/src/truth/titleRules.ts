import type { Team, Title } from "../events/index.ts";

/** How rounds decide a game (map), and when teams change sides. */
export interface RoundRules {
  /** Rounds that win without overtime. */
  readonly toWin: number;
  /** Rounds after which the teams change sides for the first time. Twice as many are played before overtime. */
  readonly half: number;
  readonly overtime:
    | {
        /** Blocks of so many rounds; who first has more than half of a block's rounds wins, else another block follows. */
        readonly kind: "blocks";
        readonly rounds: number;
        /** Rounds of a block after which the teams change sides. */
        readonly half: number;
      }
    | {
        /** Until one team is so many rounds ahead. */
        readonly kind: "ahead";
        readonly by: number;
        readonly half: number;
      };
}

/** What the rules of a title say about its scores. */
export interface TitleRules {
  /** Absent: the score decides nothing (kills in LoL and Dota 2). */
  readonly rounds?: RoundRules;
}

/**
 * The rules of the titles, as data. CS2: MR12, overtime MR3 (13 of 24, then 4 of 6), as 498 of 498 complete professional maps
 * of 2024-2025 end; Valorant: 13, then two rounds ahead, as 92 of 93. In LoL and Dota 2 the score counts kills.
 *
 * @example
 * ```ts
 * import { TITLE_RULES } from "@matchpoint/sdk";
 * console.log(TITLE_RULES.cs2.rounds?.toWin); // 13
 * ```
 */
export const TITLE_RULES: Readonly<Record<Title, TitleRules>> = {
  cs2: { rounds: { toWin: 13, half: 12, overtime: { kind: "blocks", rounds: 6, half: 3 } } },
  valorant: { rounds: { toWin: 13, half: 12, overtime: { kind: "ahead", by: 2, half: 1 } } },
  lol: {},
  dota2: {},
  other: {},
};

/** What a score of rounds comes to. */
export type ScoreVerdict =
  { readonly kind: "open" } | { readonly kind: "won"; readonly winner: Team } | { readonly kind: "illegal" };

const OPEN: ScoreVerdict = { kind: "open" };
const ILLEGAL: ScoreVerdict = { kind: "illegal" };

/**
 * Whether a game can stand at a score by its title's rules, and whether somebody has won it there.
 *
 * @example
 * ```ts
 * import { scoreVerdict, TITLE_RULES } from "@matchpoint/sdk";
 * const { rounds } = TITLE_RULES.cs2;
 * if (rounds !== undefined) scoreVerdict(rounds, [13, 12]).kind; // "open": overtime is being played
 * ```
 */
export function scoreVerdict(rules: RoundRules, score: readonly [number, number]): ScoreVerdict {
  const [a, b] = score;
  if (!Number.isInteger(a) || !Number.isInteger(b) || a < 0 || b < 0) return ILLEGAL;
  const more = Math.max(a, b);
  const less = Math.min(a, b);
  const won: ScoreVerdict = { kind: "won", winner: a > b ? 0 : 1 };
  if (less < rules.half) {
    if (more < rules.toWin) return OPEN;
    return more === rules.toWin ? won : ILLEGAL;
  }
  const { overtime } = rules;
  if (overtime.kind === "ahead") {
    const ahead = more - less;
    return ahead < overtime.by ? OPEN : ahead === overtime.by ? won : ILLEGAL;
  }
  const each = overtime.rounds / 2;
  // Both teams have what a block before gave them; the rest is of the block being played.
  const before = rules.half + Math.floor((less - rules.half) / each) * each;
  const inBlock = more - before;
  if (inBlock <= each) return OPEN;
  return inBlock === each + 1 ? won : ILLEGAL;
}

/** Whether one more round can win a team the game: a score that is told a round late still bears its winner out. */
export function isMatchPoint(rules: RoundRules, score: readonly [number, number], team: Team): boolean {
  if (scoreVerdict(rules, score).kind !== "open") return false;
  const next = scoreVerdict(rules, team === 0 ? [score[0] + 1, score[1]] : [score[0], score[1] + 1]);
  return next.kind === "won" && next.winner === team;
}

/** Which half is being played after so many rounds, counted from 0: between two halves the teams may change sides. */
export function halfAfter(rules: RoundRules, rounds: number): number {
  const regulation = 2 * rules.half;
  if (rounds < regulation) return Math.floor(rounds / rules.half);
  return 2 + Math.floor((rounds - regulation) / rules.overtime.half);
}
