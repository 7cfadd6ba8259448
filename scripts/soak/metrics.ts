/** What a page of metrics in Prometheus' text format says, by name and labels: `event_loop_delay_ms{quantile="0.5"}`. */
export class Metrics {
  readonly #values = new Map<string, number>();

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const at = line.lastIndexOf(" ");
      if (!line.startsWith("#") && at > 0) this.#values.set(line.slice(0, at), Number(line.slice(at + 1)));
    }
  }

  /** @throws Error when the page does not have it */
  of(series: string): number {
    const value = this.#values.get(series);
    if (value === undefined) throw new Error(`the bot's metrics have no ${series}`);
    return value;
  }

  /** The sum of all series of a name, but for those that `without` matches. */
  sum(name: string, without?: RegExp): number {
    let sum = 0;
    for (const [series, value] of this.#values)
      if ((series === name || series.startsWith(`${name}{`)) && without?.test(series) !== true) sum += value;
    return sum;
  }
}
