import { formatUsdc, type Core, type Effect, type MarketId, type OperatorEvent } from "@matchpoint/sdk";
import { plural } from "./format.ts";

/** Markets that are named one by one. */
const NAMED = 4;
const ON = "`resume` to go on";

/** What was understood of an operator's command, and what came of it. */
export function operatorAnswer(
  { command }: OperatorEvent,
  effects: readonly Effect[],
  core: Core,
  label: (marketId: MarketId) => string,
): string | undefined {
  const cancels = effects.filter(({ type }) => type === "cancel").length;
  const orders =
    cancels === 0
      ? "no order was open"
      : `${plural(cancels, "order")} ${cancels === 1 ? "is" : "are"} being cancelled`;
  const moved = effects.find(
    (effect) => effect.type === "transition" && effect.machine === "system" && effect.subject === "",
  );
  switch (command.kind) {
    case "kill":
      return moved === undefined && core.system.status !== "HALTED"
        ? `kill is kept for the next start: the run is ${core.system.status}`
        : `killed${moved === undefined ? " already" : ""}: every market is halted, ${orders}; ${ON}`;
    case "halt":
      return `halted: ${command.marketId === undefined ? "every market" : label(command.marketId)}, ${orders}; ${ON}`;
    case "stop_entries":
      if (moved !== undefined)
        return `entries are stopped: what is held may still be reduced or hedged; ${ON}`;
      return core.system.status === "HALTED"
        ? "entries stay stopped when the kill is lifted"
        : "entries are stopped already";
    case "resume": {
      const refusal = effects.find((effect) => effect.type === "alarm" && effect.code === "RESUME_REFUSED");
      const why = refusal?.type === "alarm" ? refusal.message : undefined;
      const followed = effects.some((effect) => effect.type === "transition");
      if (why !== undefined && !followed) return `not resumed: ${why}`;
      const { marketId, strategyId } = command;
      if (strategyId !== undefined) return `resumed: strategy ${strategyId}`;
      return `${resumed(effects, core, label, marketId)}${why === undefined ? "" : `; ${why}`}`;
    }
    case "adopt":
      return command.collateral === undefined
        ? `booked ${plural(command.trades.length, "trade")} of the venue's; ${ON} once two comparisons agree`
        : `booked $${formatUsdc(command.collateral)} that somebody put in`;
    case "fact":
    case "note":
      return undefined;
  }
}

function resumed(
  effects: readonly Effect[],
  core: Core,
  label: (marketId: MarketId) => string,
  marketId: MarketId | undefined,
): string {
  const left = effects.filter(
    (effect) => effect.type === "transition" && effect.machine === "trading" && effect.from === "HALT",
  ).length;
  const held = core
    .markets()
    .filter(
      ({ market, trading }) => trading.causes.size > 0 && (marketId ?? market.marketId) === market.marketId,
    )
    .map(({ market, trading }) => `${label(market.marketId)} (${[...trading.causes].join(", ")})`);
  const system = effects.some((effect) => effect.type === "transition" && effect.machine === "system");
  const more = held.length > NAMED ? ` and ${held.length - NAMED} more` : "";
  const still =
    held.length === 0
      ? ""
      : `; still halted, until the cause is gone: ${held.slice(0, NAMED).join(", ")}${more}`;
  if (left === 0 && !system && held.length === 0) return "resume: nothing was stopped";
  const entries =
    core.system.status === "STOP_ENTRY" ? "; entries stay stopped, `resume` again for those" : "";
  const back = left === 0 ? "" : `: ${plural(left, "market")} may trade again`;
  const compares =
    core.system.status === "RECOVERING" ? "; it trades once a comparison with the venue agrees" : "";
  return `resumed${back}${entries}${compares}${still}`;
}
