/** What a run counts, for Prometheus. @module */
export { METRICS, type MetricRow } from "./catalogue.ts";
export { RunMetrics } from "./runMetrics.ts";
