import { Prng } from "../../simulator/prng.ts";
import type { FaultPlan } from "./dice.ts";
import { FAULT_KINDS, TORTURE_FAULTS, type FaultKind, type FaultRow } from "./faults.ts";

/** Runs without any fault: what is found there has no excuse. */
const CLEAN = 0.02;
const DENSITY = [0.1, 0.6] as const;

/**
 * Which faults a seed has, and how strong: each is on or off by itself, so that most runs have many of them in another mixture (swarm
 * testing, Groce et al., ISSTA 2012).
 */
export function drawPlan(seed: number, only?: ReadonlySet<FaultKind>): FaultPlan {
  const draw = new Prng(seed, "swarm");
  const clean = draw.chance(CLEAN);
  const density = draw.between(...DENSITY);
  const plan: Partial<Record<FaultKind, number>> = {};
  for (const kind of FAULT_KINDS) {
    const { on = density, rate, times, group }: FaultRow = TORTURE_FAULTS[kind];
    if (group === "always") continue;
    // Drawn in any case: a fault more or less in the table of a run must not change the others.
    const isOn = draw.chance(on);
    const strength = times === true ? draw.int(rate[0], rate[1]) : draw.between(rate[0], rate[1]);
    if (isOn && !clean && (only === undefined || only.has(kind))) plan[kind] = strength;
  }
  return plan;
}
