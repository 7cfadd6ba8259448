import { describe, expect, it, test } from "vitest";
import {
  classify,
  MarketTrading,
  SYSTEM_STATUSES,
  SYSTEM_SYMBOLS,
  SYSTEM_TABLE,
  systemDiagram,
  SystemMachine,
  tradingDiagram,
  type ExposureClass,
  type SystemInput,
} from "../../src/trading/index.ts";
import { HaltCauses } from "../../src/trading/haltCauses.ts";
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
  truth,
} from "./support.ts";

const at = 7 as Nanos;

describe("what an input did is told in full", () => {
  it("a move, and what did not move anything", () => {
    const trading = new MarketTrading(MARKET);
    expect(trading.apply(intent(BOB), at)).toStrictEqual({
      from: "IDLE",
      to: "TEMPORAL_ACTIVE",
      via: [],
      symbols: ["intent_directional"],
      applied: true,
      cancelAll: false,
      reason: "a directional position was intended",
    });
    expect(trading.apply(exposure(5, 0), at)).toStrictEqual({
      from: "TEMPORAL_ACTIVE",
      to: "TEMPORAL_ACTIVE",
      via: [],
      symbols: ["facts_residual"],
      applied: false,
      cancelAll: false,
      reason: "a position is held",
    });
  });

  it("a halt with its cause and reason", () => {
    const trading = new MarketTrading(MARKET);
    const entered = trading.apply({ kind: "halt", cause: "manual" }, at);
    expect(entered).toMatchObject({ symbols: ["halt"], reason: "a halt cause was raised (manual)" });
    expect(run(trading, RESUME)).toStrictEqual({
      from: "HALT",
      to: "IDLE",
      via: [],
      symbols: ["clear_last"],
      applied: true,
      cancelAll: false,
      reason: "no cause is left: recomputed from holdings, open orders, owner, posture and truth (manual)",
    });
  });

  it("every cause that went, and nothing where none was there", () => {
    expect(run(after(halt("manual"), halt("kill")), RESUME).reason).toMatch(/ \(manual, kill\)$/);
    expect(run(new MarketTrading(MARKET), RESUME)).toMatchObject({
      applied: false,
      reason: "not halted: there is no cause to clear",
    });
    expect(run(after(halt("manual")), clear("stale_book"))).toMatchObject({
      to: "HALT",
      applied: false,
      reason: "other causes, or the other half of this cause's rule, remain",
    });
    expect(run(after(halt("manual"), halt("stale_book")), clear("stale_book"))).toMatchObject({
      to: "HALT",
      applied: true,
      symbols: ["clear_partial"],
      reason: "other causes, or the other half of this cause's rule, remain (stale_book)",
    });
    expect(run(after(halt("stale_book"), halt("gapped_book")), RESUME).reason).toBe(
      "other causes, or the other half of this cause's rule, remain (still halted by " +
        "stale_book until the book is resynced and quiet for the configured time; " +
        "gapped_book until the book is resynced and quiet for the configured time)",
    );
  });

  it("what is forbidden, with the market, the state and why", () => {
    const trading = after(intent(ALICE));
    const why = "the risk gate denies a second claimant with MARKET_BUSY";
    expect(trading.apply(intent(BOB), at)).toStrictEqual({
      from: "BUILDING_PAIR",
      to: "BUILDING_PAIR",
      via: [],
      symbols: ["intent_busy"],
      applied: false,
      cancelAll: false,
      reason: why,
      illegal: `market ${MARKET}: intent_busy in BUILDING_PAIR: ${why}`,
    });
  });

  it("truth, with nothing about a dispute that there is not", () => {
    expect(run(new MarketTrading(MARKET), truth("live"))).toMatchObject({
      symbols: ["truth_open"],
      reason: "the market's own outcome is still open (live)",
    });
    expect(run(after(truth("effectively_final")), truth("final"))).toMatchObject({
      from: "FINALIZING",
      via: [],
      to: "FINALIZING",
      symbols: ["truth_terminal"],
      cancelAll: false,
    });
  });

  it("a resolution is news once, also to a market that is halted", () => {
    const trading = after(intent(BOB), exposure(5, 0, "o"), halt("manual"));
    expect(run(trading, RESOLVED)).toMatchObject({ to: "HALT", applied: true });
    expect(run(trading, RESOLVED)).toMatchObject({ to: "HALT", applied: false });
  });
});

