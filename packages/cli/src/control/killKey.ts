import { emitKeypressEvents } from "node:readline";
import type { Readable } from "node:stream";

/** The one key that stops everything: Ctrl-X. It is pressed whatever line is being typed. */
export const KILL_KEY = "Ctrl-X";

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** Calls back when the key is pressed on a terminal that is read key by key. Returns what ends it. */
export function listenForKillKey(input: Readable, onKill: () => void): () => void {
  const onKey = (_text: string | undefined, key: Key | undefined): void => {
    if (key?.ctrl === true && key.name === "x") onKill();
  };
  emitKeypressEvents(input);
  input.on("keypress", onKey);
  return () => {
    input.off("keypress", onKey);
  };
}
