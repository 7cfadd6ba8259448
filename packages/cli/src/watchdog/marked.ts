import { HOOKS, type Strategy, type StrategyClass } from "@matchpoint/sdk";
import type { Board } from "./board.ts";

/** A strategy class whose hooks say on the board when they begin and end. In all else it is the same. */
export function marked(use: StrategyClass, strategy: number, board: Board): StrategyClass {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each class has its own parameters
  const Base = use as new (params: any) => Strategy;
  class Marked extends Base {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
    constructor(params: any) {
      super(params);
      HOOKS.forEach((name, hook) => {
        const own = (this as unknown as Readonly<Record<string, unknown>>)[name];
        if (typeof own !== "function") return;
        const value = (ctx: unknown): unknown => {
          board.enter(strategy, hook);
          try {
            return own.call(this, ctx) as unknown;
          } finally {
            board.leave();
          }
        };
        Object.defineProperty(this, name, { value, configurable: true, writable: true });
      });
    }
  }
  return Marked as unknown as StrategyClass;
}