describe("who has a market", () => {
  it("nobody by an order that only reduces what nobody owns", () => {
    const trading = after(exposure(5, 0), clear("reconcile"), RESUME);
    run(trading, intent(BOB));
    expect([trading.status, trading.owner, trading.claimant]).toEqual([
      "TEMPORAL_ACTIVE",
      undefined,
      undefined,
    ]);
  });

  it("nothing in a new market is no surprise", () => {
    expect(after(exposure(0, 0)).status).toBe("IDLE");
    expect(after(exposure(0.01, 0.01)).status).toBe("IDLE");
    for (const surprise of [exposure(0, 0, "o"), exposure(0, 0, "c"), exposure(0, 5)])
      expect(after(surprise).status).toBe("HALT");
  });

  it("whoever had it in an earlier run, once that is explained", () => {
    const trading = new MarketTrading(MARKET);
    trading.explain(ALICE);
    expect([trading.owner, trading.claimant]).toEqual([undefined, ALICE]);
    run(trading, exposure(5, 0));
    expect([trading.status, trading.owner, trading.claimant]).toEqual(["BUILDING_PAIR", "alice", ALICE]);
    // Explained again by another, the first stays.
    trading.explain(BOB);
    run(trading, exposure(0, 0));
    expect([trading.status, trading.claimant]).toEqual(["IDLE", ALICE]);
  });

  it("nobody, where it is only known that it is an earlier run's: to be reduced, without a halt", () => {
    const trading = new MarketTrading(MARKET);
    trading.explain(undefined);
    run(trading, exposure(5, 0));
    expect([trading.status, trading.owner, trading.causes.size]).toEqual(["TEMPORAL_ACTIVE", undefined, 0]);
  });

  it("its owner before its last owner", () => {
    const trading = after(intent(ALICE), exposure(0, 0), intent(BOB));
    expect(trading.claimant).toEqual({ strategyId: "bob", posture: "directional" });
    run(trading, exposure(0, 0));
    expect([trading.owner, trading.claimant?.strategyId]).toEqual([undefined, "bob"]);
  });
});

describe("a dispute about a market's truth", () => {
  it("that something else raised goes by its evidence, whatever truth there is", () => {
    for (const trading of [after(halt("truth_disputed")), after(truth("live"), halt("truth_disputed"))])
      expect(run(trading, clear("truth_disputed"))).toMatchObject({ to: "IDLE", applied: true });
  });

  it("keeps no other cause from going", () => {
    const trading = after(truth("disputed"), halt("stale_book"));
    expect(run(trading, clear("stale_book"))).toMatchObject({ to: "HALT", applied: true });
    expect([...trading.causes]).toEqual(["truth_disputed"]);
    expect(run(trading, clear("truth_disputed")).reason).toMatch(/still disputed\)$/);
    expect(run(trading, truth("retracted"), clear("truth_disputed")).reason).toMatch(/still retracted\)$/);
  });
});

test.each<[number, number, "" | "o" | "c", ExposureClass]>([
  [0, 0, "", "flat"],
  [0.01, 0.01, "", "flat"],
  [0, 0, "o", "open"],
  [0.01, 0, "c", "open"],
  [0.010001, 0, "", "residual"],
  [0, 0.010001, "", "residual"],
  [0, 5, "o", "residual"],
  [5, 0, "c", "residual"],
  [5, 5, "", "paired"],
  [5, 5.01, "o", "paired"],
  [5.01, 5, "", "paired"],
  [5, 5.010001, "", "residual"],
  [5.010001, 5, "", "residual"],
])("%d and %d shares, open: %j, amount to %s", (yes, no, open, amount) => {
  expect(classify(facts(yes, no, open))).toBe(amount);
});

describe("causes of a halt", () => {
  const raised = (...causes: ("manual" | "stale_book" | "breaker" | "reconcile")[]): HaltCauses => {
    const set = new HaltCauses();
    for (const cause of causes) expect(set.raise(cause, at)).toBe(true);
    return set;
  };

  it("go or stay as they are told to", () => {
    expect(raised().clear("manual")).toStrictEqual({ cleared: [], kept: undefined });
    expect(raised("manual").clear("manual")).toStrictEqual({
      cleared: [],
      kept: "manual is cleared by an operator's resume only",
    });
    expect(raised("reconcile").clear("reconcile")).toStrictEqual({
      cleared: [],
      kept: "reconcile waits for an operator's resume",
    });
    expect(raised("stale_book").clear("stale_book")).toStrictEqual({
      cleared: ["stale_book"],
      kept: undefined,
    });
    expect(raised().resume()).toStrictEqual({ cleared: [], kept: undefined });
    expect(raised("manual", "breaker").resume()).toStrictEqual({
      cleared: ["manual", "breaker"],
      kept: undefined,
    });
    expect(raised("reconcile").resume()).toStrictEqual({
      cleared: [],
      kept: "still halted by reconcile until two comparisons in a row agree",
    });
  });

  it("are forgotten with what was seen of them", () => {
    const set = raised("reconcile", "manual");
    set.clear("reconcile");
    set.drop();
    expect([set.size, set.list(), set.has("reconcile")]).toEqual([0, [], false]);
    expect(set.raise("reconcile", at)).toBe(true);
    expect(set.resume().cleared).toEqual([]);
    expect(set.resume().kept).toMatch(/^still halted by reconcile/);
  });

  it("are no news when they are raised again, and keep their rule by configuration", () => {
    const set = new HaltCauses(["breaker"]);
    expect([set.raise("breaker", at), set.raise("breaker", at)]).toEqual([true, false]);
    expect(["breaker", "strategy_fault", "manual"].map((cause) => set.ruleOf(cause as never))).toEqual([
      "operator",
      "evidence_or_operator",
      "operator",
    ]);
  });
});

