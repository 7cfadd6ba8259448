import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assessResolution,
  DEFAULT_RESOLUTION_RULES,
  readInstant,
  type ResolutionAssessment,
  type ResolutionText,
} from "../../src/truth/index.ts";

// Texts as Polymarket's esports markets of 2026 have them.
const SOURCE =
  "The resolution source for this market will be official information from https://hltv.org. However, if https://hltv.org has not published final results within 2 hours after the event’s conclusion, a consensus of credible reporting may be used instead including video evidence.";
const MATCH = [
  "This market refers to the Counter-Strike Semifinal 1 match between FaZe and illwill in the HLC Belgrade Pro Playoffs, initially scheduled for April 5 at 11:00AM ET.",
  'This market will resolve to "FaZe" if FaZe win the match against illwill.',
  'This market will resolve to "illwill" if illwill win the match against FaZe.',
  "If the match is canceled (not played at all), ends in a tie, or is delayed beyond 7 days from the scheduled date without a winner determined, this market will resolve to 50-50. ",
  "If the match begins but is not completed, and one team wins due to the opponent's forfeiture, disqualification, or walkover, this market will resolve to the team who wins. ",
  "If the match ends in a forfeit, disqualification, or walkover (team withdraws before the start and the other wins automatically), this market will resolve to 50-50. ",
  SOURCE,
].join("\n\n");
const NAMING =
  "In cases where a team’s listed name includes minor discrepancies from the resolution source, this market will resolve based on the underlying real-world match rather than exact name matching. Recognizable abbreviations, alternate or erroneous spellings, sponsor tags, affiliate or academy designations, regional identifiers, and minor formatting differences will be treated as referring to the same team, provided the intended team can be clearly and uniquely identified within the relevant competition. If a listed team name has no reasonable connection to any participating team, or if it matches or could reasonably refer to another team in the same competition such that the intended team cannot be unambiguously determined, this market will resolve 50-50.";
const GAME = [
  "This market refers to the Counter-Strike match between FaZe and illwill in the HLC Belgrade Pro Playoffs, initially scheduled for April 5 at 11:00AM ET.",
  'This market will resolve to "FaZe" if FaZe win Map 2 against illwill.',
  'This market will resolve to "illwill" if illwill win Map 2 against FaZe.',
  "If the match is canceled (not played at all) or is delayed beyond 7 days from the scheduled date without play beginning, this market will resolve 50-50. ",
  "If the match begins but is not completed, and Map 2 is concluded with a winner determined, this market will resolve based on the completed Map 2.",
  "If Map 2 is not completed for any reason, this market will resolve 50-50.",
  SOURCE,
].join("\n\n");
const HANDICAP = [
  "This market refers to the Counter-Strike match between FaZe and illwill in the HLC Belgrade Pro Playoffs, initially scheduled for April 5 at 11:00AM ET.",
  'This market will resolve to "FaZe" if FaZe wins 2 or more maps than illwill in this match.',
  'Otherwise, this market will resolve to "illwill". ',
  "Maps won by forfeit, disqualification, walkover, or default are counted towards the handicap, provided that the match is completed.",
  "If the match is canceled (not played at all for any reason), ends in a tie, or is delayed beyond 7 days from the scheduled date without a winner determined, this market will resolve to 50-50. ",
  "If the match begins but is not completed, and one team wins due to the opponent's match forfeiture, disqualification, or walkover, this market will resolve to 50-50. ",
  "If the match ends due to the clinching map being forfeited this will count as a completed match.",
  SOURCE,
].join("\n\n");
const TOTAL = HANDICAP.replace(
  'This market will resolve to "FaZe" if FaZe wins 2 or more maps than illwill in this match.',
  'This market will resolve to "Over" if FaZe and illwill play 3 or more maps in this series.',
)
  .replace(
    'Otherwise, this market will resolve to "illwill". ',
    'If fewer than 3 maps are played, this market will resolve to "Under". ',
  )
  .replace("towards the handicap", "towards the total");

const startsAt = readInstant("2026-04-05T15:10:00Z");
const assess = (rules: string, extra: Partial<ResolutionText> = {}): ResolutionAssessment =>
  assessResolution({
    rules,
    outcomes: ["FaZe", "illwill"],
    startsAt,
    title: "cs2",
    resolutionSource: "https://hltv.org/",
    ...extra,
  });
const codes = (answer: ResolutionAssessment): readonly string[] =>
  answer.ok ? ["ok"] : answer.findings.map(({ code }) => code);

