import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { HOOKS, type AlarmEffect, type StrategyClass } from "@matchpoint/sdk";

type Hook = (this: unknown, context: unknown) => unknown;

/** Folders whose frames say nothing about a strategy's own file. */
const INSIDE: readonly string[] = [
  folderOf(import.meta.resolve("@matchpoint/sdk")),
  folderOf(import.meta.url),
];

/** Messages whose places are kept. */
const MOST = 1_000;

/**
 * Knows where in its file a strategy's hook threw. The core tells only the message, because its effects must be the same on
 * every machine, whatever its paths; so the place is taken down as the error passes by.
 */
export class FaultPlaces {
  readonly #byMessage = new Map<string, string>();

  /** Where the error of a fault's alarm came from, as `/path/mine.ts:12:9`, when that is outside of this project. */
  placeOf({ message, strategyId }: AlarmEffect): string | undefined {
    const prefix = `${strategyId ?? ""}: `;
    return this.#byMessage.get(message.startsWith(prefix) ? message.slice(prefix.length) : message);
  }

  /** The same strategy, of which every error that its hooks throw is looked at on its way. */
  watch<T extends { readonly use: StrategyClass }>(strategies: readonly T[]): readonly T[] {
    return strategies.map((one) => ({ ...one, use: this.#watched(one.use) }));
  }

  #watched(use: StrategyClass): StrategyClass {
    const prototype = use.prototype as object;
    const hooks = HOOKS.filter((name) => typeof hookOf(prototype, name) === "function");
    if (hooks.length === 0) return use;
    const watched = class extends use {};
    Object.defineProperty(watched, "name", { value: use.name });
    for (const name of hooks) {
      const hook = hookOf(prototype, name)!;
      Object.defineProperty(watched.prototype, name, { value: this.#passing(hook), configurable: true });
    }
    return watched;
  }

  #passing(hook: Hook): Hook {
    const note = (error: unknown): void => {
      const place = placeOf(error);
      // Messages with numbers in them are all different: what is looked up is the latest.
      if (this.#byMessage.size >= MOST) this.#byMessage.clear();
      if (place !== undefined) this.#byMessage.set((error as Error).message, place);
    };
    return function (context) {
      try {
        return hook.call(this, context);
      } catch (error) {
        note(error);
        throw error;
      }
    };
  }
}

function hookOf(prototype: object, name: string): Hook | undefined {
  return (prototype as Readonly<Record<string, Hook | undefined>>)[name];
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
