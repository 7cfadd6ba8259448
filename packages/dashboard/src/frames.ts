/**
 * What the thread that serves a run and the page that shows it say to each other: JSON over one WebSocket, types only.
 *
 * Units, everywhere: times are Unix ms of the run's own time ({@link RunTime}); money is whole micro-dollars ({@link Micros}); sizes are
 * whole micro-shares ({@link MicroShares}); prices are whole ten-thousandths of a dollar ({@link Ticks}); probabilities and the values of
 * a chart are plain numbers, of dollars a share where they are prices, and only to be looked at. Text comes from third parties too: it
 * is for `textContent` alone. What is not known is `null` in columns and absent elsewhere; nothing is ever made up in its place.
 *
 * How they travel: the address that a run prints is `http://127.0.0.1:PORT/#TOKEN`. The page opens `ws://HOST/ws` with the subprotocols
 * {@link Subprotocol} and the token, in that order; the server chooses the first. What changes the run is a `POST` to `/api/kill`,
 * `/api/stop-entry` or `/api/halt` with the headers `authorization: Bearer TOKEN`, `x-matchpoint-control: 1` and
 * `content-type: application/json`; its body is an {@link ActionRequest}, its answer an {@link ActionAnswer} (also with 504, when a kill
 * could not be proven) or `{"error": text}`. A token that does not hold gets no socket, which a page cannot tell from a run that is
 * gone: `GET /api/token`, with the same `authorization`, answers 204 or 401.
 * @module
 */

import type { ChartFrame, EquityFrame, LadderFrame } from "./charts.ts";
import type { TablesFrame } from "./tables.ts";
import type { MicroShares, Outcome, RunTime, Ticks } from "./units.ts";

export type * from "./charts.ts";
export type * from "./tables.ts";
export type * from "./units.ts";

/** The name that the WebSocket goes by. */
export type Subprotocol = "matchpoint.v1";

/** The version of these frames; a page of another version has to be loaded again. */
export type FramesVersion = 1;

/** Everything that the thread sends. */
export type ServerFrame =
  | HelloFrame
  | TablesFrame
  | ChartFrame
  | EquityFrame
  | LadderFrame
  | LogFrame
  | FoundFrame
  | PlayFrame
  | DoneFrame
  | ErrorFrame;

/** Everything that the page may send over the socket: none of it changes the run. */
export type ClientFrame = LookFrame | MoveFrame | SearchFrame;

/** First frame of every connection, and again whenever something in it has changed (a market was listed, the run ended). */
export interface HelloFrame {
  readonly type: "hello";
  readonly version: FramesVersion;
  readonly run: string;
  readonly mode: "paper" | "live";
  /** `growing`: the run writes its journal now; `ended`: it ended in good order; `broken_off`: the journal has no end. */
  readonly state: "growing" | "ended" | "broken_off";
  /** Whether kill, halt and stop-entry reach a run: false for a journal that is only looked at. */
  readonly controls: boolean;
  /** When the run's first event was, and its last one so far. */
  readonly from: RunTime;
  readonly to: RunTime;
  /** Name of the journal's file, without its folder. */
  readonly journal: string;
  readonly build?: string;
  readonly strategies: readonly { readonly id: string; readonly use: string }[];
  /** How real the venue of a paper run is; absent: of a live run. */
  readonly realism?: Realism;
  readonly markets: readonly MarketName[];
  /** Names of the sources of match facts, in the order of the chart's `ages`. */
  readonly sources: readonly string[];
  /** What cannot be shown and why, such as strategies whose class is not known here. */
  readonly lacks: readonly string[];
}

/** Which parts of the venue's nature a paper run has: how many there are, and the names of those that it has not, or too little of. */
export interface Realism {
  readonly parts: number;
  readonly off: readonly string[];
  /** Each with what is too weak about it. */
  readonly weakened: readonly string[];
}

/** What a market is called. */
export interface MarketName {
  readonly id: string;
  /** As the venue has it. */
  readonly title: string;
  /** Short: the match's teams and the game, where it is about one. */
  readonly label: string;
  readonly outcomes: readonly [string, string];
  readonly match?: string;
  /** The game (map) of the match; absent: the series, or nothing that is proven. */
  readonly game?: number;
}

/** Lines of the run's story. `whole`: they replace what the page has (after a move in time); else they go on from it. */
export interface LogFrame {
  readonly type: "log";
  readonly whole: boolean;
  /** Oldest first. */
  readonly lines: readonly LogLine[];
}

