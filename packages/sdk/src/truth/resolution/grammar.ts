import type { CasePayout } from "./rule.ts";
import type { ClauseKind, ResolutionFindingCode } from "./finding.ts";

/** What a recognised sentence states. `about` tells clauses of one kind apart; two with one `about` must state the same. */
export interface Reading {
  readonly kind: ClauseKind;
  /** `kind`, and what of it: the team of a winner clause, the case of a not-held one. */
  readonly about: string;
  /** What is stated, in a form that can be compared. */
  readonly states: string;
  readonly payout?: CasePayout;
  readonly days?: number;
  /** The game's number, or the number of a line. */
  readonly number?: number;
  readonly url?: number;
  /** The text's date, as written. */
  readonly when?: string;
  /** The text's name of the esports game. */
  readonly game?: string;
  /** The teams as a totals text names them, both in one. */
  readonly pair?: string;
}

/** A sentence of a known form with something in it that is not. */
export interface Objection {
  readonly code: ResolutionFindingCode;
  readonly why: string;
}

type Read = (match: RegExpExecArray) => readonly Reading[] | Objection;

/** Says what a case pays, by the words after "this market will resolve". */
function payoutOf(words: string): CasePayout | undefined {
  if (/^(?:to )?50[-/]50$/.test(words)) return "fifty_fifty";
  return /^to the (?:winning team|team (?:who|that) wins)$/.test(words) ? "winner" : undefined;
}

function paying(
  words: string,
  make: (payout: CasePayout) => readonly Reading[],
): readonly Reading[] | Objection {
  const payout = payoutOf(words);
  return payout === undefined
    ? { code: "UNKNOWN_PAYOUT", why: `"${words}" is neither the winner nor 50-50` }
    : make(payout);
}

function contradiction(why: string): Objection {
  return { code: "CONTRADICTION", why };
}

/** The cases in which a match counts as not held. */
const CASES: readonly (readonly [RegExp, string])[] = [
  [/^is canceled(?: \(not played at all(?: for any reason)?\))?$/, "canceled"],
  [/^ends in a (?:tie|draw)$/, "tie"],
  [
    /^is (?:delayed|postponed) beyond (\d{1,3}) days from the scheduled date(?: without (?:a winner determined|play beginning))?$/,
    "delayed",
  ],
];

function notHeld(cases: string, words: string): readonly Reading[] | Objection {
  const found = cases.split(/, or |, | or (?=is |ends )/).map((each) => {
    const known = CASES.find(([pattern]) => pattern.test(each));
    const days = known?.[0].exec(each)?.[1];
    return known === undefined
      ? undefined
      : { about: known[1], days: days === undefined ? undefined : Number(days) };
  });
  // A case that is not known may take back the others.
  if (found.includes(undefined)) return [];
  return paying(words, (payout) =>
    found.map((each): Reading => {
      const { about, days } = each!;
      const states = `${payout}${days === undefined ? "" : ` after ${days} days`}`;
      return {
        kind: "not_held",
        about: `not_held:${about}`,
        states,
        payout,
        ...(days === undefined ? {} : { days }),
      };
    }),
  );
}

const winner: Read = ([, paid, wins, , number, against]) => {
  if (paid !== wins) return contradiction("it pays one team for the other's win");
  if (against === wins) return contradiction("it has a team play against itself");
  const game = number === undefined ? "match" : `game ${number}`;
  return [
    {
      kind: "winner",
      about: `winner:${paid!}`,
      states: game,
      ...(number === undefined ? {} : { number: Number(number) }),
    },
  ];
};

