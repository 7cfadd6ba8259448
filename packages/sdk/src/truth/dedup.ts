import type { GameProgress, SourceEvent } from "../events/index.ts";

/** Keys kept per source and match; a re-sent claim that is older than this is a claim like any other. */
const REMEMBERED = 4096;

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
export function remember(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  if (seen.size > REMEMBERED) {
    for (const oldest of seen) {
      seen.delete(oldest);
      break;
    }
  }
  return true;
}