/** What a line is about. */
export type LogKind =
  | "truth"
  | "order"
  | "fill"
  | "denied"
  | "halt"
  | "alarm"
  | "state"
  | "settlement"
  | "operator"
  | "feed"
  | "run";

/** One line. */
export interface LogLine {
  /** The journal line's own number, from 1: what a search finds and a move goes to. */
  readonly seq: number;
  readonly t: RunTime;
  readonly kind: LogKind;
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  readonly market?: string;
  /** A stable code, such as a denial's or an alarm's. */
  readonly code?: string;
}

/** Answer of a search of the journal: newest first. */
export interface FoundFrame {
  readonly type: "found";
  readonly id: number;
  readonly hits: readonly FoundLine[];
  /** Whether there are more than are given. */
  readonly more: boolean;
  /** Part of the journal that was looked through, from 0 to 1; an answer below 1 is followed by another one of the same `id`. */
  readonly done: number;
}

/** A line of the journal. */
export interface FoundLine {
  readonly seq: number;
  readonly t: RunTime;
  /** The event's type. */
  readonly event: string;
  readonly market?: string;
  /** The line, cut to what fits. */
  readonly text: string;
}

/** Where the page stands in the run's time: after every move, and at most four times a second while it goes on. */
export interface PlayFrame {
  readonly type: "play";
  /** `follow`: at the run's end as it grows; `playing` and `paused`: somewhere in the past; `seeking`: on the way to `t`. */
  readonly state: "follow" | "playing" | "paused" | "seeking";
  readonly t: RunTime;
  readonly seq: number;
  readonly from: RunTime;
  readonly to: RunTime;
  readonly speed: number;
  /** While seeking: the part that is done, from 0 to 1. */
  readonly done?: number;
}

/** What became of a kill, a halt or a stop-entry, to every page; the page that asked has it as its request's answer too. */
export interface DoneFrame {
  readonly type: "done";
  readonly answer: ActionAnswer;
}

/** Body of `POST /api/kill`, `/api/stop-entry` and `/api/halt`. */
export interface ActionRequest {
  /** Chosen by the page, so that it knows the answer; at most 64 letters, digits and dashes. */
  readonly id: string;
  /** Typed by a person; 1 to 500 characters. */
  readonly reason: string;
  /** Halt only: the market; absent: all of them. */
  readonly market?: string;
}

/** What is told of such a request. */
export interface ActionAnswer {
  readonly id: string;
  readonly action: "kill" | "stop-entry" | "halt";
  /** Kill: it is proven that no order is open. Others: the run has been told. */
  readonly ok: boolean;
  readonly text: string;
  /** The orders that were open, and what became of each. */
  readonly orders: readonly ActionOrder[];
  /** Kill only: from the order to the proof, in ms. */
  readonly ms?: number;
}

/** What became of an order. */
export interface ActionOrder {
  readonly intent: string;
  readonly order?: string;
  readonly market: string;
  readonly label: string;
  readonly side: "buy" | "sell";
  readonly outcome: Outcome;
  readonly price: Ticks;
  /** What is not matched of it. */
  readonly rest: MicroShares;
  readonly result: "cancelled" | "filled" | "open" | "unknown" | "rejected";
}

/** Something that the page should say: what it asked for is refused, or the thread cannot go on. */
export interface ErrorFrame {
  readonly type: "error";
  readonly code: string;
  readonly text: string;
  /** Whether nothing more will come. */
  readonly last: boolean;
  /** The search that it is about, by its `id`. */
  readonly search?: number;
}

/** Selects the market of chart and ladder; none: neither comes. */
export interface LookFrame {
  readonly type: "look";
  readonly market: string | null;
}

/** Moves in time. */
export type MoveFrame =
  | { readonly type: "follow" }
  | { readonly type: "play" }
  | { readonly type: "pause" }
  | { readonly type: "seek"; readonly t: RunTime }
  | { readonly type: "seek_seq"; readonly seq: number }
  | { readonly type: "speed"; readonly speed: PlaySpeed }
  | {
      readonly type: "step";
      readonly to: "truth" | "order" | "fill" | "event";
      readonly back?: boolean;
    };

/** Times the run's time. */
export type PlaySpeed = 0.25 | 0.5 | 1 | 2 | 5 | 10 | 25 | 50 | 100;

/** Searches the journal for a text, in lines of a kind, a market or a stretch of time; a later one ends an earlier one. */
export interface SearchFrame {
  readonly type: "search";
  readonly id: number;
  /** At most 200 characters; letters' case does not matter. */
  readonly text: string;
  /** Event type. */
  readonly event?: string;
  readonly market?: string;
  readonly from?: RunTime;
  readonly to?: RunTime;
}
