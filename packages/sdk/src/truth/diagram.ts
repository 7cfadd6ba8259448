import { TRUTH_MACHINE, type TruthMachine } from "./machine.ts";

/** The machine as Mermaid text, for the documentation: one arrow per pair of states, labelled with its inputs. */
export function generateTruthDiagram(machine: TruthMachine = TRUTH_MACHINE): string {
  const arrows = new Map<string, string[]>();
  for (const from of machine.states) {
    for (const [input, cell] of Object.entries(machine.table[from])) {
      if (!("to" in cell) || cell.to === from) continue;
      const targets = cell.to === "last" ? (["scheduled", "live", "paused"] as const) : [cell.to];
      for (const target of targets) {
        const key = `${from} --> ${target}`;
        const inputs = arrows.get(key);
        if (inputs === undefined) arrows.set(key, [input]);
        else inputs.push(input);
      }
    }
  }
  const lines = [...arrows].map(([arrow, inputs]) => `  ${arrow}: ${inputs.join(", ")}`);
  return ["stateDiagram-v2", "  [*] --> scheduled", ...lines, ""].join("\n");
}
