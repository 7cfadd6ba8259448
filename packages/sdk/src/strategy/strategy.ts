import type { z } from "zod";
import type { Posture } from "../state/index.ts";
import type {
  BookContext,
  FillContext,
  HaltContext,
  OrderContext,
  PositionContext,
  ResolvedContext,
  StaleContext,
  StrategyContext,
  TimerContext,
  TradeContext,
  TruthContext,
} from "./context.ts";

/**
 * What a strategy is written as: a class that extends this, with a static `id`, `posture` and `params` schema, and the
 * hooks that it needs. The host makes one instance per run and calls its hooks for every market that the configuration gives
 * it; memory goes into `ctx.state` (one per market), never into fields: the instance is frozen after `onStart`.
 *
 * Hooks are synchronous and must not look at a clock, draw random numbers or do I/O: the same events must lead to the same
 * orders. A hook that throws halts its market.
 *
 * @example
 * ```ts
 * import { Strategy, type BookContext } from "@matchpoint/sdk";
 * import { z } from "zod";
 *
 * export class BuyCheap extends Strategy<typeof BuyCheap.params> {
 *   static readonly id = "buy-cheap";
 *   static readonly posture = "directional";
 *   static readonly params = z.object({ below: z.number().min(0).max(1).default(0.2) });
 *
 *   override onBook(ctx: BookContext) {
 *     const quote = ctx.quote(0);
 *     if (quote.ask / 10_000 >= this.params.below) return ctx.skip("not cheap");
 *     ctx.buy({ outcome: 0, limit: quote.ask, size: quote.askSize });
 *   }
 * }
 * ```
 */
export abstract class Strategy<Params extends z.ZodType = z.ZodType, State extends z.ZodType = z.ZodType> {
  /** The checked parameters. */
  readonly params: z.output<Params>;

  constructor(params: z.output<Params>) {
    this.params = params;
  }

  /** Once per market, before anything else of it. */
  onStart?(ctx: StrategyContext<z.output<State>>): void;
  onBook?(ctx: BookContext<z.output<State>>): void;
  onTrade?(ctx: TradeContext<z.output<State>>): void;
  onTruth?(ctx: TruthContext<z.output<State>>): void;
  onTruthRevised?(ctx: TruthContext<z.output<State>>): void;
  onOrder?(ctx: OrderContext<z.output<State>>): void;
  onFill?(ctx: FillContext<z.output<State>>): void;
  onFillVoided?(ctx: FillContext<z.output<State>>): void;
  onPosition?(ctx: PositionContext<z.output<State>>): void;
  onStale?(ctx: StaleContext<z.output<State>>): void;
  onHalt?(ctx: HaltContext<z.output<State>>): void;
  onResume?(ctx: HaltContext<z.output<State>>): void;
  onResolved?(ctx: ResolvedContext<z.output<State>>): void;
  onTimer?(ctx: TimerContext<z.output<State>>): void;
  onStop?(ctx: StrategyContext<z.output<State>>): void;
}

const EVERY_HOOK: Readonly<Record<Extract<keyof Strategy, `on${string}`>, true>> = {
  onStart: true,
  onBook: true,
  onTrade: true,
  onTruth: true,
  onTruthRevised: true,
  onOrder: true,
  onFill: true,
  onFillVoided: true,
  onPosition: true,
  onStale: true,
  onHalt: true,
  onResume: true,
  onResolved: true,
  onTimer: true,
  onStop: true,
};

/** The names of all hooks of a {@link Strategy}. */
export const HOOKS: readonly string[] = Object.keys(EVERY_HOOK);

/** The static side of a strategy: what the host reads before it makes one. */
export interface StrategyClass {
  readonly id: string;
  readonly posture: Posture;
  /** Drives validation, documentation, command-line flags and sweeps. */
  readonly params: z.ZodType;
  /** Schema of `ctx.state`; its defaults are the state of a fresh market. Absent: an empty object. */
  readonly state?: z.ZodType;
  /**
   * Whether entries rest on match truth: they are denied while truth is stale, doubted or of a single source, and resting ones
   * are cancelled. Where that depends on the parameters, a function of them.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each class has its own parameters; the schema has checked them
  readonly truthDriven?: boolean | ((params: any) => boolean);
  /** Set by the host on what stands in for a strategy that runs elsewhere. */
  readonly isolation?: "worker";
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each class has its own parameters; the schema has checked them
  new (params: any): Strategy;
}
