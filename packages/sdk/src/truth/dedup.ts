import type { GameProgress, SourceEvent } from "../events/index.ts";

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

function progressKey(progress: GameProgress): string {
  return JSON.stringify(progress);
}

/**
 * What makes a claim the same claim when it is sent again: the source's own `ref` and what is claimed. One message of a
 * source can hold several claims under one ref. Without a ref nothing tells a repetition from news: `undefined`.
 */
export function dedupKey({ ref, claim }: SourceEvent): string | undefined {
  if (ref === undefined) return undefined;
  const game = "game" in claim ? String(claim.game) : "";
  const winner = "winner" in claim ? String(claim.winner) : "";
  const rest = claim.kind === "game_progress" ? progressKey(claim.progress) : "";
  return `${ref}|${claim.kind}|${game}|${winner}|${rest}`;
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
