import { describe, expect, it } from "vitest";
import { pooledLogOdds, type Statement } from "../../src/truth/index.ts";
import { id } from "../../src/ids.ts";
import { config, Desk, MATCH, steps } from "./helpers.ts";

function statement(source: string, over: Partial<Statement> = {}): Statement {
  return {
    source: id(source),
    tier: "B",
    upstream: source,
    accuracy: 0.95,
    says: 0,
    forfeit: false,
    stated: true,
    order: 1,
    ...over,
  };
}

function judge(...statements: Statement[]): ReturnType<typeof pooledLogOdds.judge> {
  return pooledLogOdds.judge({ matchId: MATCH, game: 1, statements }, config());
}

describe("pooled log-odds", () => {
  it("gives the documented posteriors", () => {
    const a = { tier: "A", accuracy: 0.99 } as const;
    const c = { tier: "C", accuracy: 0.9 } as const;
    expect(judge(statement("p")).posterior).toBeCloseTo(0.95, 12);
    expect(judge(statement("p"), statement("q")).posterior).toBeCloseTo(0.9972, 4);
    expect(judge(statement("p"), statement("w", c)).posterior).toBeCloseTo(0.9942, 4);
    expect(judge(statement("g", a)).posterior).toBeCloseTo(0.99, 12);
    expect(judge(statement("g", a), statement("p", { says: 1 })).posterior).toBeCloseTo(0.839, 3);
    expect(judge(statement("g", a), statement("p", { says: 1, accuracy: 0.98 })).posterior).toBeCloseTo(
      0.669,
      3,
    );
  });

  it("confirms with one tier-B source and finishes with two upstreams", () => {
    expect(judge(statement("p")).level).toBe("effective");
    expect(judge(statement("p"), statement("q")).level).toBe("final");
    expect(judge(statement("p"), statement("w", { tier: "C", accuracy: 0.9 })).level).toBe("final");
  });

  it("finishes with one tier-A result statement, but not with a tier-A score", () => {
    const a = { tier: "A", accuracy: 0.99 } as const;
    expect(judge(statement("g", a)).level).toBe("final");
    expect(judge(statement("g", { ...a, stated: false })).level).toBe("effective");
  });

  it("counts an upstream once, by its best source", () => {
    const both = judge(statement("p", { upstream: "u" }), statement("q", { upstream: "u", accuracy: 0.97 }));
    expect(both.posterior).toBeCloseTo(0.97, 12);
    expect(both.level).toBe("effective");
    expect(both.sources).toEqual(["p", "q"]);
  });

  it("gives a divided upstream no vote", () => {
    const divided = judge(statement("p", { upstream: "u" }), statement("q", { upstream: "u", says: 1 }));
    expect(divided).toMatchObject({ leader: undefined, level: "none", posterior: 0.5, contradicted: true });
    expect(divided.logOdds).toEqual([0, 0, 0]);
    const other = judge(
      statement("p", { upstream: "u" }),
      statement("q", { upstream: "u", says: 1 }),
      statement("s"),
    );
    expect(other.posterior).toBeCloseTo(0.95, 12);
  });

  it("takes tier C as confirmation only", () => {
    const c = { tier: "C", accuracy: 0.9 } as const;
    expect(judge(statement("w", c)).level).toBe("none");
    expect(judge(statement("w", c), statement("x", c), statement("y", c)).level).toBe("none");
    expect(judge(statement("w", c), statement("x", { ...c, says: 1 })).contradicted).toBe(false);
  });

  it("names no leader on a tie", () => {
    expect(judge(statement("p"), statement("q", { says: 1 }))).toMatchObject({
      leader: undefined,
      level: "none",
      posterior: 0.5,
      contradicted: true,
    });
  });

  it("counts a denial against what was stated before it only", () => {
    const before = judge(statement("p", { order: 1 }), statement("q", { says: "open", order: 2 }));
    expect(before).toMatchObject({ leader: 0, level: "none", posterior: 0.5, contradicted: true });
    const after = judge(statement("p", { order: 3 }), statement("q", { says: "open", order: 2 }));
    expect(after).toMatchObject({ leader: 0, level: "effective", contradicted: false });
  });

  it("needs upstreams for final net of those against", () => {
    const split = judge(statement("p"), statement("q"), statement("r", { says: 1 }));
    expect(split).toMatchObject({ leader: 0, level: "effective", contradicted: true });
    expect(judge(statement("p"), statement("q"), statement("s"), statement("r", { says: 1 })).level).toBe(
      "final",
    );
  });

  it("does not depend on the order of statements, to the last bit", () => {
    const set = [
      statement("p", { accuracy: 0.91 }),
      statement("q", { accuracy: 0.973 }),
      statement("r", { says: 1, accuracy: 0.88 }),
      statement("s", { accuracy: 0.777 }),
    ];
    expect(judge(...set)).toEqual(judge(...set.toReversed()));
  });
});

describe("tiers", () => {
  it("are the configuration's: a listed source is A, an unlisted one never", () => {
    const listed = new Desk();
    listed.won("grid", 1, 0, { tier: "C" });
    expect(listed.game(1).status).toBe("final");
    const unlisted = new Desk();
    unlisted.won("panda", 1, 0, { tier: "A" });
    expect(unlisted.game(1).status).toBe("effectively_final");
    const configured = new Desk({ tier_a_sources: ["panda"] });
    configured.won("grid", 1, 0, { tier: "A" });
    expect(configured.game(1).status).toBe("effectively_final");
    configured.won("panda", 1, 0);
    expect(configured.game(1).status).toBe("final");
  });

  it("let tier C confirm a result but never make one, and never start a game", () => {
    const desk = new Desk();
    expect(steps(desk.start("wiki", 1))).toEqual([]);
    desk.say("wiki", { kind: "game_progress", game: 1, progress: { score: [3, 0] } });
    expect(desk.game(1)).toMatchObject({ status: "scheduled", progress: {} });
    const rumour = desk.won("wiki", 1, 0);
    expect(desk.game(1)).toMatchObject({ status: "scheduled", winner: 0, sources: ["wiki"] });
    expect(rumour.every((change) => !change.fresh)).toBe(true);
    expect(steps(desk.won("panda", 1, 0))).toEqual(["series scheduled>live", "#1 scheduled>final"]);
  });
});

describe("waiting for a second upstream", () => {
  it("flags the verdict and never makes it final", () => {
    const desk = new Desk({ max_wait_ms: 10_000 });
    desk.won("panda", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", winner: 1, singleSource: false });
    desk.pass(9_999);
    expect(desk.game(1).singleSource).toBe(false);
    const [late] = desk.pass(1);
    expect(late).toMatchObject({ game: 1, on: "wait_expired", kind: "status", fresh: false });
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", singleSource: true });
    desk.pass(10_000_000);
    expect(desk.game(1).status).toBe("effectively_final");
    expect(steps(desk.won("steam", 1, 1))).toEqual(["#1 effectively_final>final"]);
    expect(desk.game(1)).toMatchObject({ singleSource: false, sources: ["panda", "steam"] });
    expect([...desk.timers.keys()]).toEqual(["truth:stale:match-1"]);
  });

  it("is not shortened by a source of the same upstream", () => {
    const desk = new Desk();
    desk.won("panda", 1, 1);
    desk.won("relay", 1, 1);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", sources: ["panda", "relay"] });
    desk.pass(10_000);
    expect(desk.game(1)).toMatchObject({ status: "effectively_final", singleSource: true });
  });
});