describe("a known text", () => {
  it("of a match states its rule", () => {
    const answer = assess(MATCH, { subject: { kind: "series" } });
    expect(answer).toMatchObject({
      ok: true,
      template: "esports-match",
      rule: DEFAULT_RESOLUTION_RULES.series,
    });
    expect(answer.ok && answer.clauses.map(({ kind }) => kind)).toEqual([
      "subject",
      "winner",
      "winner",
      "not_held",
      "forfeit_after_start",
      "walkover_before_start",
      "source",
      "fallback_source",
    ]);
    expect(assess(`${MATCH}\n\n${NAMING}`)).toMatchObject({
      ok: true,
      rule: DEFAULT_RESOLUTION_RULES.series,
    });
    expect(assess(MATCH, { outcomes: ["illwill", "FaZe"] }).ok).toBe(true);
  });

  it("of a game states its rule", () => {
    const answer = assess(GAME, { subject: { kind: "game", game: 2 } });
    expect(answer).toMatchObject({ ok: true, template: "esports-game", rule: DEFAULT_RESOLUTION_RULES.game });
  });

  it("of a handicap and of a total is told apart", () => {
    expect(assess(HANDICAP)).toMatchObject({
      template: "esports-handicap",
      rule: { forfeitAfterStart: "fifty_fifty" },
    });
    expect(assess(TOTAL, { outcomes: ["Over", "Under"] })).toMatchObject({ template: "esports-total" });
  });

  it("is read whatever its quotes, blanks, spelling of numbers and order of sentences", () => {
    for (const rules of [
      MATCH.replaceAll('"', "”"),
      MATCH.replaceAll("canceled", "cancelled"),
      MATCH.replace("7 days", "seven days"),
      MATCH.replaceAll("\n\n", "\n"),
      MATCH.split("\n\n").reverse().join("\n\n"),
      MATCH.replaceAll(" ", "\u00a0"),
    ])
      expect(assess(rules)).toMatchObject({ ok: true, rule: DEFAULT_RESOLUTION_RULES.series });
  });

  it("may be given by its id", () => {
    expect(assess(" esports-game ")).toMatchObject({ ok: true, rule: DEFAULT_RESOLUTION_RULES.game });
    expect(assess("esports-handicap").ok).toBe(false);
  });
});

describe("a word that matters, changed", () => {
  it("gives the rule that the words now state", () => {
    expect(assess(MATCH.replace("7 days", "three days"))).toMatchObject({ rule: { delayDays: 3 } });
    expect(assess(MATCH.replace("to the team who wins", "to 50-50"))).toMatchObject({
      rule: { forfeitAfterStart: "fifty_fifty" },
    });
    expect(
      assess(
        MATCH.replace(
          /automatically\), this market will resolve to 50-50/,
          "automatically), this market will resolve to the team who wins",
        ),
      ),
    ).toMatchObject({ rule: { forfeitBeforeStart: "winner" } });
  });

  it.each([
    [
      "50-50 to refunded",
      MATCH,
      "this market will resolve to 50-50",
      "this market will be refunded",
      "UNKNOWN_SENTENCE",
    ],
    ["50-50 to 60-40", MATCH, "resolve to 50-50", "resolve to 60-40", "UNKNOWN_PAYOUT"],
    ["50-50 to No", GAME, "will resolve 50-50", 'will resolve to "No"', "UNKNOWN_PAYOUT"],
    ["the winner to the better team", MATCH, "to the team who wins", "to the better team", "UNKNOWN_PAYOUT"],
    ["win to advance", MATCH, "if FaZe win the match", "if FaZe advance", "UNKNOWN_SENTENCE"],
    ["the team that is paid", MATCH, 'to "FaZe" if FaZe', 'to "illwill" if FaZe', "CONTRADICTION"],
    [
      "the opponent",
      MATCH,
      "FaZe win the match against illwill",
      "FaZe win the match against FaZe",
      "CONTRADICTION",
    ],
    ["a tie to overtime", MATCH, "ends in a tie", "goes to overtime", "UNKNOWN_SENTENCE"],
    ["days to weeks", MATCH, "7 days", "7 weeks", "UNKNOWN_SENTENCE"],
    ["the map of one team", GAME, "FaZe win Map 2", "FaZe win Map 3", "CONTRADICTION"],
    ["the map that is not completed", GAME, "If Map 2 is not", "If Map 1 is not", "CONTRADICTION"],
    ["the map that decides", GAME, "on the completed Map 2", "on the completed Map 1", "CONTRADICTION"],
    [
      "for any reason to a doubt",
      GAME,
      "for any reason",
      "for reasons outside of the teams' control",
      "UNKNOWN_SENTENCE",
    ],
    [
      "will to may",
      MATCH,
      "this market will resolve to the team",
      "this market may resolve to the team",
      "AMBIGUOUS_WORDING",
    ],
    ["the source", MATCH, "https://hltv.org. However", "https://example.org. However", "UNCLEAR_ORACLE"],
    ["the source's part", MATCH, "official information from", "information from", "UNCLEAR_ORACLE"],
    ["the fallback's source", MATCH, "if https://hltv.org has", "if https://vlr.gg has", "UNCLEAR_ORACLE"],
    [
      "the fallback",
      MATCH,
      "a consensus of credible reporting",
      "Polymarket's own judgement",
      "AMBIGUOUS_WORDING",
    ],
    ["a team", MATCH, "between FaZe and illwill", "between FaZe and illwill Academy", "UNKNOWN_SENTENCE"],
    ["the game", MATCH, "the Counter-Strike Semi", "the Valorant Semi", "SUBJECT_DIFFERS"],
    ["the date", MATCH, "April 5 at", "March 25 at", "DELAY_PASSED"],
    ["the date to another form", MATCH, "April 5 at 11:00AM ET", "Easter Sunday", "SUBJECT_DIFFERS"],
    [
      "the line of one side",
      HANDICAP,
      'Otherwise, this market will resolve to "illwill"',
      'Otherwise, this market will resolve to "FaZe"',
      "MISSING_CLAUSE",
    ],
  ])("is refused: %s", (_, text, from, to, code) => {
    expect(text).toContain(from);
    const answer = assess(text.replace(from, to));
    expect(codes(answer)).toContain(code);
    for (const { sentence, why } of answer.ok ? [] : answer.findings) {
      expect(sentence).not.toBe("");
      expect(why).not.toBe("");
    }
  });

  it("is refused when a sentence is gone, is there twice in two versions, or is added", () => {
    const sentences = MATCH.split("\n\n");
    sentences.forEach((_, index) => {
      expect(codes(assess(sentences.toSpliced(index, 1).join("\n\n")))).toEqual(
        expect.arrayContaining([expect.stringMatching(/MISSING_CLAUSE|UNCLEAR_ORACLE|TEMPLATE_UNSUPPORTED/)]),
      );
    });
    const twice = `${MATCH}\n\nIf the match is canceled (not played at all), this market will resolve to the team who wins.`;
    expect(codes(assess(twice))).toEqual(["CONTRADICTION"]);
    expect(codes(assess(MATCH.replace("7 days", "14 days").concat(`\n\n${sentences[3]!}`)))).toEqual([
      "CONTRADICTION",
    ]);
    for (const added of [
      "Polymarket may clarify these rules at its sole discretion.",
      "Overtime does not count.",
      "Only maps played on LAN are considered.",
    ]) {
      const answer = assess(`${MATCH}\n\n${added}`);
      expect(answer).toMatchObject({ ok: false, findings: [{ sentence: added }] });
    }
  });
});

