/** Edits (insert, delete, replace, swap neighbours) from one word to another: Damerau-Levenshtein, restricted form. */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const rows = new Uint16Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      const here = i * width + j;
      if (i === 0 || j === 0) {
        rows[here] = i + j;
        continue;
      }
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[here - width]! + 1, rows[here - 1]! + 1, rows[here - width - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[here - 2 * width - 2]! + 1);
      }
      rows[here] = least;
    }
  }
  return rows[rows.length - 1]!;
}

/**
 * The word that somebody may have meant; `undefined` when none is near. Case and dashes do not count. Of several as near, one that only goes
 * on where the given word ends: more is left out at a word's end than mistaken within it.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[-\s]/g, "_");
  const from = plain(word);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(from.length / 3)) + 1;
  for (const candidate of words) {
    const to = plain(candidate);
    const distance = editDistance(from, to);
    const goesOn = best !== undefined && to.startsWith(from) && !plain(best).startsWith(from);
    if (distance < least || (distance === least && goesOn)) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
