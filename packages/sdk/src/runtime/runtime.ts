import { EventEmitter } from "eventemitter3";
import type { ClockOffsets } from "../clock/index.ts";
import type { BotConfig } from "../config/index.ts";
import type { ExecutionFold } from "../contracts/index.ts";
import { Core } from "../engine/index.ts";
import { MatchpointError } from "../errors.ts";
import type {
  AlarmEffect,
  CoreEvent,
  DeniedEffect,
  Effect,
  Mode,
  PlaceEffect,
  TradeReport,
  TransitionEffect,
} from "../events/index.ts";
import { id, type MarketId, type RunId, type StrategyId } from "../ids.ts";
import { defaultModel, type ProbabilityModel } from "../truth/index.ts";
import { NANOS_PER_MS, USDC_ONE, type Millis, type Nanos, type Usdc } from "../units/index.ts";
import type { RebuiltAccount } from "./rebuild.ts";
import { instantiate, type StrategyUse } from "./instantiate.ts";
import { compareScenarios } from "./scenarios.ts";
import { Session, type EventSink } from "./session.ts";
import { summarize, type RunSummary } from "./summary.ts";

/** What a run is made of. */
export interface RuntimeOptions {
  readonly config: BotConfig;
  readonly strategies: readonly StrategyUse[];
  readonly execution: ExecutionFold;
  readonly journal?: EventSink;
  readonly runId: string;
  readonly mode?: Mode;
  /** Dollars on the account when the run begins, as the venue has them. Default: the configuration's paper collateral. */
  readonly collateral?: Usdc;
  /** The account of an earlier run, rebuilt from its journal: the run begins with it and recovers before it trades. */
  readonly carried?: RebuiltAccount;
  /** Whose money it is and where, as text, for the journal. */
  readonly account?: string;
  /** Which build of the code runs, as text, for the journal. */
  readonly build?: string;
  readonly model?: ProbabilityModel;
  /** Wall clock of the run's first moment, Unix ms. */
  readonly startsAt: number;
}

/** What a runtime tells: typed events for embedding in another program. */
export interface RuntimeEvents {
  /** Every input of the core with what it led to. */
  step: (event: CoreEvent, effects: readonly Effect[]) => void;
  order: (effect: PlaceEffect) => void;
  denied: (effect: DeniedEffect) => void;
  /** A trade of ours that is heard of for the first time, in whatever state it is by then; each one once. */
  fill: (report: TradeReport) => void;
  truth: (transition: TransitionEffect) => void;
  trading: (transition: TransitionEffect) => void;
  halt: (transition: TransitionEffect) => void;
  alarm: (alarm: AlarmEffect) => void;
  /** The system's own moves: killed, resumed, draining. */
  system: (transition: TransitionEffect) => void;
  /** What a strategy's hook threw, with its stack; before the alarm that tells of it. */
  strategyError: (strategyId: StrategyId, marketId: MarketId, error: unknown) => void;
}

const SETTLE_HORIZON_MS = 120_000;

/**
 * A bot, embeddable anywhere: offer it the world's events in order and it trades. Synchronous and deterministic; where the
 * events come from (feeds, a recording, a simulator) is the caller's choice.
 *
 * @example
 * ```ts
 * import { createRuntime, defaultConfig, ModelMaker } from "@matchpoint/sdk";
 * import { createPaperBroker } from "@matchpoint/paper-broker";
 *
 * const startsAt = 1_780_000_000_000;
 * const runtime = createRuntime({
 *   config: defaultConfig(),
 *   strategies: [{ use: ModelMaker, params: { reference: "microprice" } }],
 *   execution: createPaperBroker({ runId: "example", seed: 1 }),
 *   runId: "example",
 *   startsAt,
 * });
 * runtime.on("fill", (fill) => console.log(fill.side, fill.price, fill.size));
 * const summary = runtime.finish("nothing to do");
 * console.log(summary.pnl);
 * ```
 */
export class Runtime extends EventEmitter<RuntimeEvents> {
  readonly core: Core;
  readonly mode: Mode;
  readonly runId: RunId;
  readonly config: BotConfig;
  readonly #session: Session;
  readonly #execution: ExecutionFold;
  readonly #startsAt: number;
  #fills = 0;
  #stopping = false;
  #finished = false;

