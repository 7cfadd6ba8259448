import { describe, expect, it } from "vitest";
import { MarketTrading } from "../../src/trading/index.ts";
import type { TruthStatus } from "../../src/state/index.ts";
import type { Nanos } from "../../src/units/index.ts";
import {
  after,
  ALICE,
  BOB,
  clear,
  exposure,
  facts,
  halt,
  intent,
  MARKET,
  RESOLVED,
  RESUME,
  run,
  STRICT,
  truth,
} from "./support.ts";

const at = 1 as Nanos;

describe("claiming a market", () => {
  it("goes to BUILDING_PAIR for a pair leg and to TEMPORAL_ACTIVE for a directional intent", () => {
    expect(after(intent(ALICE)).status).toBe("BUILDING_PAIR");
    expect(after(intent(BOB)).status).toBe("TEMPORAL_ACTIVE");
  });

  it("keeps the owner until the market is IDLE again", () => {
    const trading = after(intent(ALICE));
    expect([trading.owner, trading.posture]).toEqual(["alice", "pair"]);
    run(trading, exposure(0, 0, "o"), exposure(5, 0), exposure(0, 0, "o"));
    expect(trading.owner).toBe("alice");
    run(trading, exposure(0, 0));
    expect([trading.status, trading.owner, trading.posture]).toEqual(["IDLE", undefined, undefined]);
  });

  it("denies a second claimant and leaves the market alone when the intent comes all the same", () => {
    const trading = after(intent(ALICE));
    for (const action of ["entry", "hedge", "exit"] as const) {
      expect(trading.allows(action, BOB, STRICT)).toEqual({ denied: "MARKET_BUSY" });
      expect(trading.allows(action, { ...ALICE, posture: "directional" }, STRICT)).toEqual({
        denied: "MARKET_BUSY",
      });
      expect(trading.allows(action, ALICE, STRICT)).toBe(true);
    }
    const change = trading.apply(intent(BOB), at);
    expect(change).toMatchObject({
      from: "BUILDING_PAIR",
      to: "BUILDING_PAIR",
      applied: false,
      cancelAll: false,
    });
    expect(change.illegal).toContain("MARKET_BUSY");
    expect(trading.apply(intent({ ...ALICE, strategyId: BOB.strategyId }), at).illegal).toContain(
      "MARKET_BUSY",
    );
    expect(trading.apply(intent({ ...ALICE, posture: "directional" }), at).illegal).toContain("MARKET_BUSY");
    expect(trading.owner).toBe("alice");
    // Nothing of it is remembered as under way either.
    run(trading, exposure(5, 0));
    trading.apply(intent(BOB), at);
    expect(run(trading, RESOLVED).to).toBe("RESOLVED");
  });

  it("lets the next strategy have it once it is IDLE", () => {
    const trading = after(intent(ALICE), exposure(0, 0));
    run(trading, intent(BOB));
    expect([trading.status, trading.owner]).toEqual(["TEMPORAL_ACTIVE", "bob"]);
  });

  it("does not take an order that is being made for nothing", () => {
    // HALT and resume between the intent and its order's first report: the market is not IDLE.
    expect(after(intent(BOB), halt("connectivity"), clear("connectivity")).status).toBe("TEMPORAL_ACTIVE");
  });

  it("gives a market back to its last owner when a fill comes late", () => {
    const trading = after(intent(ALICE), exposure(0, 0));
    run(trading, exposure(0, 0, "o"));
    expect([trading.status, trading.owner]).toEqual(["BUILDING_PAIR", "alice"]);
    run(trading, exposure(0, 0), exposure(5, 5));
    expect([trading.status, trading.owner]).toEqual(["LOCKED_PAIR", "alice"]);
    expect(after(intent(BOB), exposure(0, 0), exposure(5, 5)).status).toBe("TEMPORAL_ACTIVE");
  });

  it("halts over holdings that nobody of this run intended, and then lets anyone reduce them only", () => {
    const trading = new MarketTrading(MARKET);
    const change = run(trading, exposure(5, 0));
    expect(change).toMatchObject({ to: "HALT", cancelAll: true });
    expect([...trading.causes]).toEqual(["reconcile"]);
    run(trading, clear("reconcile"), RESUME);
    expect([trading.status, trading.owner]).toEqual(["TEMPORAL_ACTIVE", undefined]);
    expect(trading.allows("entry", BOB, STRICT)).toEqual({ denied: "MARKET_BUSY" });
    expect(trading.allows("exit", BOB, STRICT)).toBe(true);
    run(trading, intent(BOB), exposure(0, 0));
    expect(trading.status).toBe("IDLE");
    const pair = after(exposure(5, 5), clear("reconcile"), RESUME);
    expect(pair.status).toBe("LOCKED_PAIR");
    run(pair, exposure(9, 5));
    expect(pair.status).toBe("TEMPORAL_ACTIVE");
  });
});

