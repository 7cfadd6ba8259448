import type { Io } from "../io.ts";
import { progressText, type Progress } from "./statusTable.ts";

const REDRAW_MS = 120;
const LINE_MS = 5_000;

/**
 * Shows where long work stands: redrawn in place on a terminal, else a line every few seconds. Writes to standard error
 * when standard output must stay clean.
 */
export class ProgressLine {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #started = performance.now();
  #shown = this.#started;

  constructor(io: Io, options: { readonly quiet: boolean }) {
    this.#io = io;
    this.#quiet = options.quiet;
  }

  /** Wall milliseconds since the work began. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Whether it is time to show something: cheap enough to ask after every event. */
  due(): boolean {
    return performance.now() - this.#shown >= (this.#io.interactive && !this.#quiet ? REDRAW_MS : LINE_MS);
  }

  /** Shows where the work stands; `block` replaces the line on a terminal. */
  show(work: { readonly done: number; readonly fraction: number | undefined; readonly elapsedMs: number }, block?: (progress: Progress) => string): void {
    this.#shown = performance.now();
    const wall = this.elapsed;
    const fraction = work.fraction;
    const progress: Progress = {
      fraction,
      elapsedMs: work.elapsedMs,
      rate: wall > 0 ? (work.done / wall) * 1000 : 0,
      etaMs: fraction === undefined || fraction <= 0 ? undefined : (wall / fraction) * (1 - fraction),
    };
    if (this.#quiet) this.#io.err(progressText(progress));
    else if (this.#io.interactive) this.#io.redraw(block?.(progress) ?? progressText(progress));
    else this.#io.out(progressText(progress));
  }

  /** Ends the redrawing. */
  end(): void {
    if (this.#io.interactive && !this.#quiet) this.#io.redraw(undefined);
  }
}