  constructor(options: RuntimeOptions) {
    super();
    this.mode = options.mode ?? "paper";
    this.runId = id<RunId>(options.runId);
    this.#startsAt = options.startsAt;
    this.#execution = options.execution;
    const { config } = options;
    this.config = config;
    const strategies = options.strategies.map(instantiate);
    const seen = new Set<string>();
    for (const { spec } of strategies) {
      if (seen.has(spec.id)) {
        throw new MatchpointError("STRATEGY_INVALID", `two strategies are called ${spec.id}`, {
          hint: "Give one of them another name.",
        });
      }
      seen.add(spec.id);
    }
    this.core = new Core({
      engine: config.engine,
      truth: config.truth_engine,
      risk: config.risk,
      model: options.model ?? defaultModel,
      strategies: strategies.map(({ spec }) => spec),
      capabilities: options.execution.capabilities,
      onStrategyError: (strategyId, marketId, error) =>
        this.emit("strategyError", strategyId, marketId, error),
    });
    this.#session = new Session({
      core: this.core,
      execution: options.execution,
      ...(options.journal === undefined ? {} : { journal: options.journal }),
      recoverable: this.mode === "live",
      onStep: (event, effects) => {
        this.#tell(event, effects);
      },
    });
    const stamp = { at: 0 as Nanos, receivedAt: options.startsAt as Millis };
    this.#session.offer({
      type: "run_started",
      ...stamp,
      runId: this.runId,
      mode: this.mode,
      seed: config.seed,
      ...(options.carried === undefined ? {} : { recovers: options.carried.adoption.runId }),
      ...(options.account === undefined ? {} : { account: options.account }),
      ...(options.build === undefined ? {} : { build: options.build }),
      capabilities: options.execution.capabilities,
      config: plain(config),
      strategies: strategies.map(({ spec, params, markets }) => ({
        id: spec.id,
        use: spec.use.id,
        params: plain(params),
        ...(markets === undefined ? {} : { markets }),
        ...(spec.use.isolation === undefined ? {} : { isolation: spec.use.isolation }),
      })),
    });
    if (options.carried !== undefined) {
      const { adoption, evidence } = options.carried;
      this.#session.offer({ type: "adopted", ...stamp, reason: "restart", evidence, what: adoption });
      return;
    }
    this.#session.offer({
      type: "balance_report",
      ...stamp,
      collateral: options.collateral ?? (Math.round(config.paper.collateral_usdc * USDC_ONE) as Usdc),
    });
  }

  /** How far monotonic time has come: the last event, or the last moment that was waited for. */
  get at(): Nanos {
    return this.#session.at;
  }

  get effectsHash(): string {
    return this.#session.effectsHash;
  }

  /**
   * Takes an outside event. A `run_stopping` of an earlier run's journal ends this one at the same moment.
   * @throws {@link MatchpointError} `INVARIANT` when it lies in the past
   */
  offer(event: CoreEvent): void {
    if (event.type === "run_stopping") this.#stopping = true;
    this.#session.offer(event);
  }

  /** Lets time pass with no news: timers and reports that are due by then happen. */
  advanceTo(at: Nanos): void {
    this.#session.advanceTo(at);
  }

  /**
   * Tells how far the wall clock is off, as measured: every event from now on carries it. Nothing is decided by it; durations
   * are monotonic.
   */
  setClockOffsets(offsets: ClockOffsets): void {
    this.#session.setOffsets(offsets);
  }

  /** How many times a live run's journal was told of a latch: what a restart must not forget, and what must not wait for the disk. */
  get notes(): number {
    return this.#session.notes;
  }

  /** When the run next does something by itself. */
  nextDue(): Nanos | undefined {
    return this.#session.nextDue();
  }

  /** Monotonic time of a wall-clock time of this run. */
  monotonicOf(wall: number): Nanos {
    return Math.round((wall - this.#startsAt) * NANOS_PER_MS) as Nanos;
  }

  /** The account so far. */
  summary(): RunSummary {
    const { realism } = this.#execution;
    const scenarios = compareScenarios(this.core, this.#execution.scenarios?.() ?? []);
    return {
      ...summarize(this.core, this.mode, this.#session.effectsHash),
      ...(realism === undefined ? {} : { realism }),
      ...(scenarios === undefined ? {} : { scenarios }),
    };
  }

  /** Begins to end the run: strategies stop, resting orders are cancelled. Reports still count until {@link Runtime.finish}. */
  stop(reason: string): void {
    if (this.#stopping) return;
    const { at } = this.#session;
    this.offer({ type: "run_stopping", at, receivedAt: this.#session.wallAt(at), reason });
  }

  /** Ends the run: strategies stop, resting orders go, the venue finishes what is under way. */
  finish(reason: string): RunSummary {
    this.stop(reason);
    if (!this.#finished) {
      this.#finished = true;
      this.#session.settle(SETTLE_HORIZON_MS);
    }
    this.core.ledger.check();
    return this.summary();
  }

  #tell(event: CoreEvent, effects: readonly Effect[]): void {
    if (this.listenerCount("step") > 0) this.emit("step", event, effects);
    if (event.type === "trade_report" && this.core.counts.fills > this.#fills) {
      this.#fills = this.core.counts.fills;
      this.emit("fill", event);
    }
    for (const effect of effects) {
      switch (effect.type) {
        case "place":
          this.emit("order", effect);
          break;
        case "denied":
          this.emit("denied", effect);
          break;
        case "alarm":
          this.emit("alarm", effect);
          break;
        case "transition":
          if (effect.machine === "truth") this.emit("truth", effect);
          if (effect.machine === "system") this.emit("system", effect);
          if (effect.machine === "trading") this.emit("trading", effect);
          if (effect.machine === "trading" && effect.to === "HALT") this.emit("halt", effect);
          break;
        case "cancel":
        case "chain":
        case "set_timer":
        case "clear_timer":
        case "risk": // its halts are transitions, its words are alarms
          break;
      }
    }
  }
}

/** Makes a {@link Runtime}. @throws {@link MatchpointError} `STRATEGY_INVALID` */
export function createRuntime(options: RuntimeOptions): Runtime {
  return new Runtime(options);
}

/** A copy that is nothing but JSON, as the journal will hold it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