describe("a text and its listing", () => {
  it("must be about one thing", () => {
    expect(codes(assess(MATCH, { subject: { kind: "game", game: 1 } }))).toEqual(["SUBJECT_DIFFERS"]);
    expect(codes(assess(GAME, { subject: { kind: "game", game: 1 } }))).toEqual(["SUBJECT_DIFFERS"]);
    expect(codes(assess(HANDICAP, { subject: { kind: "series" } }))).toEqual(["SUBJECT_DIFFERS"]);
    expect(codes(assess(MATCH, { resolutionSource: "https://liquipedia.net/counterstrike" }))).toEqual([
      "UNCLEAR_ORACLE",
    ]);
    expect(codes(assess(MATCH, { outcomes: ["FaZe", "MOUZ"] }))).toEqual(["TEMPLATE_UNSUPPORTED"]);
  });

  it("may differ in the start by what the text allows, in New York's time of the year", () => {
    const moved = (iso: string) => codes(assess(MATCH, { startsAt: readInstant(iso) }));
    expect(moved("2026-04-12T15:00:00Z")).toEqual(["ok"]);
    expect(moved("2026-04-12T15:00:01Z")).toEqual(["DELAY_PASSED"]);
    expect(moved("2026-04-04T14:59:59Z")).toEqual(["SUBJECT_DIFFERS"]);
    const winter = MATCH.replace("April 5", "January 5");
    const answer = assess(winter, { startsAt: readInstant("2026-01-12T16:00:00Z") });
    expect(codes(answer)).toEqual(["ok"]);
    expect(codes(assess(winter, { startsAt: readInstant("2026-01-12T16:00:01Z") }))).toEqual([
      "DELAY_PASSED",
    ]);
    // A date without a year is the nearest one.
    const turn = MATCH.replace("April 5", "December 31");
    expect(codes(assess(turn, { startsAt: readInstant("2027-01-01T12:00:00Z") }))).toEqual(["ok"]);
  });
});

describe("other texts", () => {
  it("are of no template", () => {
    const odd =
      'This market will resolve to "Odd" if the total combined kills by both teams in Map 1 is an odd number.\n\nIf Map 1 is remade, resolution will be based on the remade game only.';
    expect(assess(odd, { outcomes: ["Odd", "Even"] })).toMatchObject({
      findings: [{ code: "TEMPLATE_UNSUPPORTED", sentence: expect.stringContaining("odd number") as string }],
    });
    expect(codes(assess("x".repeat(20_001)))).toEqual(["TEXT_TOO_LONG"]);
    expect(codes(assess(""))).toEqual(["TEMPLATE_UNSUPPORTED"]);
  });

  it("never pass by chance, and cost little", () => {
    const parts = fc.constantFrom(...MATCH.split(/(?<=[ .])/), "<t0>", "<u0>", "FaZe", "$&", "\u0000");
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (words) => {
        const rules = words.join("");
        expect(assess(rules).ok).toBe(rules === MATCH);
      }),
    );
    const nasty = `This market refers to the lol ${"match between FaZe and illwill in a ".repeat(500)}`;
    const begun = performance.now();
    expect(assess(nasty).ok).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