describe("a pair", () => {
  it("is locked only with shares of both outcomes and a residual of at most dust, whatever the profit", () => {
    const status = (yes: number, no: number, open: "" | "o" = "") =>
      after(intent(ALICE), exposure(yes, no, open)).status;
    expect(status(5, 5)).toBe("LOCKED_PAIR");
    expect(status(5, 5.01)).toBe("LOCKED_PAIR");
    expect(status(5, 5, "o")).toBe("LOCKED_PAIR");
    expect(status(5, 5.010001)).toBe("BUILDING_PAIR");
    expect(status(5, 0)).toBe("BUILDING_PAIR");
    expect(status(0.02, 0)).toBe("BUILDING_PAIR");
    expect(status(0.011, 0.0)).toBe("BUILDING_PAIR");
    expect(status(0.005, 0.005, "o")).toBe("BUILDING_PAIR");
    expect(status(0.005, 0.005)).toBe("IDLE");
  });

  it("allows neither entries nor exits while locked, but merges", () => {
    const trading = after(intent(ALICE), exposure(5, 5));
    for (const action of ["entry", "hedge", "exit"] as const) {
      expect(trading.allows(action, ALICE, STRICT)).toEqual({ denied: "MARKET_LOCKED" });
    }
    expect(trading.allows("merge", undefined, STRICT)).toBe(true);
    expect(trading.allows("cancel", undefined, STRICT)).toBe(true);
    expect(trading.apply(intent(ALICE), at).illegal).toContain("LOCKED_PAIR");
  });

  it("goes to IDLE when its merge is final, and waits in BUILDING_PAIR for what is still open", () => {
    const trading = after(intent(ALICE), exposure(5, 5), exposure(5, 5, "c"));
    expect(trading.status).toBe("LOCKED_PAIR");
    expect(run(trading, { kind: "merge_final", facts: facts(0, 0) })).toMatchObject({
      from: "LOCKED_PAIR",
      to: "IDLE",
    });
    const other = after(intent(ALICE), exposure(5, 5), { kind: "merge_final", facts: facts(0.005, 0, "o") });
    expect(other.status).toBe("BUILDING_PAIR");
    run(other, exposure(0.005, 0));
    expect(other.status).toBe("IDLE");
  });

  it("is built again when a fill is voided or a merge reverted with a leg missing", () => {
    expect(after(intent(ALICE), exposure(5, 5), { kind: "pair_broken", facts: facts(5, 0) }).status).toBe(
      "BUILDING_PAIR",
    );
    expect(after(intent(ALICE), exposure(5, 5), { kind: "pair_broken", facts: facts(5, 5) }).status).toBe(
      "LOCKED_PAIR",
    );
    expect(after(intent(ALICE), exposure(5, 5), exposure(9, 5)).status).toBe("BUILDING_PAIR");
  });
});

describe("a directional position", () => {
  it("goes to IDLE only when it is at most dust and nothing is open", () => {
    const trading = after(intent(BOB), exposure(5, 0), exposure(5, 5));
    expect(trading.status).toBe("TEMPORAL_ACTIVE");
    run(trading, exposure(0.01, 0, "o"));
    expect(trading.status).toBe("TEMPORAL_ACTIVE");
    run(trading, exposure(0.01, 0, "c"));
    expect(trading.status).toBe("TEMPORAL_ACTIVE");
    run(trading, exposure(0.01, 0));
    expect(trading.status).toBe("IDLE");
  });
});

