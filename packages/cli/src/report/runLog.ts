import type {
  AlarmEffect,
  BookContinuity,
  CoreEvent,
  DeniedEffect,
  Effect,
  MarketId,
  Millis,
  Runtime,
  SourceHealthChanged,
} from "@matchpoint/sdk";

/** The denials of one code. */
export interface DenialRow {
  readonly code: string;
  readonly count: number;
  readonly strategies: ReadonlySet<string>;
  readonly last: DeniedEffect;
}

/** What a feed last said about itself: all of a source, or what it says about one match or market. */
export interface FeedState {
  readonly feed: string;
  readonly matchId?: string;
  readonly marketId?: MarketId;
  readonly health: string;
  readonly reason: string;
  /** Whether what it brings can be relied on. */
  readonly sound: boolean;
}

/** Since when an operator has the run stopped. */
export interface Stopped {
  readonly kind: "killed" | "halted" | "entries stopped";
  readonly since: Millis;
}

/** The feed that books come from. */
const BOOKS = "books";

/** Keeps what a run's core does not: what was denied and why, who is faulty, what the feeds said, what an operator ordered. */
export class RunLog {
  readonly #denials = new Map<string, { count: number; strategies: Set<string>; last: DeniedEffect }>();
  readonly #feeds = new Map<string, FeedState>();
  readonly #stopped = new Map<Stopped["kind"], Millis>();
  readonly #placeOf: (alarm: AlarmEffect) => string | undefined;
  #faults = 0;
  #lastFault: AlarmEffect | undefined;

  /** @param placeOf where the fault of an alarm happened, when that is known */
  constructor(runtime: Runtime, placeOf: (alarm: AlarmEffect) => string | undefined = () => undefined) {
    this.#placeOf = placeOf;
    runtime.on("denied", (effect) => {
      this.#denied(effect);
    });
    runtime.on("alarm", (alarm) => {
      if (alarm.code !== "STRATEGY_FAULT") return;
      this.#faults += 1;
      this.#lastFault = this.placed(alarm);
    });
    runtime.on("step", (event, effects) => {
      this.#step(event, effects);
    });
  }

  /** How often a strategy's hook failed. */
  get faults(): number {
    return this.#faults;
  }

  /** The last of them, with the place in the strategy's file where that is known. */
  get lastFault(): AlarmEffect | undefined {
    return this.#lastFault;
  }

  /** Denials by code, most frequent first. */
  get denials(): readonly DenialRow[] {
    return [...this.#denials]
      .map(([code, row]) => ({ code, ...row }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }

  /** What is not sound just now. */
  get troubled(): readonly FeedState[] {
    return [...this.#feeds.values()].filter(({ sound }) => !sound);
  }

  /** What an operator has stopped and not resumed, the strictest first. */
  get stopped(): readonly Stopped[] {
    return (["killed", "halted", "entries stopped"] as const).flatMap((kind) => {
      const since = this.#stopped.get(kind);
      return since === undefined ? [] : [{ kind, since }];
    });
  }

  /** A fault's alarm with its place, where that is known; any other alarm as it is. */
  placed(alarm: AlarmEffect): AlarmEffect {
    const place = alarm.code === "STRATEGY_FAULT" ? this.#placeOf(alarm) : undefined;
    return place === undefined ? alarm : { ...alarm, message: `${alarm.message} (at ${place})` };
  }

  #denied(effect: DeniedEffect): void {
    const { strategyId } = effect.intent;
    const row = this.#denials.get(effect.code);
    if (row === undefined) {
      this.#denials.set(effect.code, { count: 1, strategies: new Set([strategyId]), last: effect });
      return;
    }
    row.count += 1;
    row.strategies.add(strategyId);
    row.last = effect;
  }

  #step(event: CoreEvent, effects: readonly Effect[]): void {
    if (event.type === "source_health" || event.type === "book_continuity") {
      const state = feedState(event);
      const key = `${state.feed} ${state.matchId ?? ""} ${state.marketId ?? ""}`;
      this.#feeds.set(key, state);
      return;
    }
    if (event.type !== "operator") return;
    const { command, receivedAt } = event;
    const note = (kind: Stopped["kind"]): void => {
      if (!this.#stopped.has(kind)) this.#stopped.set(kind, receivedAt);
    };
    if (command.kind === "kill") note("killed");
    else if (command.kind === "stop_entries") note("entries stopped");
    else if (command.kind === "halt" && command.marketId === undefined) note("halted");
    else if (command.kind === "resume" && command.marketId === undefined) this.#resumed(effects);
  }

  /** A resume that lifts a kill leaves entries stopped where they had been stopped too: the machine says so. */
  #resumed(effects: readonly Effect[]): void {
    this.#stopped.delete("killed");
    this.#stopped.delete("halted");
    const restricted = effects.some(
      (effect) => effect.type === "transition" && effect.machine === "system" && effect.to === "STOP_ENTRY",
    );
    if (!restricted) this.#stopped.delete("entries stopped");
  }
}

/** What an event of a feed says about the feed. */
export function feedState(event: SourceHealthChanged | BookContinuity): FeedState {
  if (event.type === "source_health") {
    const { source, matchId, health, reason } = event;
    const sound = health === "live" || health === "replaying" || health === "connecting";
    return { feed: source, health, reason, sound, ...(matchId === undefined ? {} : { matchId }) };
  }
  const { marketId, state, reason } = event;
  return { feed: BOOKS, marketId, health: state, reason, sound: state === "resynced" };
}
