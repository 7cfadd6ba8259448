import { SYSTEM_STATUSES, SYSTEM_SYMBOLS, SYSTEM_TABLE } from "./systemTable.ts";
import { TRADING_STATUSES, TRADING_SYMBOLS, TRADING_TABLE, type TradingSymbol } from "./tradingTable.ts";

/** One arrow per pair of states, labelled with everything that leads along it. */
class Arrows {
  readonly #labels = new Map<string, string[]>();

  add(from: string, to: string, label: string): void {
    if (from === to) return;
    const key = `${from} --> ${to}`;
    const labels = this.#labels.get(key);
    if (labels === undefined) this.#labels.set(key, [label]);
    else labels.push(label);
  }

  text(initial: string): string {
    const lines = [...this.#labels].map(([arrow, labels]) => `  ${arrow}: ${labels.join(", ")}`);
    return ["stateDiagram-v2", `  [*] --> ${initial}`, ...lines, ""].join("\n");
  }
}

/** The trading machine as a Mermaid state diagram, from its table. */
export function tradingDiagram(): string {
  const arrows = new Arrows();
  for (const from of TRADING_STATUSES) {
    for (const symbol of Object.keys(TRADING_SYMBOLS) as TradingSymbol[]) {
      const row = TRADING_TABLE[from][symbol];
      if (row.kind === "move") arrows.add(from, row.to, symbol);
      else if (row.kind === "rest") for (const to of row.to) arrows.add(from, to, symbol);
    }
  }
  return arrows.text("IDLE");
}

/** The system machine as a Mermaid state diagram, from its table. */
export function systemDiagram(): string {
  const arrows = new Arrows();
  for (const from of SYSTEM_STATUSES) {
    for (const symbol of SYSTEM_SYMBOLS) {
      const row = SYSTEM_TABLE[from][symbol];
      if (row.kind === "move") arrows.add(from, row.to, symbol);
    }
  }
  return arrows.text("BOOT");
}
