import type {
  ActionAnswer,
  ErrorFrame,
  FoundFrame,
  HelloFrame,
  LadderFrame,
  LogLine,
  PlayFrame,
  ServerFrame,
  TablesFrame,
} from "../frames.ts";
import { cleanAll } from "../text/clean.ts";
import { ChartData, EquityData } from "./chartData.ts";
import { isWhole } from "./wholeFrame.ts";

/** How the page stands with the run that it shows. */
export type Link =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** Lost at `since` (this machine's Unix ms); it is tried again by itself. */
  | { readonly kind: "lost"; readonly since: number }
  /** It will not get better by itself; `text` says what to do. */
  | { readonly kind: "refused"; readonly text: string };

/** The parts of the page's state that change apart from each other. */
export type Slice =
  | "link"
  | "hello"
  | "tables"
  | "chart"
  | "equity"
  | "ladder"
  | "log"
  | "found"
  | "play"
  | "answers"
  | "error"
  | "chosen";

/** What an ordered action has come to. */
export type Outcome =
  | { readonly kind: "asked"; readonly action: ActionAnswer["action"] }
  | { readonly kind: "answered"; readonly answer: ActionAnswer }
  /** There was no answer, or none that can be read: the run may or may not have heard. */
  | { readonly kind: "unknown"; readonly action: ActionAnswer["action"]; readonly text: string }
  | { readonly kind: "refused"; readonly action: ActionAnswer["action"]; readonly text: string };

const MALFORMED =
  "The run's thread sent something that this page cannot read; it goes on with what it had. Load it again; if that does not help, " +
  "use the terminal: matchpoint status, matchpoint watch, matchpoint kill.";

/** How long nothing may come of a run that goes on before the page says so. */
export const QUIET_MS = 8_000;

/** Lines of the log that are kept. */
const LOG_LINES = 2_000;
const FOUND_LINES = 1_000;

/**
 * What the page knows. Frames are taken in as they come, which costs little; what depends on them is told once a picture
 * ({@link Store.flush}), however many came.
 */
export class Store {
  link: Link = { kind: "connecting" };
  hello: HelloFrame | undefined;
  tables: TablesFrame | undefined;
  readonly chart: ChartData = new ChartData();
  equity: EquityData = new EquityData();
  ladder: LadderFrame | undefined;
  log: readonly LogLine[] = [];
  found: FoundFrame | undefined;
  play: PlayFrame | undefined;
  error: ErrorFrame | undefined;
  /** Why the last search that failed did. */
  searchFault: ErrorFrame | undefined;
  /** Kinds of frames whose last one could not be read. */
  readonly unreadable: Set<ServerFrame["type"]> = new Set<ServerFrame["type"]>();
  /** Whether the thread has said nothing for long. */
  quiet = false;
  /** The market that chart and ladder show. */
  chosen: string | undefined;
  readonly answers: Map<string, Outcome> = new Map<string, Outcome>();
  /** The last action ordered from here or from another page. */
  lastAnswer: string | undefined;
  /** When the thread last said anything, by this machine's clock. */
  heardAt = 0;
  /** Frames taken in, for who measures. */
  frames = 0;

  readonly #dirty = new Set<Slice>();
  readonly #listeners = new Map<Slice, Set<() => void>>();
  readonly #soon: () => void;
  #pendingLog: LogLine[] = [];
  #wanted: string | undefined;

  /** `soon` is called when there is something to tell; it calls {@link Store.flush} with the next picture. */
  constructor(soon: () => void) {
    this.#soon = soon;
  }

  /** Takes a frame in. False when what it carries does not join what is here: the connection has to begin anew. */
  take(given: ServerFrame): boolean {
    const frame = cleanAll(given);
    this.frames++;
    if (!isWhole(frame)) {
      this.unreadable.add(frame.type);
      this.touch("link");
      if (this.error?.last !== true)
        this.error = { type: "error", code: "FRAME_MALFORMED", text: MALFORMED, last: false };
      this.touch("error");
      return true;
    }
    if (this.unreadable.delete(frame.type)) this.touch("link");
    switch (frame.type) {
      case "hello":
        if (this.hello !== undefined && this.hello.run !== frame.run) this.#forget();
        this.hello = frame;
        this.#choose(frame);
        break;
      case "tables":
        this.tables = frame;
        break;
      case "chart":
        // What was on its way when another market was chosen.
        if (frame.market !== this.chosen) return true;
        // What went on from a chart that was given up meanwhile; the whole one follows.
        if (this.chart.market === undefined && (frame.from !== 0 || frame.marksFrom !== 0)) return true;
        if (!this.chart.take(frame)) return false;
        break;
      case "equity":
        if (!this.equity.take(frame)) return false;
        break;
      case "ladder":
        if (frame.market !== this.chosen) return true;
        this.ladder = frame;
        break;
      case "log":
        this.#takeLines(frame.whole, frame.lines);
        break;
      case "found":
        this.found = { ...frame, hits: frame.hits.slice(0, FOUND_LINES) };
        break;
      case "play":
        // While it moves in time, nothing else comes that would draw the panels again.
        if ((this.play?.state === "seeking") !== (frame.state === "seeking")) this.touch("link");
        this.play = frame;
        break;
      case "done":
        this.settle(frame.answer.id, { kind: "answered", answer: frame.answer });
        return true;
      case "error":
        this.touch("link");
        if (frame.search !== undefined) {
          this.searchFault = frame;
          this.touch("found");
          return true;
        }
        // That nothing more comes is not to be said over.
        if (this.error?.last !== true || frame.last) this.error = frame;
        break;
      default:
        // A thread that is newer than this page may say more than it knows.
        return true;
    }
    this.touch(frame.type);
    return true;
  }

  /** Chooses the market that chart and ladder show. */
  choose(market: string): void {
    this.#wanted = market;
    this.#look(market);
  }

  /** Shows the market that somebody chose, as long as the run knows it: in its past it may not have been listed yet. */
  #choose({ markets }: HelloFrame): void {
    const known = (id: string | undefined): boolean => markets.some((market) => market.id === id);
    if (known(this.#wanted)) this.#look(this.#wanted);
    else if (!known(this.chosen)) this.#look(markets[0]?.id);
  }

  #look(market: string | undefined): void {
    if (market === this.chosen) return;
    this.chosen = market;
    this.chart.clear();
    this.ladder = undefined;
    for (const slice of ["chosen", "chart", "ladder"] as const) this.touch(slice);
  }

  setLink(link: Link): void {
    this.link = link;
    this.touch("link");
  }

  /** Keeps what an action has come to; an answer is final. */
  settle(id: string, outcome: Outcome): void {
    if (this.answers.get(id)?.kind === "answered") return;
    this.answers.set(id, outcome);
    this.lastAnswer = id;
    this.touch("answers");
  }

  /** Shows the last answer no more. */
  dismissAnswer(): void {
    this.lastAnswer = undefined;
    this.touch("answers");
  }

  /** Looks whether the thread has gone quiet; `now` by this machine's clock. */
  watch(now: number): void {
    const quiet = this.heardAt > 0 && now - this.heardAt > QUIET_MS;
    if (quiet === this.quiet) return;
    this.quiet = quiet;
    this.touch("link");
  }

  dismissError(): void {
    this.error = undefined;
    this.touch("error");
  }

  /** Begins a connection: what grows by its end is sent whole again. */
  restart(): void {
    this.chart.clear();
    this.equity = new EquityData();
    this.#pendingLog = [];
    this.unreadable.clear();
    // What the last thread could not go on with, this one may.
    if (this.error?.last === true) {
      this.error = undefined;
      this.touch("error");
    }
    this.touch("chart");
    this.touch("equity");
  }

  touch(slice: Slice | ServerFrame["type"]): void {
    if (this.#dirty.size === 0) this.#soon();
    this.#dirty.add(slice as Slice);
  }

  subscribe(slice: Slice, listener: () => void): () => void {
    let listeners = this.#listeners.get(slice);
    if (listeners === undefined) this.#listeners.set(slice, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Tells everybody what has changed since the last time. */
  flush(): void {
    if (this.#pendingLog.length > 0) {
      this.log = [...this.log, ...this.#pendingLog].slice(-LOG_LINES);
      this.#pendingLog = [];
    }
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    const told = new Set<() => void>();
    for (const slice of dirty) {
      for (const listener of this.#listeners.get(slice) ?? []) {
        if (told.has(listener)) continue;
        told.add(listener);
        listener();
      }
    }
  }

  #takeLines(whole: boolean, lines: readonly LogLine[]): void {
    if (whole) {
      this.log = [];
      this.#pendingLog = [];
    }
    for (const line of lines) this.#pendingLog.push(line);
    // A page that is not shown draws no pictures; its lines must not pile up.
    if (this.#pendingLog.length > 2 * LOG_LINES) this.#pendingLog = this.#pendingLog.slice(-LOG_LINES);
  }

  #forget(): void {
    this.restart();
    this.tables = this.ladder = this.play = this.found = this.error = this.searchFault = undefined;
    this.log = [];
    for (const slice of ["tables", "ladder", "play", "found", "log", "error"] as const) this.touch(slice);
  }
}