describe("HALT", () => {
  const states = {
    IDLE: [truth("live")],
    BUILDING_PAIR: [intent(ALICE), exposure(5, 0)],
    TEMPORAL_ACTIVE: [intent(BOB), exposure(5, 0)],
    LOCKED_PAIR: [intent(ALICE), exposure(5, 5)],
    FINALIZING: [truth("final")],
  } as const;

  it.each(Object.entries(states))(
    "is entered from %s with every order to be cancelled, and left to it",
    (status, inputs) => {
      const trading = after(...inputs);
      expect(trading.status).toBe(status);
      expect(run(trading, halt("gapped_book"))).toMatchObject({
        from: status,
        to: "HALT",
        applied: true,
        cancelAll: true,
      });
      expect(run(trading, clear("gapped_book"))).toMatchObject({
        from: "HALT",
        to: status,
        cancelAll: status === "FINALIZING",
      });
      expect(trading.causes.size).toBe(0);
    },
  );

  it("holds a set of causes and ends with the last", () => {
    const trading = after(halt("gapped_book"), halt("stale_book"), halt("gapped_book"));
    expect([...trading.causes]).toEqual(["gapped_book", "stale_book"]);
    expect(run(trading, halt("gapped_book"))).toMatchObject({ applied: false, cancelAll: false });
    expect(run(trading, halt("breaker"))).toMatchObject({ applied: true, cancelAll: true });
    run(trading, clear("breaker"), clear("gapped_book"), clear("connectivity"));
    expect([trading.status, ...trading.causes]).toEqual(["HALT", "stale_book"]);
    run(trading, clear("stale_book"));
    expect(trading.status).toBe("IDLE");
  });

  it("recomputes from what happened meanwhile", () => {
    const halted = (...meanwhile: Parameters<typeof after>) => {
      const trading = after(intent(ALICE), exposure(5, 0, "o"), halt("manual"), ...meanwhile);
      expect(trading.status).toBe("HALT");
      run(trading, RESUME);
      return trading;
    };
    expect(halted().status).toBe("BUILDING_PAIR");
    expect(halted(exposure(5, 5)).status).toBe("LOCKED_PAIR");
    expect(halted(exposure(0, 0)).status).toBe("IDLE");
    expect(halted(exposure(0, 0)).owner).toBeUndefined();
    expect(halted(exposure(0, 0, "o")).status).toBe("BUILDING_PAIR");
    expect(halted().owner).toBe("alice");
    // Own truth is terminal by now: not back to trading, and not to IDLE.
    expect(halted(truth("final")).status).toBe("FINALIZING");
    expect(halted(exposure(0, 0), truth("void")).status).toBe("FINALIZING");
    expect(halted(RESOLVED).status).toBe("FINALIZING");
  });

  it("is left by RESOLVED whatever its causes", () => {
    const trading = after(intent(ALICE), exposure(5, 0, "o"), halt("manual"), RESOLVED);
    expect(trading.status).toBe("HALT");
    expect(run(trading, exposure(5, 0))).toMatchObject({ from: "HALT", to: "RESOLVED", cancelAll: false });
    expect(trading.causes.size).toBe(0);
  });
});

