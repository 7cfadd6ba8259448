import type { KilledBy, Misstep, OperatorCommand, RiskNote } from "../events/index.ts";
import type { StrategyId } from "../ids.ts";
import type { Missteps, RiskLimits, Runaway, RunawayGuard } from "../risk/index.ts";
import { NANOS_PER_MS, type Millis, type Nanos } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import { hookContext } from "./context.ts";
import type { Floor } from "./floor.ts";
import type { TradingDesk } from "./tradingDesk.ts";

/** A kill in force. */
export interface Killed {
  readonly by: KilledBy;
  readonly at: Nanos;
  readonly reason: string;
}

/** A strategy that may ask for nothing until an operator resumes it. */
export interface HaltedStrategy {
  readonly strategyId: StrategyId;
  readonly at: Nanos;
  readonly reason: string;
}

/** What has latched and what counts towards it, as plain JSON. */
export interface SavedStops {
  readonly killed?: Killed;
  readonly strategies: readonly HaltedStrategy[];
  readonly missteps: readonly Missteps[];
}

type Resume = Extract<OperatorCommand, { readonly kind: "resume" }>;

/** Whatever is longer ago is over: nanoseconds are to stay exact. */
const LONGEST_AGO_MS = 30 * 86_400_000;

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";

/** Kills of the account and halts of strategies: what ends by an operator's word and by nothing else. */
export class StopDesk {
  readonly #floor: Floor;
  readonly #trading: TradingDesk;
  readonly #limits: RiskLimits;
  readonly #guard: RunawayGuard;
  readonly #strategies = new Map<StrategyId, HaltedStrategy>();
  #killed: Killed | undefined;
  /** Cancels every open order of a strategy; the order desk's. */
  cancelStrategy: (strategyId: StrategyId, reason: string) => void = () => undefined;

  constructor(floor: Floor, trading: TradingDesk, limits: RiskLimits, guard: RunawayGuard) {
    this.#floor = floor;
    this.#trading = trading;
    this.#limits = limits;
    this.#guard = guard;
  }

  /** The kill in force. */
  get killed(): Killed | undefined {
    return this.#floor.system.latched ? this.#killed : undefined;
  }
  /** The strategies that are halted, in the order in which they were. */
  get strategies(): readonly HaltedStrategy[] {
    return [...this.#strategies.values()];
  }
  /** Why a strategy is halted; `undefined`: it is not. */
  haltOf(strategyId: StrategyId): string | undefined {
    return this.#strategies.get(strategyId)?.reason;
  }

  /**
   * Kills the account. Latched: a kill again begins its cool-down anew, and an operator's does not excuse an earlier one. One that was
   * given before (`given`, Unix ms) and is only told now counts from when it was given.
   */
  kill(by: KilledBy, reason: string, given?: Millis): void {
    const floor = this.#floor;
    const { system } = floor;
    const before = this.killed;
    const at = this.#timeOf(given);
    if (given !== undefined && before !== undefined && at <= before.at) return;
    if (by !== "operator") {
      if (before !== undefined && before.by !== "operator") return;
      floor.effect({ type: "risk", note: { kind: "killed", by, reason, at } });
      floor.alarm("KILLED", `${by === "runaway" ? "orders ran away" : "the day's loss"}: ${reason}`);
    }
    this.#killed = before === undefined || before.by === "operator" ? { by, at, reason } : { ...before, at };
    if (system.status !== "HALTED") floor.moveSystem("kill", reason);
    this.#trading.haltWhere(undefined, "kill");
  }

  /** A moment of the wall clock by the run's own time; none that is still to come. */
  #timeOf(given: Millis | undefined): Nanos {
    const { now, wall } = this.#floor;
    const ago = given === undefined ? 0 : Math.min(Math.max(0, wall - given), LONGEST_AGO_MS);
    return (now - Math.round(ago * NANOS_PER_MS)) as Nanos;
  }

  /** Something ran away: its strategy is halted, or the account killed. */
  stop({ who, reason }: Runaway, strategyId: StrategyId): void {
    if (who === "account") this.kill("runaway", reason);
    else this.haltStrategy(strategyId, reason);
  }

