import type { Store } from "../store/index.ts";
import { timeOfDay } from "../text/format.ts";
import { GOOD, type PanelState } from "./panel.tsx";

/** Whether what the page shows is kept up to date; undefined: it is. */
export function staleness(store: Store): PanelState | undefined {
  const { link, tables } = store;
  if (tables === undefined) return undefined;
  if (link.kind === "open") {
    const { play } = store;
    return play?.state === "seeking" ? { kind: "stale", text: "moving in time" } : undefined;
  }
  return { kind: "stale", text: `not connected \u00b7 as of ${timeOfDay(tables.t)}` };
}

/** State of a panel that shows rows of the tables. */
export function stateOf(store: Store, rows: number | undefined, none: string): PanelState {
  const { link, tables } = store;
  if (tables === undefined || rows === undefined)
    return link.kind === "refused"
      ? { kind: "error", text: "Not connected: see above." }
      : {
          kind: "empty",
          text: link.kind === "lost" ? "Not connected to the run." : "Waiting for the run\u2026",
        };
  if (rows === 0) return { kind: "empty", text: none };
  return staleness(store) ?? GOOD;
}