describe("truth about the market itself", () => {
  it.each<TruthStatus>(["effectively_final", "final", "void", "not_played"])(
    "%s leads to FINALIZING",
    (status) => {
      const trading = after(intent(BOB), exposure(5, 0, "o"));
      expect(run(trading, truth(status))).toMatchObject({ to: "FINALIZING", cancelAll: true });
      expect(trading.owner).toBe("bob");
    },
  );

  it.each<TruthStatus>(["scheduled", "live", "paused"])("%s changes nothing", (status) => {
    expect(after(intent(BOB), truth(status)).status).toBe("TEMPORAL_ACTIVE");
  });

  it.each<TruthStatus>(["disputed", "retracted"])("%s halts, also a market that was FINALIZING", (status) => {
    for (const trading of [
      after(intent(BOB), exposure(5, 0)),
      after(intent(BOB), exposure(5, 0), truth("final")),
    ]) {
      expect(run(trading, truth(status))).toMatchObject({ to: "HALT", cancelAll: true });
      expect([...trading.causes]).toEqual(["truth_disputed"]);
    }
  });

  it("clears the dispute by leaving it, and not before", () => {
    const trading = after(intent(BOB), exposure(5, 0), truth("final"), truth("disputed"));
    const refused = trading.apply(clear("truth_disputed"), at);
    expect(refused).toMatchObject({ from: "HALT", to: "HALT", applied: false });
    expect(refused.reason).toContain("still disputed");
    run(trading, RESUME);
    expect(trading.status).toBe("HALT");
    run(trading, truth("live"));
    expect(trading.status).toBe("TEMPORAL_ACTIVE");
    expect(after(truth("disputed"), truth("final")).status).toBe("FINALIZING");
  });

  it("takes a decided outcome that is open again for a retraction, even one it was not told of", () => {
    const trading = after(intent(BOB), exposure(5, 0, "o"), truth("effectively_final"));
    const change = run(trading, truth("live"));
    expect(change).toMatchObject({
      from: "FINALIZING",
      via: ["HALT"],
      to: "TEMPORAL_ACTIVE",
      cancelAll: true,
    });
  });

  it("says whether it is news", () => {
    const trading = new MarketTrading(MARKET);
    expect(run(trading, truth("live")).applied).toBe(true);
    expect(run(trading, truth("live")).applied).toBe(false);
  });

  it("does not give a market to anyone that is decided", () => {
    const trading = after(
      intent(BOB),
      exposure(0, 0),
      truth("final"),
      halt("stale_book"),
      clear("stale_book"),
    );
    expect([trading.status, trading.owner]).toEqual(["FINALIZING", undefined]);
  });

  it("does not reopen a market that the venue has resolved", () => {
    const trading = after(intent(BOB), exposure(5, 0, "o"), truth("final"), RESOLVED);
    expect(run(trading, truth("live")).to).toBe("FINALIZING");
  });
});

describe("venue resolution", () => {
  it("waits in FINALIZING until every order and trade is terminal", () => {
    const trading = after(intent(BOB), exposure(5, 0, "o"));
    expect(run(trading, RESOLVED)).toMatchObject({ to: "FINALIZING", cancelAll: true });
    expect(run(trading, exposure(7, 0, "o")).to).toBe("FINALIZING");
    expect(run(trading, exposure(7, 0))).toMatchObject({
      from: "FINALIZING",
      to: "RESOLVED",
      cancelAll: false,
    });
    expect(trading.owner).toBe("bob");
  });

  it("passes through FINALIZING when nothing is open", () => {
    expect(run(new MarketTrading(MARKET), RESOLVED)).toMatchObject({
      from: "IDLE",
      via: ["FINALIZING"],
      to: "RESOLVED",
      cancelAll: true,
    });
  });

  it("does not wait for chain actions", () => {
    expect(after(intent(ALICE), exposure(5, 5), exposure(5, 5, "c"), RESOLVED).status).toBe("RESOLVED");
  });

  it("is the end", () => {
    const trading = after(RESOLVED);
    for (const input of [
      halt("kill"),
      truth("disputed"),
      exposure(5, 0, "o"),
      clear("kill"),
      RESUME,
      RESOLVED,
    ]) {
      expect(run(trading, input)).toMatchObject({ from: "RESOLVED", to: "RESOLVED", cancelAll: false });
    }
    expect(trading.causes.size).toBe(0);
    expect(trading.apply(intent(ALICE), at).illegal).toBeDefined();
    expect(trading.allows("redeem", undefined, STRICT)).toBe(true);
    expect(trading.allows("exit", ALICE, STRICT)).toEqual({ denied: "MARKET_RESOLVED" });
  });
});

it("tells since when it has been in its state", () => {
  const trading = new MarketTrading(MARKET);
  trading.apply(intent(ALICE), 5 as Nanos);
  trading.apply(exposure(5, 0), 9 as Nanos);
  expect(trading.since).toBe(5);
});