/** Every known sentence. Each pattern is of a whole sentence in its masked form. */
const PATTERNS: readonly (readonly [RegExp, Read])[] = [
  [
    /^this market refers to the (lol|league of legends|counter-strike(?: 2)?|cs2|dota 2|valorant)(?: .+?)? match between <t([01])> and <t([01])>(?: in (?:the )?.+?)?(?:, (?:initially |originally )?scheduled for (.+))?$/,
    ([, game, a, b, when]) =>
      a === b
        ? contradiction("it names one team twice")
        : [
            {
              kind: "subject",
              about: "subject",
              states: `${game!} ${when ?? ""}`,
              game: game!,
              ...(when === undefined ? {} : { when }),
            },
          ],
  ],
  // Totals have no team among their outcomes: both stand here in one, and must stand so again where the line is drawn.
  [
    /^this market refers to the (lol|league of legends|counter-strike(?: 2)?|cs2|dota 2|valorant)(?: .+?)? match between ((?:(?!<t[01]>).)+? and (?:(?!<t[01]>).)+?) in (?:the )?.+?(?:, (?:initially |originally )?scheduled for (.+))?$/,
    ([, game, pair, when]) => [
      {
        kind: "subject",
        about: "subject",
        states: `${game!} ${when ?? ""}`,
        game: game!,
        pair: pair!,
        ...(when === undefined ? {} : { when }),
      },
    ],
  ],
  [
    /^this market will resolve to "<t([01])>" if <t([01])> wins? (the match|(?:map|game) ([1-9])) against <t([01])>$/,
    winner,
  ],
  [
    /^if the match ((?:is|ends) .+), this market will (?:also )?resolve (.+)$/,
    ([, cases, words]) => notHeld(cases!, words!),
  ],
  [
    /^if the match begins but is not completed,? and one team wins due to the opponent's (?:match )?forfeiture, disqualification,? or walkover, this market will resolve (.+)$/,
    ([, words]) =>
      paying(words!, (payout) => [
        { kind: "forfeit_after_start", about: "forfeit_after_start", states: payout, payout },
      ]),
  ],
  [
    /^if the match ends in a forfeit, disqualification,? or walkover \(team withdraws before the start and the other wins automatically\), this market will resolve (.+)$/,
    ([, words]) =>
      paying(words!, (payout) => [
        { kind: "walkover_before_start", about: "walkover_before_start", states: payout, payout },
      ]),
  ],
  [
    /^if the match begins but is not completed,? and (?:map|game) ([1-9]) is concluded with a winner determined, this market will resolve based on the completed (?:map|game) ([1-9])$/,
    ([, one, other]) =>
      one === other
        ? [{ kind: "completed_game", about: "completed_game", states: one!, number: Number(one) }]
        : contradiction(`it resolves game ${one!} by game ${other!}`),
  ],
  [
    /^if (?:map|game) ([1-9]) is not completed for any reason, this market will resolve (.+)$/,
    ([, number, words]) =>
      paying(words!, (payout) => [
        {
          kind: "incomplete_game",
          about: "incomplete_game",
          states: `${number!} ${payout}`,
          number: Number(number),
          payout,
        },
      ]),
  ],
  [
    /^this market will resolve to "<t([01])>" if <t([01])> wins? ([1-9]) or more (?:maps|games) than <t([01])> in this match$/,
    ([, paid, wins, number, than]) =>
      paid !== wins || than === wins
        ? contradiction("it pays one team for the other's maps")
        : [{ kind: "line", about: `line:${paid!}`, states: number!, number: Number(number) }],
  ],
  [
    /^otherwise, this market will resolve to "<t([01])>"$/,
    ([, paid]) => [{ kind: "line", about: `else:${paid!}`, states: "otherwise" }],
  ],
  [
    /^this market will resolve to "over" if (.+) play ([1-9]) or more (?:maps|games) in this series$/,
    ([, pair, number]) => [
      { kind: "line", about: "line:over", states: number!, number: Number(number), pair: pair! },
    ],
  ],
  [
    /^if fewer than ([1-9]) (?:maps|games) are played, this market will resolve to "under"$/,
    ([, number]) => [{ kind: "line", about: "line:under", states: number!, number: Number(number) }],
  ],
  [
    /^(?:maps|games) won by forfeit, disqualification, walkover, or default are counted towards the (?:handicap|total), provided that the match is completed$/,
    () => [{ kind: "counting", about: "counting:forfeited", states: "counted if completed" }],
  ],
  [
    /^if the match ends due to the clinching (?:map|game) being forfeited,? this will count as a completed match$/,
    () => [{ kind: "counting", about: "counting:clinching", states: "completed" }],
  ],
  [
    /^the (?:primary )?resolution source for this market will be official information from <u(\d)>$/,
    ([, url]) => [{ kind: "source", about: "source", states: url!, url: Number(url) }],
  ],
  [
    /^however, if <u(\d)> has not published final results within (\d{1,2}) hours after the event's conclusion, a consensus of credible reporting may be used instead(?:,? including video evidence)?$/,
    ([, url, hours]) => [
      { kind: "fallback_source", about: "fallback_source", states: hours!, url: Number(url) },
    ],
  ],
  [
    /^in cases where a team's listed name includes minor discrepancies from the resolution source, this market will resolve based on the underlying real-world match rather than exact name matching$/,
    () => [{ kind: "naming", about: "naming:match", states: "real match" }],
  ],
  [
    /^recognizable abbreviations, alternate or erroneous spellings, sponsor tags, affiliate or academy designations, regional identifiers, and minor formatting differences will be treated as referring to the same team, provided the intended team can be clearly and uniquely identified within the relevant competition$/,
    () => [{ kind: "naming", about: "naming:spelling", states: "same team" }],
  ],
  [
    /^if a listed team name has no reasonable connection to any participating team, or if it matches or could reasonably refer to another team in the same competition such that the intended team cannot be unambiguously determined, this market will resolve (?:to )?50-50$/,
    () => [{ kind: "naming", about: "naming:unknown", states: "50-50" }],
  ],
];

/** No known sentence is longer; a bound on what a hostile text can cost. */
const LONGEST = 700;

/** Reads a masked sentence; `undefined` when it is of no known form. */
export function readSentence(masked: string): readonly Reading[] | Objection | undefined {
  if (masked.length > LONGEST) return undefined;
  for (const [pattern, read] of PATTERNS) {
    const match = pattern.exec(masked);
    if (match === null) continue;
    const answer = read(match);
    // A list of cases counts only when every one of them is known.
    if ("code" in answer || answer.length > 0) return answer;
  }
  return undefined;
}
