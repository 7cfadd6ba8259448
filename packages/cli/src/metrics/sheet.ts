import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { METRICS, type MetricName, type MetricRow } from "./catalogue.ts";

type Labels = Readonly<Record<string, string>>;

/** The metrics' values, each under a name of {@link METRICS}. */
export class Sheet {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  /** What each series of a counter that is told as a whole stood at. */
  readonly #totals = new Map<string, number>();

  constructor() {
    for (const [name, row] of Object.entries<MetricRow>(METRICS)) this.#make(name, row);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  inc(name: MetricName, labels: Labels = {}, by = 1): void {
    this.#counters.get(name)!.inc(labels, by);
  }

  /** Raises a counter to what was counted elsewhere. */
  total(name: MetricName, value: number, labels: Labels = {}): void {
    const key = `${name} ${Object.values(labels).join(" ")}`;
    const before = this.#totals.get(key) ?? 0;
    this.#totals.set(key, value);
    this.#counters.get(name)!.inc(labels, Math.max(0, value - before));
  }

  set(name: MetricName, value: number, labels: Labels = {}): void {
    this.#gauges.get(name)!.set(labels, value);
  }

  observe(name: MetricName, value: number, labels: Labels = {}): void {
    this.#histograms.get(name)!.observe(labels, value);
  }

  /** Lets a gauge's series go: those that are still there are set anew. */
  forget(name: MetricName): void {
    this.#gauges.get(name)!.reset();
  }

  #make(name: string, { kind, help, labels, buckets }: MetricRow): void {
    const options = { name, help, labelNames: Object.keys(labels), registers: [this.#registry] };
    if (kind === "counter") this.#counters.set(name, new Counter(options));
    else if (kind === "gauge") this.#gauges.set(name, new Gauge(options));
    else this.#histograms.set(name, new Histogram({ ...options, buckets: [...(buckets ?? [])] }));
  }
}
