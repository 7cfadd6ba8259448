import type { Effect } from "./effects.ts";
import type { ChainAction, Intent } from "./execution.ts";
import { hash128 } from "./hash.ts";
import type { RiskNote } from "./riskNote.ts";

/** The chain before anything was hashed. */
const EMPTY_CHAIN = "00000000000000000000000000000000";

/** Free text with its length in front, so that no text can pass for two fields. */
function text(value: string): string {
  return `${value.length}:${value};`;
}

function optional(value: number | undefined): string {
  return value === undefined ? "-;" : `${value};`;
}

function intentText(intent: Intent): string {
  return (
    text(intent.intentId) +
    text(intent.strategyId) +
    text(intent.marketId) +
    `${intent.outcome};${intent.side};${intent.orderType};${intent.postOnly ? 1 : 0};${intent.limit};${intent.size};` +
    optional(intent.spend) +
    optional(intent.expiresAt) +
    `${intent.purpose};` +
    text(intent.reason) +
    optional(intent.edge)
  );
}

function chainText(action: ChainAction): string {
  return `${text(action.actionId)}${action.kind};${text(action.marketId)}${action.amounts[0]};${action.amounts[1]};`;
}

function riskText(note: RiskNote): string {
  switch (note.kind) {
    case "hold":
      return `hold;${text(note.marketId)}${note.cause};${text(note.reason)}${note.at};${optional(note.until)}`;
    case "strategy_halted":
      return `strategy_halted;${text(note.strategyId)}${text(note.reason)}${note.at};`;
    case "killed":
      return `killed;${note.by};${text(note.reason)}${note.at};`;
    case "day_stopped":
      return `day_stopped;${text(note.reason)}${note.at};`;
    case "misstep":
      return `misstep;${note.what};${text(note.strategyId)}${note.at};`;
    case "peak":
      return `peak;${note.profit};${note.at};`;
  }
}

/**
 * The canonical text of an effect: every field in a fixed order, without what the venue names (order hashes). Empty for
 * effects that are only told to people.
 */
export function effectText(effect: Effect): string {
  switch (effect.type) {
    case "place":
      return `place;${intentText(effect.intent)}`;
    case "cancel":
      return `cancel;${text(effect.intentId)}${text(effect.marketId)}${text(effect.reason)}`;
    case "chain":
      return `chain;${chainText(effect.action)}`;
    case "denied":
      return `denied;${intentText(effect.intent)}${text(effect.code)}${text(effect.detail)}`;
    case "set_timer":
      return `set_timer;${text(effect.timerId)}${effect.due};`;
    case "clear_timer":
      return `clear_timer;${text(effect.timerId)}`;
    case "transition":
      return (
        `transition;${effect.machine};` +
        text(effect.subject) +
        text(effect.marketId ?? "") +
        text(effect.matchId ?? "") +
        text(effect.from) +
        text(effect.to) +
        text(effect.reason)
      );
    case "risk":
      return `risk;${riskText(effect.note)}`;
    case "alarm":
      return "";
  }
}

/**
 * Hashes what the core decided, step by step. Two runs whose chains agree placed, cancelled and denied the same orders,
 * set the same timers and moved the same machines, in the same order. Alarms are left out: they are words for people.
 *
 * @example
 * ```ts
 * import { EffectsHasher } from "@matchpoint/sdk";
 * const hasher = new EffectsHasher();
 * hasher.add([{ type: "set_timer", timerId: "truth:m1", due: 5 as never }]); // 32 hexadecimal digits
 * hasher.add([]); // undefined: the step decided nothing
 * ```
 */
export class EffectsHasher {
  #chain: string;

  /** @param chain Where to go on from, when a run is recovered. */
  constructor(chain: string = EMPTY_CHAIN) {
    this.#chain = chain;
  }

  /** Takes a step's effects. Returns the step's own hash; `undefined` when none of them counts. */
  add(effects: readonly Effect[]): string | undefined {
    if (effects.length === 0) return undefined;
    let canonical = "";
    for (const effect of effects) canonical += effectText(effect);
    if (canonical === "") return undefined;
    const step = hash128(canonical);
    this.#chain = hash128(this.#chain + step);
    return step;
  }

  /** Hash of all steps so far, as 32 hexadecimal digits. */
  get chain(): string {
    return this.#chain;
  }
}
