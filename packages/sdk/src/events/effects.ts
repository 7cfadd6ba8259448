import type { IntentId, MarketId, MatchId, OrderId, StrategyId } from "../ids.ts";
import type { Nanos } from "../units/index.ts";
import type { ChainAction, Intent } from "./execution.ts";
import type { RiskNote } from "./riskNote.ts";

/** An order is to be made of this intent. */
export interface PlaceEffect {
  readonly type: "place";
  readonly intent: Intent;
}
/** An order is to be cancelled. `orderId` is absent while the hash is not known yet. */
export interface CancelEffect {
  readonly type: "cancel";
  readonly intentId: IntentId;
  readonly orderId?: OrderId;
  readonly marketId: MarketId;
  readonly reason: string;
}
/** A chain action is to be sent. */
export interface ChainEffect {
  readonly type: "chain";
  readonly action: ChainAction;
}
/** Wake the core at a monotonic time; a timer set again moves. */
export interface SetTimerEffect {
  readonly type: "set_timer";
  readonly timerId: string;
  readonly due: Nanos;
}
/** Forget a timer. */
export interface ClearTimerEffect {
  readonly type: "clear_timer";
  readonly timerId: string;
}
/** The risk gate refused an intent. */
export interface DeniedEffect {
  readonly type: "denied";
  readonly intent: Intent;
  readonly code: string;
  readonly detail: string;
}
/** A state machine moved. */
export interface TransitionEffect {
  readonly type: "transition";
  readonly machine: "truth" | "trading" | "system";
  /** The market or match, with `#n` for a game; empty for the system. */
  readonly subject: string;
  readonly marketId?: MarketId;
  readonly matchId?: MatchId;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}
/** Something that a person should see. */
export interface AlarmEffect {
  readonly type: "alarm";
  readonly code: string;
  readonly message: string;
  readonly marketId?: MarketId;
  readonly strategyId?: StrategyId;
}
/** The core has latched something that a restart must not forget. */
export interface RiskEffect {
  readonly type: "risk";
  readonly note: RiskNote;
}

/** What a step of the core asks the shell to do or to tell. */
export type Effect =
  | PlaceEffect
  | CancelEffect
  | ChainEffect
  | SetTimerEffect
  | ClearTimerEffect
  | DeniedEffect
  | TransitionEffect
  | RiskEffect
  | AlarmEffect;
