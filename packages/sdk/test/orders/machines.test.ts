import { describe, expect, test } from "vitest";
import {
  CHAIN_MACHINE,
  illegal,
  machineDiagram,
  move,
  ORDER_MACHINE,
  stay,
  TRADE_MACHINE,
  type Machine,
} from "../../src/orders/index.ts";

const MACHINES: readonly Machine<string, string>[] = [ORDER_MACHINE, TRADE_MACHINE, CHAIN_MACHINE];

function targets(machine: Machine<string, string>, from: string): string[] {
  const to = machine.events.flatMap((event) => {
    const cell = machine.table[from]![event]!;
    return cell.kind === "move" ? [cell.to] : [];
  });
  return [...new Set(to)].sort();
}

describe.each(MACHINES.map((machine) => [machine.name, machine] as const))("the %s machine", (_, machine) => {
  test("has a cell for every state and event, and no others", () => {
    expect(Object.keys(machine.table).sort()).toEqual([...machine.states].sort());
    for (const state of machine.states) {
      expect(Object.keys(machine.table[state]!).sort(), state).toEqual([...machine.events].sort());
      for (const event of machine.events) {
        const cell = machine.table[state]![event]!;
        if (cell.kind === "move") {
          expect(machine.states, `${state} on ${event}`).toContain(cell.to);
          expect(cell.to, `${state} on ${event}: a move goes elsewhere`).not.toBe(state);
        } else expect(cell.why.length, `${state} on ${event}`).toBeGreaterThan(3);
      }
    }
  });

  test("never leads from a terminal state to an open one", () => {
    for (const state of machine.terminal) {
      for (const to of targets(machine, state)) expect(machine.terminal, `${state} to ${to}`).toContain(to);
    }
  });

  test("reaches every state, and an end from every state", () => {
    const reach = (start: string): Set<string> => {
      const seen = new Set([start]);
      for (const state of seen) for (const to of targets(machine, state)) seen.add(to);
      return seen;
    };
    expect([...reach(machine.initial)].sort()).toEqual([...machine.states].sort());
    for (const state of machine.states) {
      expect(
        [...reach(state)].some((end) => machine.terminal.includes(end)),
        state,
      ).toBe(true);
    }
  });

  test("draws exactly its moves", () => {
    const drawn = machineDiagram(machine)
      .split("\n")
      .flatMap((line) => {
        const arrow = /^ {2}(\w+) --> (\w+): (.+)$/.exec(line);
        return arrow === null
          ? []
          : arrow[3]!.split(", ").map((event) => `${arrow[1]!} ${event} ${arrow[2]!}`);
      });
    const moves = machine.states.flatMap((state) =>
      machine.events.flatMap((event) => {
        const cell = machine.table[state]![event]!;
        return cell.kind === "move" ? [`${state} ${event} ${cell.to}`] : [];
      }),
    );
    expect(drawn.sort()).toEqual(moves.sort());
  });
});

test("the order machine holds every row of the design", () => {
  const design: Record<string, string[]> = {
    INTENT: ["PREPARED", "DENIED"],
    PREPARED: ["SENT", "UNKNOWN"],
    SENT: ["LIVE", "MATCHED", "DELAYED", "REJECTED", "UNKNOWN"],
    DELAYED: ["MATCHED", "LIVE", "CANCELED", "REJECTED", "UNKNOWN"],
    LIVE: ["PENDING_CANCEL", "FILLED", "CANCELED", "EXPIRED", "INVALID", "UNKNOWN"],
    PENDING_CANCEL: ["CANCELED", "FILLED", "LIVE", "UNKNOWN"],
    UNKNOWN: ["LIVE", "MATCHED", "DELAYED", "REJECTED", "CANCELED", "EXPIRED", "INVALID", "FILLED"],
  };
  const machine = ORDER_MACHINE as unknown as Machine<string, string>;
  for (const [from, expected] of Object.entries(design)) {
    for (const to of expected) expect(targets(machine, from), from).toContain(to);
  }
});

test("UNKNOWN is left only by evidence", () => {
  const evidence = [
    ...["live", "delayed", "matched", "unmatched", "rejected", "canceled", "expired", "invalid"],
    ...["gone", "fill_resting", "fill_immediate", "complete"],
  ];
  const leaving = ORDER_MACHINE.events.filter((event) => ORDER_MACHINE.table.UNKNOWN[event].kind === "move");
  expect([...leaving].sort()).toEqual(evidence.sort());
});

test("a trade can fail from every state, also after it was confirmed", () => {
  for (const state of ["UNSEEN", "MATCHED", "MINED", "RETRYING", "CONFIRMED"] as const) {
    expect(TRADE_MACHINE.table[state].FAILED, state).toEqual({ kind: "move", to: "FAILED" });
  }
});

test("a trade that fails moves no order", () => {
  for (const state of ORDER_MACHINE.states) {
    expect(ORDER_MACHINE.table[state].void.kind, state).toMatch(/^(stay|impossible)$/);
  }
});

test("a diagram begins with the first state, ends with the last, and has one arrow for moves that lead alike", () => {
  const tiny: Machine<"off" | "on" | "gone", "push" | "pull" | "drop"> = {
    name: "lamp",
    initial: "off",
    states: ["off", "on", "gone"],
    terminal: ["gone"],
    events: ["push", "pull", "drop"],
    table: {
      off: { push: move("on"), pull: move("on"), drop: move("gone") },
      on: { push: move("on"), pull: stay("pulled before"), drop: move("gone") },
      gone: { push: illegal("it is gone"), pull: stay("late"), drop: stay("late") },
    },
  };
  expect(machineDiagram(tiny)).toBe(
    [
      "stateDiagram-v2",
      "  [*] --> off",
      "  off --> on: push, pull",
      "  off --> gone: drop",
      "  on --> gone: drop",
      "  gone --> [*]",
      "",
    ].join("\n"),
  );
});
