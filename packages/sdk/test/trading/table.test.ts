import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MarketTrading,
  TRADING_STATUSES,
  TRADING_SYMBOLS,
  TRADING_TABLE,
  tradingDiagram,
  type TradingSymbol,
} from "../../src/trading/index.ts";
import type { TradingStatus } from "../../src/state/index.ts";
import type { Nanos } from "../../src/units/index.ts";
import { anyInput, LENIENT, MARKET } from "./support.ts";

const SYMBOLS = Object.keys(TRADING_SYMBOLS) as TradingSymbol[];

describe("the trading table", () => {
  it("has a row with a reason for every state and symbol, and no other", () => {
    expect(Object.keys(TRADING_TABLE).sort()).toEqual([...TRADING_STATUSES].sort());
    for (const status of TRADING_STATUSES) {
      expect(Object.keys(TRADING_TABLE[status]).sort()).toEqual([...SYMBOLS].sort());
      for (const symbol of SYMBOLS) expect(TRADING_TABLE[status][symbol].why.length).toBeGreaterThan(9);
    }
  });

  it("never leaves RESOLVED", () => {
    for (const symbol of SYMBOLS) expect(["stay", "never"]).toContain(TRADING_TABLE.RESOLVED[symbol].kind);
  });

  it("covers every kind of input with its symbols", () => {
    const kinds = new Set(Object.values(TRADING_SYMBOLS).flat());
    expect([...kinds].sort()).toEqual([
      "clear",
      "derived",
      "exposure",
      "halt",
      "intent",
      "merge_final",
      "operator_resume",
      "own_truth",
      "pair_broken",
      "venue_resolution",
    ]);
  });

  // Intents are told to a machine only after its own `allows`, as the engine does: then nothing illegal can happen. Every
  // cell that is not `never` is met, and no cell that is.
  it("has no dead row and no impossibility that happens", { timeout: 60_000 }, () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyInput, { minLength: 20, maxLength: 80 }), (inputs) => {
        const trading = new MarketTrading(MARKET);
        for (const [at, input] of inputs.entries()) {
          if (input.kind === "intent") {
            const may = (["entry", "exit"] as const).some(
              (action) => trading.allows(action, input, LENIENT) === true,
            );
            if (!may) continue;
          }
          const change = trading.apply(input, at as Nanos);
          if (change.illegal !== undefined) expect(change.illegal).toBeUndefined();
          walkCells(change.from, change.via, change.to, change.symbols, met);
        }
      }),
      { numRuns: 1_200, seed: 7 },
    );
    const wanted = TRADING_STATUSES.flatMap((status) =>
      SYMBOLS.filter((symbol) => TRADING_TABLE[status][symbol].kind !== "never").map(
        (symbol) => `${status} ${symbol}`,
      ),
    );
    expect([...met].sort()).toEqual(wanted.sort());
  });
});

/** Replays the symbols of a change over the table and notes the cells. */
function walkCells(
  from: TradingStatus,
  via: readonly TradingStatus[],
  to: TradingStatus,
  symbols: readonly TradingSymbol[],
  met: Set<string>,
): void {
  const ahead = [...via, to];
  let status = from;
  for (const symbol of symbols) {
    const row = TRADING_TABLE[status][symbol];
    met.add(`${status} ${symbol}`);
    if (row.kind === "stay") continue;
    const next = ahead.shift();
    const allowed = row.kind === "move" ? [row.to] : row.kind === "rest" ? row.to : [];
    if (next === undefined || !allowed.includes(next)) expect(next).toBe(allowed);
    status = next!;
  }
  if (status !== to) expect(status).toBe(to);
}

describe("tradingDiagram", () => {
  const text = tradingDiagram();
  it("is a Mermaid state diagram that starts in IDLE", () => {
    expect(text.split("\n").slice(0, 2)).toEqual(["stateDiagram-v2", "  [*] --> IDLE"]);
  });
  it("has an arrow for every move of the table and no other", () => {
    const drawn = [...text.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, labels]) =>
      labels!.split(", ").map((label) => `${from!} ${label} ${to!}`),
    );
    const wanted = TRADING_STATUSES.flatMap((from) =>
      SYMBOLS.flatMap((symbol) => {
        const row = TRADING_TABLE[from][symbol];
        const targets = row.kind === "move" ? [row.to] : row.kind === "rest" ? row.to : [];
        return targets.map((to) => `${from} ${symbol} ${to}`);
      }),
    );
    expect(drawn.sort()).toEqual(wanted.sort());
  });
});
