import type { SourceEvent } from "../events/index.ts";

/**
 * What a source sent, in two generations: when the young one is full it becomes the old one, so forgetting costs nothing.
 * A re-sent claim that is older than both is a claim like any other.
 */
export interface Seen {
  young: Set<string>;
  old: Set<string>;
}

/** Keys per generation. */
const GENERATION = 4096;

/**
 * What makes a claim the same claim when it is sent again: the source's own `ref` and what is claimed. One message of a
 * source can hold several claims under one ref. Without a ref nothing tells a repetition from news: `undefined`.
 */
export function dedupKey({ ref, claim }: SourceEvent): string | undefined {
  if (ref === undefined) return undefined;
  return `${ref}|${JSON.stringify(claim)}`;
}

/** Remembers a key; false when it was known. */
export function remember(seen: Seen, key: string): boolean {
  if (seen.young.has(key) || seen.old.has(key)) return false;
  if (seen.young.size >= GENERATION) {
    seen.old = seen.young;
    seen.young = new Set();
  }
  seen.young.add(key);
  return true;
}
