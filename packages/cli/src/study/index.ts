/** Many runs of recordings at once: `backtest` and `sweep`. @module */
export { backtestCommand, type BacktestFlags } from "./backtest.ts";
export { sweepCommand, type SweepFlags } from "./sweep.ts";
