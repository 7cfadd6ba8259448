import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { ActionAnswer, ClientFrame } from "../frames.ts";
import type { Slice, Store } from "../store/index.ts";

/** What every panel may use. */
export interface PageTools {
  readonly store: Store;
  /** Sends a frame; false while there is no connection. */
  readonly send: (frame: ClientFrame) => boolean;
  readonly choose: (market: string) => void;
  /** Orders something that changes the run; the id under which the store keeps what it comes to. */
  readonly order: (action: ActionAnswer["action"], reason: string, market?: string) => string;
}

export const PageContext: ReturnType<typeof createContext<PageTools | undefined>> = createContext<
  PageTools | undefined
>(undefined);

/**
 * Shortest time between two drawings after changes of a slice, in ms, whatever comes: text that changes faster is not read, and what
 * is drawn by hand keeps its own pace.
 */
const PACE: Readonly<Partial<Record<Slice, number>>> = {
  tables: 100,
  ladder: 50,
  log: 250,
  play: 100,
  chart: 500,
  equity: 500,
};

/** The page's tools; draws the component again when one of the slices has changed, at their pace. */
export function usePage(...slices: readonly Slice[]): PageTools {
  const tools = useContext(PageContext)!;
  const [, setTurn] = useState(0);
  useEffect(() => {
    let timer: number | undefined;
    let last = 0;
    const again = (): void => {
      clearTimeout(timer);
      timer = undefined;
      last = performance.now();
      setTurn((turn) => turn + 1);
    };
    const ends = slices.map((slice) =>
      tools.store.subscribe(slice, () => {
        const wait = last + (PACE[slice] ?? 0) - performance.now();
        if (wait <= 0) again();
        else timer ??= window.setTimeout(again, wait);
      }),
    );
    // What changed between the first drawing and this moment.
    again();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [tools, slices.join()]);
  return tools;
}
