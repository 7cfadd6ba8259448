import type {
  ClientFrame,
  FoundFrame,
  HelloFrame,
  MoveFrame,
  SearchFrame,
  ServerFrame,
} from "@matchpoint/dashboard";
import type { WebSocket } from "ws";
import type { ChartCursor, SeriesCursor } from "../view/index.ts";
import { RateLimit } from "./guard.ts";
import type { Playhead } from "./playhead.ts";
import { Search } from "./search.ts";

/** What a page is shown from. */
export interface SeatOptions {
  readonly socket: Pick<WebSocket, "send" | "close" | "terminate" | "bufferedAmount">;
  readonly playhead: Playhead;
  readonly journal: string;
  /** Bytes of the journal that there are now. */
  readonly size: () => number;
  /** What the run's state is beside what its view knows. */
  readonly about: () => Pick<HelloFrame, "state" | "controls" | "journal" | "from" | "to">;
  readonly now: () => number;
}

/** So often is what shown, in ms. */
const PLAY_MS = 250;
const LADDER_MS = 50;
const CHART_MS = 200;
const TABLES_MS = 250;
const SEARCH_MS = 500;
/** What a page has not taken yet: beyond, nothing more is sent to it, and it is shown the latest when it has. */
const BEHIND_BYTES = 512 * 1_024;
/** A page that takes nothing for so long is gone. */
const GONE_MS = 30_000;
const MOST_FRAMES = 60;
const SLICE_MS = 8;
/** What a page waits for gets more: nothing else is shown to it meanwhile. */
const SEEK_MS = 30;

/** One page that looks at a run: what it looks at, and what it has been sent. */
export class Seat {
  readonly #options: SeatOptions;
  readonly #frames = new RateLimit(MOST_FRAMES, 1_000);
  #market: string | undefined;
  #hello = "";
  #chart: ChartCursor | undefined;
  #equity: SeriesCursor | undefined;
  #log: number | undefined;
  #shown = { ladder: "", tables: "", chart: "" };
  readonly #due = { play: 0, ladder: 0, chart: 0, tables: 0, search: 0 };
  #search: Search | undefined;
  #behindSince: number | undefined;
  #how = "";

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** Takes what the page sends. Whatever is no frame of a page ends it. */
  take(text: string): void {
    const { socket, now } = this.#options;
    const frame = this.#frames.take(now()) ? frameOf(text) : undefined;
    if (frame === undefined) {
      socket.close(1008);
      return;
    }
    if (frame.type === "look") {
      this.#market = frame.market ?? undefined;
      this.#chart = undefined;
      this.#shown.ladder = "";
      this.#shown.chart = "";
      this.#due.ladder = 0;
      this.#due.chart = 0;
    } else if (frame.type === "search") this.#begin(frame);
    else {
      const why = this.#options.playhead.move(frame);
      if (why !== undefined) this.error("MOVE_REFUSED", why, false);
    }
  }

