import type { MatchFacts } from "./listing.ts";

/** What a rules text is about. */
export interface RuledGame {
  /** What the match is called, such as `LoL`. */
  readonly prefix: string;
  /** What one game of it is called, such as `Map`. */
  readonly unit: string;
  /** Where its results are looked up. */
  readonly rules: string;
}

/** The text by which a market resolves, in the words of Polymarket's esports markets of 2026; `game` 0 is the match. */
export function rulesText(
  { prefix, unit, rules: source }: RuledGame,
  { teams: [a, b], tournament }: MatchFacts,
  game: number,
): string {
  const play = `${unit} ${game}`;
  const won = game === 0 ? "the match" : play;
  const cases =
    game === 0
      ? [
          "If the match is canceled (not played at all), ends in a tie, or is delayed beyond 7 days from the scheduled date without a winner determined, this market will resolve to 50-50.",
          "If the match begins but is not completed, and one team wins due to the opponent's forfeiture, disqualification, or walkover, this market will resolve to the team who wins.",
          "If the match ends in a forfeit, disqualification, or walkover (team withdraws before the start and the other wins automatically), this market will resolve to 50-50.",
        ]
      : [
          "If the match is canceled (not played at all) or is delayed beyond 7 days from the scheduled date without play beginning, this market will resolve 50-50.",
          `If the match begins but is not completed, and ${play} is concluded with a winner determined, this market will resolve based on the completed ${play}.`,
          `If ${play} is not completed for any reason, this market will resolve 50-50.`,
        ];
  return [
    `This market refers to the ${prefix} match between ${a} and ${b} in the ${tournament}.`,
    `This market will resolve to "${a}" if ${a} win ${won} against ${b}.`,
    `This market will resolve to "${b}" if ${b} win ${won} against ${a}.`,
    ...cases,
    `The resolution source for this market will be official information from ${source}.`,
  ].join("\n\n");
}