  /** A strategy did what no sound one does: it counts, over restarts too, until it is too much. */
  misstep(what: Misstep, strategyId: StrategyId, detail: string): void {
    // What a halted one goes on asking for in the same hook is no news, and there may be no end to it.
    if (this.#strategies.has(strategyId)) return;
    const { now: at } = this.#floor;
    const runaway = this.#guard.misstep(what, strategyId, detail, at);
    if (this.#guard.limits(what))
      this.#floor.effect({ type: "risk", note: { kind: "misstep", what, strategyId, at } });
    if (runaway !== undefined) this.stop(runaway, strategyId);
  }
  /** The missteps that count now. */
  get missteps(): readonly Missteps[] {
    return this.#guard.missteps(this.#floor.now);
  }

  /** Halts a strategy in every market: its orders go, none of its hooks is called, and the gate denies whatever it asks for. */
  haltStrategy(strategyId: StrategyId, reason: string): void {
    if (this.#strategies.has(strategyId)) return;
    const floor = this.#floor;
    const { now: at } = floor;
    this.#latch({ strategyId, at, reason });
    floor.effect({ type: "risk", note: { kind: "strategy_halted", strategyId, reason, at } });
    floor.effect({ type: "transition", machine: "system", ...moveOf(strategyId, true), reason });
    floor.counts.alarms += 1;
    floor.effect({ type: "alarm", code: "STRATEGY_HALTED", message: `${strategyId}: ${reason}`, strategyId });
    this.cancelStrategy(strategyId, `strategy halted: ${reason}`);
  }

  #latch(halted: HaltedStrategy): void {
    this.#strategies.set(halted.strategyId, halted);
    this.#floor.muted.add(halted.strategyId);
  }

  /** Why an operator's resume is not followed; `undefined`: it is. */
  refuses({ strategyId, reason }: Resume): string | undefined {
    const { killed } = this;
    if (killed !== undefined) {
      const left = killed.at + this.#limits.killCooldown - this.#floor.now;
      if (left > 0) {
        const seconds = Math.ceil(left / (1_000 * NANOS_PER_MS));
        return `killed (${killed.reason}): a resume is refused for another ${seconds} s (risk.kill_cooldown_ms)`;
      }
      // Time passes before a word is heard: of what that has just brought about nobody can have known.
      if (killed.by !== "operator" && killed.at === this.#floor.now)
        return `the account was killed by the bot itself at this very moment (${killed.reason}): resume it again if you mean that`;
      if (killed.by !== "operator" && isBlank(reason))
        return `the account was killed by the bot itself (${killed.reason}): a resume needs a reason`;
    }
    if (strategyId === undefined) return undefined;
    const halted = this.#strategies.get(strategyId);
    if (halted === undefined) return `strategy ${strategyId} is not halted`;
    return isBlank(reason)
      ? `strategy ${strategyId} was halted (${halted.reason}): a resume needs a reason`
      : undefined;
  }

  /** An operator's resume is followed. */
  resume({ marketId, strategyId, reason }: Resume): void {
    if (marketId !== undefined) return;
    if (strategyId !== undefined) {
      this.#release(strategyId, reason ?? "");
      return;
    }
    this.#killed = undefined;
    this.#guard.clearAccount();
    if (this.#strategies.size === 0) return;
    if (isBlank(reason)) {
      const names = [...this.#strategies.keys()].join(", ");
      this.#floor.alarm(
        "RESUME_REFUSED",
        `halted strategies stay halted (${names}): a resume needs a reason`,
      );
      return;
    }
    for (const halted of [...this.#strategies.keys()]) this.#release(halted, reason ?? "");
  }

  #release(strategyId: StrategyId, reason: string): void {
    const floor = this.#floor;
    this.#strategies.delete(strategyId);
    floor.muted.delete(strategyId);
    this.#guard.clear(strategyId);
    floor.effect({ type: "transition", machine: "system", ...moveOf(strategyId, false), reason });
    for (const { bindings } of floor.allMarkets()) {
      const binding = bindings.find(({ spec }) => spec.id === strategyId);
      if (binding === undefined) continue;
      if (binding.started) this.#resumed(binding);
      else floor.startBinding(binding);
    }
  }

  #resumed(binding: Binding): void {
    const context = hookContext(binding, { causes: [...binding.entry.trading.causes] });
    this.#floor.call(binding, () => binding.spec.strategy.onResume?.(context));
  }

  /** What the journal of an earlier run says of this desk's latches. */
  note(note: RiskNote): void {
    if (note.kind === "misstep") this.#guard.seed({ ...note, count: 1 });
    if (note.kind === "strategy_halted") {
      const { strategyId, at, reason } = note;
      this.#latch({ strategyId, at, reason });
    }
    if (note.kind !== "killed") return;
    this.#killed = { by: note.by, at: note.at, reason: note.reason };
    this.#floor.moveSystem("kill", note.reason);
    this.#trading.haltWhere(undefined, "kill");
  }

  /** What {@link StopDesk.goOn} takes. */
  save(): SavedStops {
    const killed = this.#killed;
    const { strategies, missteps } = this;
    return { ...(killed === undefined ? {} : { killed }), strategies, missteps };
  }

  /** Goes on from an earlier run of the account. */
  goOn(
    killed: Killed | undefined,
    strategies: readonly HaltedStrategy[],
    missteps: readonly Missteps[],
  ): void {
    this.#killed = killed;
    for (const halted of strategies) this.#latch(halted);
    for (const each of missteps) this.#guard.seed(each);
  }
}

function moveOf(strategyId: StrategyId, halted: boolean): { subject: string; from: string; to: string } {
  const [running, stopped] = ["STRATEGY_RUNNING", "STRATEGY_HALTED"] as const;
  const subject = `strategy:${strategyId}`;
  return halted ? { subject, from: running, to: stopped } : { subject, from: stopped, to: running };
}
