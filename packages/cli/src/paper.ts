import { createPaperBroker, type PaperBrokerOptions } from "@matchpoint/paper-broker";
import {
  feeSchedule,
  USDC_ONE,
  type BotConfig,
  type Mode,
  type RealismPart,
  type Usdc,
} from "@matchpoint/sdk";

/** The configuration with the version of the latencies that holds, so that a journal names it. */
export function withLatencyTable(config: BotConfig): BotConfig {
  const { paper } = config;
  const table = paper.latency.table ?? (paper.realism === "on" ? "uncalibrated-1" : "constant-1");
  return { ...config, paper: { ...paper, latency: { ...paper.latency, table } } };
}

/** What the configuration says about the paper venue, as its broker wants it. */
export function paperOptions(config: BotConfig, runId: string): PaperBrokerOptions {
  const { paper, engine } = config;
  const { queue_exponent, stale_book_ms, rate_limit, scenarios } = paper;
  return {
    runId,
    seed: config.seed,
    collateral: Math.round(paper.collateral_usdc * USDC_ONE) as Usdc,
    fallbackFee: feeSchedule(Math.round(engine.fee_rate * 1_000_000), 1, true),
    latency: stated(paper.latency),
    faults: stated(paper.faults),
    restarts: stated(paper.restarts),
    realism: paper.realism,
    ...stated({ queue_exponent, stale_book_ms, rate_limit, scenarios }),
    fill_model: paper.fill_model,
    sell_gate: engine.sell_gate,
  };
}

/** How real a run's venue is: each part of a paper one; `undefined` of a live one, which is no model. */
export function realismOfRun(config: BotConfig, mode: Mode): readonly RealismPart[] | undefined {
  return mode === "live" ? undefined : createPaperBroker(paperOptions(config, "realism")).realism;
}

/** Only what was stated; the broker has defaults for the rest. */
function stated<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