describe("the system's machine", () => {
  const UP: SystemInput[] = ["booted", "checklist_passed", "recovered"];

  // What each input did: whether anything changed, the state, and what outlives it.
  it.each<[SystemInput[], boolean, string, string, boolean]>([
    [["stop_entries"], true, "BOOT", "stop_entry", false],
    [["stop_entries", "stop_entries"], false, "BOOT", "stop_entry", false],
    [["reduce_only"], true, "BOOT", "reduce_only", false],
    [["reduce_only", "reduce_only"], false, "BOOT", "reduce_only", false],
    [["reduce_only", "stop_entries"], false, "BOOT", "reduce_only", false],
    [["stop_entries", "reduce_only"], true, "BOOT", "reduce_only", false],
    [[...UP, "stop_entries", "operator_resume"], true, "READY", "none", false],
    [[...UP, "reduce_only", "operator_resume"], true, "READY", "none", false],
    [
      ["booted", "checklist_passed", "stop_entries", "operator_resume"],
      false,
      "RECOVERING",
      "stop_entry",
      false,
    ],
    [[...UP, "kill", "reduce_only"], true, "HALTED", "reduce_only", true],
    [[...UP, "kill", "reduce_only", "reduce_only"], false, "HALTED", "reduce_only", true],
    [[...UP, "kill", "operator_resume"], true, "RECOVERING", "none", false],
    [[...UP, "stop_entries", "kill", "operator_resume"], true, "RECOVERING", "stop_entry", false],
    [[...UP, "drain", "drain"], false, "DRAINING", "none", false],
    [[...UP, "drain", "drained", "drained"], false, "STOPPED", "none", false],
    [[...UP, "drain", "kill", "kill"], false, "DRAINING", "none", true],
  ])("%j", (inputs, applied, status, restriction, latched) => {
    const machine = new SystemMachine();
    const change = inputs.map((input) => machine.apply(input)).at(-1)!;
    expect([change.applied, change.to, machine.restriction, machine.latched]).toEqual([
      applied,
      status,
      restriction,
      latched,
    ]);
    expect(change).not.toHaveProperty("illegal");
    expect(machine.status).toBe(status);
  });

  it("tells what is forbidden, and changes nothing by it", () => {
    const machine = new SystemMachine();
    machine.start();
    const { why } = SYSTEM_TABLE.READY.drained;
    expect(machine.apply("drained")).toStrictEqual({
      from: "READY",
      to: "READY",
      applied: false,
      illegal: `drained in READY: ${why}`,
      reason: why,
    });
  });

  it("allows what its state does", () => {
    const machine = new SystemMachine();
    expect(machine.allows("entry")).toEqual({ denied: "SYSTEM_NOT_READY" });
    machine.start();
    expect(machine.allows("entry")).toBe(true);
    machine.stopEntries();
    expect([machine.allows("entry"), machine.allows("exit")]).toEqual([
      { denied: "SYSTEM_STOP_ENTRY" },
      true,
    ]);
  });
});

describe("the diagrams", () => {
  it("of the system has an arrow for every move of its table and no other", () => {
    const drawn = [...systemDiagram().matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].flatMap(
      ([, from, to, labels]) => labels!.split(", ").map((label) => `${from!} ${label} ${to!}`),
    );
    const wanted = SYSTEM_STATUSES.flatMap((from) =>
      SYSTEM_SYMBOLS.flatMap((symbol) => {
        const row = SYSTEM_TABLE[from][symbol];
        return row.kind === "move" ? [`${from} ${symbol} ${row.to}`] : [];
      }),
    );
    expect(drawn.sort()).toEqual(wanted.sort());
  });

  it.each([
    ["IDLE", tradingDiagram()],
    ["BOOT", systemDiagram()],
  ])("begin in %s, lead nowhere twice, and end with their last line", (initial, text) => {
    const lines = text.split("\n");
    expect(lines.slice(0, 2)).toEqual(["stateDiagram-v2", `  [*] --> ${initial}`]);
    expect(lines.at(-1)).toBe("");
    const arrows = lines
      .slice(2, -1)
      .map((line) => /^ {2}(\w+) --> (\w+): /.exec(line)!.slice(1, 3).join(" "));
    expect(new Set(arrows).size).toBe(arrows.length);
    for (const arrow of arrows) expect(arrow.split(" ")[0]).not.toBe(arrow.split(" ")[1]);
  });
});
