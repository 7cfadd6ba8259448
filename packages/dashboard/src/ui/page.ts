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

/** The page's tools; draws the component again whenever one of the slices has changed. */
export function usePage(...slices: readonly Slice[]): PageTools {
  const tools = useContext(PageContext)!;
  const [, setTurn] = useState(0);
  useEffect(() => {
    const again = (): void => {
      setTurn((turn) => turn + 1);
    };
    const ends = slices.map((slice) => tools.store.subscribe(slice, again));
    // What changed between the first drawing and this moment.
    again();
    return () => {
      for (const end of ends) end();
    };
  }, [tools, slices.join()]);
  return tools;
}