  /** Sends what is due. `passedMs`: since the last time. Costs little when there is nothing. */
  tick(passedMs: number): void {
    const { playhead, now } = this.#options;
    const time = now();
    playhead.tick(passedMs, playhead.isSeeking ? SEEK_MS : SLICE_MS);
    if (this.#isBehind(time)) return;
    this.#place(time);
    this.#searching(time);
    const { view } = playhead;
    if (view.isEmpty || playhead.isStill) return;
    if (playhead.takeJump()) this.#forget();
    this.#greet();
    const seq = String(view.seq);
    if (time >= this.#due.tables && this.#shown.tables !== seq) {
      this.#due.tables = time + TABLES_MS;
      this.#shown.tables = seq;
      this.send(view.tables());
      const { frame, cursor } = view.equity(this.#equity);
      this.#equity = cursor;
      this.send(frame);
    }
    if (time >= this.#due.chart && this.#shown.chart !== seq) {
      this.#due.chart = time + CHART_MS;
      this.#shown.chart = seq;
      this.#story();
      this.#draw();
    }
    if (time >= this.#due.ladder && this.#market !== undefined && this.#shown.ladder !== seq) {
      this.#due.ladder = time + LADDER_MS;
      this.#shown.ladder = seq;
      const ladder = view.ladder(this.#market);
      if (ladder !== undefined) this.send(ladder);
    }
  }

  /** Whether it wants its next turn at once. */
  get isBusy(): boolean {
    return this.#options.playhead.isSeeking || this.#search !== undefined;
  }

  send(frame: ServerFrame): void {
    this.#options.socket.send(JSON.stringify(frame));
  }

  error(code: string, text: string, last: boolean, search?: number): void {
    this.send({ type: "error", code, text, last, ...(search === undefined ? {} : { search }) });
  }

  close(): void {
    this.#search?.stop();
    this.#search = undefined;
  }

  /** Where it stands: at once when it moves another way than before, else every now and then. */
  #place(time: number): void {
    const { playhead } = this.#options;
    const how = playhead.state;
    if (time < this.#due.play && how === this.#how) return;
    const frame = playhead.frame();
    if (frame === undefined) return;
    this.#how = how;
    this.#due.play = time + PLAY_MS;
    this.send(frame);
  }

  #greet(): void {
    const { about, playhead } = this.#options;
    const frame: HelloFrame = { type: "hello", version: 1, ...playhead.view.hello(), ...about() };
    // Its end moves with every event: that alone is told by `play`.
    const text = JSON.stringify({ ...frame, to: 0 });
    if (text === this.#hello) return;
    this.#hello = text;
    this.send(frame);
  }

  #story(): void {
    const { lines, cursor } = this.#options.playhead.view.log(this.#log);
    if (this.#log === undefined || lines.length > 0)
      this.send({ type: "log", whole: this.#log === undefined, lines });
    this.#log = cursor;
  }

  #draw(): void {
    if (this.#market === undefined) return;
    const drawn = this.#options.playhead.view.chart(this.#market, this.#chart);
    if (drawn === undefined) return;
    this.#chart = drawn.cursor;
    this.send(drawn.frame);
  }

  #forget(): void {
    this.#chart = undefined;
    this.#equity = undefined;
    this.#log = undefined;
    this.#shown = { ladder: "", tables: "", chart: "" };
    this.#due.chart = 0;
    this.#due.tables = 0;
  }

  #begin(frame: SearchFrame): void {
    this.#search?.stop();
    this.#search = undefined;
    const why = Search.refusal(frame);
    if (why !== undefined)
      this.error("SEARCH_REFUSED", why, false, Number.isSafeInteger(frame.id) ? frame.id : undefined);
    else this.#search = new Search(this.#options.journal, this.#options.size(), frame);
  }

  #searching(time: number): void {
    const search = this.#search;
    if (search === undefined) return;
    let found: FoundFrame | undefined;
    try {
      found = search.tick(SLICE_MS, time >= this.#due.search);
    } catch (error) {
      // A journal that cannot be searched can still be shown as far as it was read.
      this.close();
      this.error("SEARCH_FAILED", error instanceof Error ? error.message : String(error), false, search.id);
      return;
    }
    if (found === undefined) return;
    this.#due.search = time + SEARCH_MS;
    this.send(found);
    if (found.done === 1) this.#search = undefined;
  }

  #isBehind(time: number): boolean {
    const { socket } = this.#options;
    if (socket.bufferedAmount <= BEHIND_BYTES) {
      this.#behindSince = undefined;
      return false;
    }
    this.#behindSince ??= time;
    if (time - this.#behindSince > GONE_MS) socket.terminate();
    return true;
  }
}

const MOVES: ReadonlySet<string> = new Set<MoveFrame["type"]>([
  "follow",
  "play",
  "pause",
  "seek",
  "seek_seq",
  "speed",
  "step",
]);

/** A page's frame; `undefined` for anything else. What is in a move or a search is looked at where it is done. */
function frameOf(text: string): ClientFrame | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const { type, market } = given as { readonly type?: unknown; readonly market?: unknown };
  if (type === "look") return market === null || typeof market === "string" ? { type, market } : undefined;
  if (type === "search" || (typeof type === "string" && MOVES.has(type))) return given as ClientFrame;
  return undefined;
}
