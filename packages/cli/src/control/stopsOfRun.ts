import type { CoreEvent, Core, Effect } from "@matchpoint/sdk";
import { EVERY_MARKET, killedAgain, word, type Stops, type Word } from "./stopFile.ts";

/** Who types at the run's own terminal. */
const CONSOLE = "console";

/**
 * What of a run's own steps has to be kept for its next start: a kill, whoever or whatever ordered it; what a person at the run's
 * terminal stopped; and what a resume has ended. `undefined`: nothing.
 */
export function followed(
  event: CoreEvent,
  effects: readonly Effect[],
  core: Pick<Core, "system">,
): ((stops: Stops) => Stops) | undefined {
  const at = event.receivedAt;
  const by = event.type === "operator" ? event.operator : "the run itself";
  const moves = effects.filter(
    (effect) => effect.type === "transition" && effect.machine === "system" && effect.subject === "",
  );
  const killed = moves.find((effect) => effect.type === "transition" && effect.to === "HALTED");
  if (killed?.type === "transition")
    return (now) => ({ ...now, kill: now.kill ?? word(by, killed.reason, at) });
  if (event.type !== "operator") return undefined;
  const { command } = event;
  // A kill again: it has moved nothing, but begun its cool-down anew.
  if (command.kind === "kill" && command.givenAt === undefined && core.system.latched)
    return (now) => ({ ...now, kill: killedAgain(now.kill, word(by, command.reason ?? "", at)) });
  const reason = "reason" in command ? (command.reason ?? "") : "";
  if (command.kind === "resume") {
    const { marketId, strategyId } = command;
    if (strategyId !== undefined) return undefined;
    if (marketId !== undefined) return (now) => ({ ...now, halts: without(now.halts, marketId) });
    const { latched } = core.system;
    const left = (from: string): boolean =>
      moves.some((effect) => effect.type === "transition" && effect.from === from);
    // A newer word than this resume is still to be heard.
    const older = (each: Word | undefined): boolean => (each?.at ?? 0) <= at;
    const entries = left("STOP_ENTRY") || left("REDUCE_ONLY");
    return (now) => {
      if (latched) return { ...now, kill: now.kill ?? word("the run itself", "a resume was refused", at) };
      return {
        ...now,
        kill: older(now.kill) ? undefined : now.kill,
        stopEntries: entries && older(now.stopEntries) ? undefined : now.stopEntries,
        halts: Object.fromEntries(Object.entries(now.halts).filter(([, halt]) => !older(halt))),
      };
    };
  }
  if (by !== CONSOLE) return undefined;
  if (command.kind === "halt") {
    const key = command.marketId ?? EVERY_MARKET;
    return (now) => ({ ...now, halts: { ...now.halts, [key]: word(by, reason, at) } });
  }
  if (command.kind === "stop_entries")
    return (now) => ({ ...now, stopEntries: now.stopEntries ?? word(by, reason, at) });
  return undefined;
}

/** Why a resume was not followed, when the core refused it. */
export function refusalOf(event: CoreEvent, effects: readonly Effect[]): string | undefined {
  if (event.type !== "operator" || event.command.kind !== "resume") return undefined;
  const alarm = effects.find((effect) => effect.type === "alarm" && effect.code === "RESUME_REFUSED");
  return alarm?.type === "alarm" ? alarm.message : undefined;
}

function without<T>(words: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(words).filter(([name]) => name !== key));
}
