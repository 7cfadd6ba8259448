import type { Runtime } from "@matchpoint/sdk";
import type { Io } from "../io.ts";
import { FaultPlaces } from "./faultPlaces.ts";
import { clip, clipMiddle, wrap } from "./format.ts";
import { Narrator } from "./narrator.ts";
import { progressOf, progressText, type Work } from "./progressLine.ts";
import { RunLog } from "./runLog.ts";
import { statusTable } from "./statusTable.ts";

/** Where the text of a told line begins, after time and kind. */
const TEXT_AT = 18;
const REDRAW_MS = 120;
const LINE_MS = 5_000;

/** How a {@link Display} behaves. */
export interface DisplayOptions {
  /** Standard output must stay clean: progress and answers go to standard error, and nothing else is shown. */
  readonly quiet: boolean;
  /** Milliseconds between lines of progress where nothing can be redrawn. */
  readonly everyMs?: number;
}

/**
 * Shows long work while it goes on: on a terminal a status table with the latest moments below, redrawn in place; else the
 * moments line by line, and how far it is every few seconds.
 */
export class Display {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #every: number;
  readonly #started = performance.now();
  #shown = this.#started;
  #runtime: Runtime | undefined;
  #narrator: Narrator | undefined;
  #log: RunLog | undefined;
  #drawn = false;

  constructor(io: Io, options: DisplayOptions) {
    this.#io = io;
    this.#quiet = options.quiet;
    this.#every = io.interactive && !options.quiet ? REDRAW_MS : (options.everyMs ?? LINE_MS);
  }

  /** Wall milliseconds since the work began. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Shows a run from now on, and keeps what its account needs. */
  follow(runtime: Runtime): RunLog {
    const places = new FaultPlaces(runtime);
    const log = new RunLog(runtime, (alarm) => places.placeOf(alarm));
    this.#runtime = runtime;
    this.#log = log;
    this.#narrator = new Narrator(runtime, log, (line, kind) => {
      if (this.#quiet) {
        if (kind === "system") this.#io.err(line);
      } else if (!this.#io.interactive) this.#io.out(line);
    });
    return log;
  }

  /** Whether it is time to show something: cheap enough to ask after every event. */
  due(): boolean {
    return performance.now() - this.#shown >= this.#every;
  }

  /** Shows where the work stands. `below` is a last line for a terminal, such as what is being typed. */
  show(work: Work, below?: string): void {
    this.#shown = performance.now();
    const progress = progressOf(work, this.elapsed);
    if (this.#quiet) this.#io.err(progressText(progress));
    else if (!this.#io.interactive) this.#io.out(progressText(progress));
    else {
      const width = this.#io.columns;
      const lines =
        this.#runtime === undefined
          ? [progressText(progress, true)]
          : [
              ...statusTable(this.#runtime, progress, width, this.#log?.troubled ?? []),
              "",
              ...(this.#narrator?.recent ?? []).flatMap((line) => twoLines(line, width)),
            ];
      if (below !== undefined) lines.push("", below);
      this.#io.redraw(lines.map((line) => clip(line, width)).join("\n"));
      this.#drawn = true;
    }
  }

  /** Ends the redrawing, and says what was left out. */
  end(): void {
    if (this.#drawn) this.#io.redraw(undefined);
    const untold = this.#narrator?.untold;
    if (untold !== undefined && !this.#quiet && !this.#io.interactive) this.#io.out(untold);
  }
}

/** A told line in at most two of a terminal's: what is still too long loses its middle. */
function twoLines(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = " ".repeat(Math.min(TEXT_AT, Math.max(0, width - TEXT_AT)));
  const [first = "", ...rest] = wrap(line, width);
  const second = line.slice(first.length).trimStart();
  return rest.length === 0 ? [first] : [first, `${indent}${clipMiddle(second, width - indent.length)}`];
}
