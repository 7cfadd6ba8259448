import type { ServerFrame } from "../frames.ts";
import type { Store } from "../store/index.ts";
import { timeOfDay } from "../text/format.ts";

/** What a panel shows: its content, or plainly why there is none, or that it is old. */
export type PanelState =
  | { readonly kind: "good" }
  /** Nothing to show yet, and why. */
  | { readonly kind: "empty"; readonly text: string }
  /** What is shown is no longer kept up to date. */
  | { readonly kind: "stale"; readonly text: string }
  | { readonly kind: "error"; readonly text: string };

export const GOOD: PanelState = { kind: "good" };

const WAITING: PanelState = { kind: "empty", text: "Waiting for the run\u2026" };

/** Whether what the page shows of some frames is kept up to date; undefined: it is. */
export function staleness(store: Store, of: ServerFrame["type"] = "tables"): PanelState | undefined {
  const { link, tables, play, hello, error } = store;
  if (tables === undefined) return undefined;
  const asOf = (text: string): PanelState => ({
    kind: "stale",
    text: `${text} \u00b7 as of ${timeOfDay(tables.t)}`,
  });
  if (link.kind !== "open") return asOf("not connected");
  if (error?.last === true) return asOf("nothing more comes");
  if (store.unreadable.has(of)) return asOf("what came cannot be read");
  if (play?.state === "seeking") return { kind: "stale", text: "moving in time" };
  // Whoever looks at the past, or at a run that is over, waits for nothing.
  const awaits = hello?.state === "growing" && (play === undefined || play.state === "follow");
  return store.quiet && awaits ? asOf("nothing new comes") : undefined;
}

/** Why a panel has nothing of some frames, where that is a fault; undefined: it is none, they may still come. */
function fault(store: Store, of: ServerFrame["type"]): PanelState | undefined {
  const { link, error } = store;
  const say = (text: string): PanelState => ({ kind: "error", text });
  if (link.kind === "refused") return say("Not connected: see above.");
  if (link.kind === "lost")
    return say(`Not connected to the run since ${timeOfDay(link.since)}; it is tried again by itself.`);
  if (error?.last === true) return say(`Nothing more comes (${error.code}): see above.`);
  if (store.unreadable.has(of)) return say("What came cannot be read: see above.");
  return undefined;
}

/** State of a panel that shows rows of some frames; `rows` undefined: they have not come. */
export function stateOf(
  store: Store,
  rows: number | undefined,
  none: string,
  of: ServerFrame["type"] = "tables",
): PanelState {
  if (store.tables === undefined || rows === undefined) return fault(store, of) ?? WAITING;
  const stale = staleness(store, of);
  // That there was nothing is as old as everything else.
  if (rows === 0)
    return {
      kind: "empty",
      text: stale === undefined || !("text" in stale) ? none : `${none} (${stale.text})`,
    };
  return stale ?? GOOD;
}

/** State of the chart of the chosen market. */
export function chartState(store: Store): PanelState {
  const { chart, chosen, hello } = store;
  if (chart.t.length > 0) return staleness(store, "chart") ?? GOOD;
  const wrong = fault(store, "chart");
  if (wrong !== undefined) return wrong;
  if (hello === undefined) return WAITING;
  if (chosen === undefined)
    return { kind: "empty", text: "No market is listed yet. One is charted as soon as the run finds it." };
  return {
    kind: "empty",
    text:
      chart.market === undefined
        ? "Waiting for this market\u2026"
        : "Nothing has been seen of this market yet: no book and no match facts.",
  };
}

/** State of the account's curve. */
export function equityState(store: Store): PanelState {
  if (store.equity.t.length >= 2) return staleness(store, "equity") ?? GOOD;
  return (
    fault(store, "equity") ??
    (store.tables === undefined ? WAITING : { kind: "empty", text: "The account has not moved yet." })
  );
}

/** State of the chosen market's book. `old`: why the book itself is, as the run has it. */
export function ladderState(store: Store, old: string | undefined): PanelState {
  const { ladder, tables } = store;
  if (ladder === undefined || tables === undefined) {
    const wrong = fault(store, "ladder");
    if (wrong !== undefined || tables === undefined) return wrong ?? WAITING;
    return {
      kind: "empty",
      text:
        tables.markets.length === 0
          ? "No market is listed yet."
          : "No book has been seen of this market yet.",
    };
  }
  return staleness(store, "ladder") ?? (old === undefined ? GOOD : { kind: "stale", text: old });
}

/** State of the search that has this id; undefined: nothing is looked for. */
export function searchState(store: Store, id: number | undefined): PanelState {
  const refused = id !== undefined && store.searchFault?.search === id ? store.searchFault : undefined;
  if (refused !== undefined) return { kind: "error", text: `The search failed: ${refused.text}.` };
  // Where nothing is looked for, there is something to be said only once there was a run to look in.
  const misses = id === undefined ? store.tables === undefined : store.found?.id !== id;
  return (misses ? fault(store, "found") : undefined) ?? staleness(store, "found") ?? GOOD;
}
