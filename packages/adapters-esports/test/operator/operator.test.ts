import { VirtualClock, type MatchClaim, type MatchDescription } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOperatorFeed, FACT_GRAMMAR, formatFact, parseFact } from "../../src/index.ts";
import { CS, EPOCH, LOL, takeUntil } from "../support.ts";

const parse = (text: string): MatchClaim => parseFact(text, [CS, LOL]).claim;
const id = CS.matchId;

describe("facts on one line", () => {
  it.each<[string, MatchClaim]>([
    ["series started", { kind: "series_started" }],
    ["series won by team 1", { kind: "series_won", winner: 0 }],
    ['series won by "Sea Otters" by forfeit', { kind: "series_won", winner: 1, forfeit: true }],
    ["series won by sea otters", { kind: "series_won", winner: 1 }],
    ["series ended", { kind: "series_ended" }],
    ["series score 2-1", { kind: "series_score", maps: [2, 1] }],
    ["game 1 started", { kind: "game_started", game: 1 }],
    ["game 2 paused", { kind: "game_paused", game: 2 }],
    ["GAME 2 RESUMED", { kind: "game_resumed", game: 2 }],
    ["game 3 ended", { kind: "game_ended", game: 3 }],
    ['game 2 won by "wlv"', { kind: "game_won", game: 2, winner: 0 }],
    ["game 2 won by Wolves by forfeit", { kind: "game_won", game: 2, winner: 0, forfeit: true }],
    ["score 2: 12-9", { kind: "game_progress", game: 2, progress: { score: [12, 9] } }],
    ["score  2 : 12 - 9", { kind: "game_progress", game: 2, progress: { score: [12, 9] } }],
    ["retract game 2 rollback", { kind: "retracted", game: 2, reason: "rollback" }],
    ["retract game 2", { kind: "retracted", game: 2, reason: "correction" }],
    ["retract", { kind: "retracted", reason: "correction" }],
    ["retract series remake", { kind: "retracted", reason: "remake" }],
    ["canceled", { kind: "cancelled", reason: "cancelled" }],
    ["walkover", { kind: "cancelled", reason: "walkover" }],
    ["postponed", { kind: "cancelled", reason: "postponed" }],
    ["invalid", { kind: "source_invalid" }],
    ["valid", { kind: "source_valid" }],
  ])("%s", (text, claim) => {
    expect(parseFact(`  ${id} ${text} `, [LOL, CS])).toEqual({ matchId: id, claim });
  });

  it.each([
    ["", "USAGE", /empty/],
    [id, "USAGE", /says nothing about the match/],
    ["nope game 1 started", "MATCH_UNKNOWN", /no match "nope"[\s\S]*cs2-wolves-otters, lol-wolves-otters/],
    [`${id} game 4 started`, "USAGE", /best of 3 has games 1 to 3/],
    [`${id} game 0 won by team 1`, "USAGE", /games 1 to 3/],
    [
      `${id} game 2 won by Foxes`,
      "USAGE",
      /"Foxes" is neither team 1 \("Wolves"\) nor team 2 \("Sea Otters"\)/,
    ],
    [`${id} game 2 won by team 3`, "USAGE", /neither team 1/],
    [`${id} series score 3-1`, "USAGE", /more than a best of 3/],
    [`${id} score 2: 12`, "USAGE", /is no fact[\s\S]*score <n>: <score>-<score>/],
    [`${id} constructor`, "USAGE", /is no fact/],
    [`${id} ${"x".repeat(600)}`, "USAGE", /too long/],
  ])("refuses %s and says what to do", (text, code, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it("refuses a name that both teams answer to", () => {
    const twins: MatchDescription = {
      ...CS,
      teams: [{ name: "Wolves" }, { name: "Wolves Academy", aliases: ["wolves"] }],
    };
    expect(() => parseFact(`${id} series won by Wolves`, [twins])).toThrow(
      /may be either team: say team 1 or team 2/,
    );
    expect(parseFact(`${id} series won by "wolves academy"`, [twins]).claim).toEqual({
      kind: "series_won",
      winner: 1,
    });
  });

  it("takes a quoted name for a name, whatever it is", () => {
    const odd: MatchDescription = { ...CS, teams: [{ name: "Team 2" }, { name: "by forfeit" }] };
    expect(parseFact(`${id} series won by "Team 2"`, [odd]).claim).toMatchObject({ winner: 0 });
    expect(parseFact(`${id} series won by team 2`, [odd]).claim).toMatchObject({ winner: 1 });
    expect(parseFact(`${id} series won by "by forfeit" by forfeit`, [odd]).claim).toMatchObject({
      winner: 1,
      forfeit: true,
    });
  });

  it("reads what it writes", () => {
    const game = fc.integer({ min: 1, max: 3 });
    const winner = fc.constantFrom<0 | 1>(0, 1);
    const reason = fc.constantFrom<"rollback" | "remake" | "correction">("rollback", "remake", "correction");
    const claim: fc.Arbitrary<MatchClaim> = fc.oneof(
      fc.constantFrom<MatchClaim>(
        { kind: "series_started" },
        { kind: "series_ended" },
        { kind: "source_invalid" },
        { kind: "source_valid" },
      ),
      fc.record({ kind: fc.constant("series_won" as const), winner }),
      fc.record({ kind: fc.constant("game_won" as const), game, winner, forfeit: fc.constant(true) }),
      fc.record({
        kind: fc.constantFrom(
          "game_started" as const,
          "game_paused" as const,
          "game_resumed" as const,
          "game_ended" as const,
        ),
        game,
      }),
      fc.record({ kind: fc.constant("retracted" as const), game, reason }),
      fc.record({ kind: fc.constant("retracted" as const), reason }),
      fc.tuple(game, fc.nat({ max: 9999 }), fc.nat({ max: 9999 })).map(([n, a, b]) => ({
        kind: "game_progress" as const,
        game: n,
        progress: { score: [a, b] as const },
      })),
      fc
        .constantFrom("cancelled", "walkover", "postponed")
        .map((why) => ({ kind: "cancelled" as const, reason: why })),
    );
    fc.assert(
      fc.property(claim, (one) => {
        expect(parseFact(formatFact({ matchId: id, claim: one })!, [CS])).toEqual({
          matchId: id,
          claim: one,
        });
      }),
    );
    expect(
      formatFact({ matchId: id, claim: { kind: "game_progress", game: 1, progress: { gold: [1, 2] } } }),
    ).toBeUndefined();
  });

  it("never fails in another way than its own", () => {
    const words = fc.constantFrom(
      id,
      "game",
      "2",
      "won",
      "by",
      '"',
      "series",
      "score",
      "-",
      ":",
      "team",
      "1",
      "retract",
      "__proto__",
    );
    const line = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 8 }).map((each) => each.join(" ")),
    );
    fc.assert(
      fc.property(line, (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(["USAGE", "MATCH_UNKNOWN"]).toContain((error as { code: string }).code);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("has a line of help for everything", () => {
    expect(FACT_GRAMMAR.length).toBeGreaterThan(8);
  });
});

describe("the operator's feed", () => {
  it("yields what is stated, also what was stated before anybody listened", async () => {
    const clock = new VirtualClock({ startsAt: EPOCH });
    const feed = createOperatorFeed({ clock, tier: "A" });
    expect(feed).toMatchObject({ id: "operator", tier: "A", upstream: "operator" });
    const early = feed.state({ matchId: id, claim: { kind: "series_started" } });
    expect(early).toMatchObject({ ref: "1", receivedAt: EPOCH, occurredAt: EPOCH, at: 0 });
    clock.advance(1000);
    const abort = new AbortController();
    const events = feed.events({ matches: [CS], signal: abort.signal });
    const seen = takeUntil(events, (all) => all.length === 2);
    feed.state({ matchId: LOL.matchId, claim: { kind: "series_started" } }); // another match: not for this listener
    await Promise.resolve();
    feed.state(parseFact(`${id} game 1 won by Wolves`, [CS]));
    expect(await seen).toMatchObject([
      { ref: "1", at: 1_000_000_000, matchId: id },
      { ref: "3", source: "operator", claim: { kind: "game_won", game: 1, winner: 0 } },
    ]);
    expect(feed.health()).toBe("live");
    abort.abort();
    expect(await takeUntil(events, () => false)).toEqual([]);
    const others = feed.events({ matches: [LOL], signal: new AbortController().signal });
    expect(await takeUntil(others, (all) => all.length === 1)).toMatchObject([
      { ref: "2", matchId: LOL.matchId },
    ]);
  });

  it("ends at the signal", async () => {
    const feed = createOperatorFeed({ clock: new VirtualClock(), source: "desk", upstream: "stream" });
    const abort = new AbortController();
    const all = takeUntil(feed.events({ matches: [CS], signal: abort.signal }), () => false);
    await Promise.resolve();
    feed.state({ matchId: id, claim: { kind: "series_ended" } });
    abort.abort();
    expect(await all).toMatchObject([{ source: "desk", upstream: "stream", tier: "B" }]);
    expect(await takeUntil(feed.events({ matches: [CS], signal: abort.signal }), () => false)).toEqual([]);
  });
});
