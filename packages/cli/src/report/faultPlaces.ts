import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { LONGEST_REASON, type AlarmEffect, type Runtime } from "@matchpoint/sdk";

/** Folders whose frames say nothing about a strategy's own file. */
const INSIDE: readonly string[] = [
  folderOf(import.meta.resolve("@matchpoint/sdk")),
  folderOf(import.meta.resolve("@matchpoint/testing")),
  folderOf(import.meta.url),
];

/** Messages whose places are kept. */
const MOST = 1_000;

/**
 * Knows where in its file a strategy's hook threw. The core tells only the message, because its effects must be the same on
 * every machine, whatever its paths; the runtime shows the error itself.
 */
export class FaultPlaces {
  readonly #byMessage = new Map<string, string>();

  constructor(runtime: Runtime) {
    runtime.on("strategyError", (_strategyId, _marketId, error) => {
      const place = placeOf(error);
      // Messages with numbers in them are all different: what is looked up is the latest.
      if (this.#byMessage.size >= MOST) this.#byMessage.clear();
      // An alarm's words are cut; the error's are not.
      if (place !== undefined) this.#byMessage.set((error as Error).message.slice(0, LONGEST_REASON), place);
    });
  }

  /** Where the error of a fault's alarm came from, as `/path/mine.ts:12:9`, when that is outside of this project. */
  placeOf({ message, strategyId }: AlarmEffect): string | undefined {
    const prefix = `${strategyId ?? ""}: `;
    return this.#byMessage.get(message.startsWith(prefix) ? message.slice(prefix.length) : message);
  }
}

/** The first frame of an error's stack that is no part of this project or of Node. */
function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return undefined;
  for (const frame of stack.split("\n")) {
    const place = /^\s*at .*?((?:file:\/\/)?\/[^()]*:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (place === undefined) continue;
    const path = place.startsWith("file:") ? fileURLToPath(place) : place;
    if (!INSIDE.some((folder) => path.startsWith(folder))) return path;
  }
  return undefined;
}

/** The folder of a package's code, which its modules and bundles lie in. */
function folderOf(url: string): string {
  const folder = dirname(fileURLToPath(url));
  // The last of these in the path: a user's own folders may be called so too.
  return `${folder.replace(/^(.*\/(?:src|dist))\/.*$/, "$1")}/`;
}
