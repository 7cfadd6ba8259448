import type { LogKind, LogLine } from "@matchpoint/dashboard";

/** Lines that are kept; of what comes by the thousand, fewer. */
const MOST = 2_000;
const MOST_COMMON = 1_000;
const COMMON: ReadonlySet<LogKind> = new Set(["order", "denied"]);

/** What one has seen of the lines. */
export type LogCursor = number;

/** The run's story in bounded memory: orders and denials, of which there are many, do not push the rest out. */
export class LogLines {
  #lines: { readonly n: number; readonly line: LogLine }[] = [];
  #n = 0;
  #common = 0;

  /** How many lines there ever were. */
  get count(): LogCursor {
    return this.#n;
  }

  add(line: LogLine): void {
    this.#lines.push({ n: this.#n, line });
    this.#n += 1;
    if (COMMON.has(line.kind)) this.#common += 1;
    if (this.#common > MOST_COMMON * 1.5) this.#drop(true);
    if (this.#lines.length - this.#common > MOST * 1.5) this.#drop(false);
  }

  /** Lines after those that were seen, oldest first. */
  since(cursor: LogCursor = 0): readonly LogLine[] {
    let from = this.#lines.length;
    while (from > 0 && this.#lines[from - 1]!.n >= cursor) from -= 1;
    return this.#lines.slice(from).map(({ line }) => line);
  }

  #drop(common: boolean): void {
    let surplus = common ? this.#common - MOST_COMMON : this.#lines.length - this.#common - MOST;
    this.#lines = this.#lines.filter(({ line }) => {
      if (COMMON.has(line.kind) !== common || surplus <= 0) return true;
      surplus -= 1;
      return false;
    });
    if (common) this.#common = MOST_COMMON;
  }
}
