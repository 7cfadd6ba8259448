import type { RealismPart } from "@matchpoint/sdk";

/** Which parts of the venue were real in a run, and which were not, or less than their floor: the same words wherever a result is told. */
export function realismLine(realism: readonly RealismPart[]): string {
  const off = realism.filter(({ state }) => state === "off").map(({ part }) => part);
  const weak = realism.filter(({ state }) => state === "weakened");
  if (off.length + weak.length === 0) return `Realism: all ${realism.length} parts on`;
  const of = `of ${realism.length} parts`;
  const weakened = weak.map(weakenedText).join(", ");
  const said = [
    ...(off.length === 0 ? [] : [`${off.length} ${of} OFF: ${off.join(", ")}`]),
    ...(weak.length === 0 ? [] : [`${weak.length} ${off.length === 0 ? `${of} ` : ""}WEAKENED: ${weakened}`]),
  ];
  return `Realism: ${said.join("; ")}; what they cost is not in the P&L`;
}

/** A weakened part with what is too weak about it. */
export function weakenedText({ part, why }: RealismPart): string {
  return why === undefined ? part : `${part} (${why})`;
}

const STATES: readonly RealismPart["state"][] = ["on", "weakened", "off"];

/** Several runs as one: each part as it was in the run that had least of it. */
export function leastOf(parts: readonly RealismPart[]): readonly RealismPart[] {
  const found = new Map<string, RealismPart>();
  for (const each of parts) {
    const before = found.get(each.part);
    if (before === undefined || STATES.indexOf(each.state) > STATES.indexOf(before.state))
      found.set(each.part, each);
  }
  return [...found.values()];
}
