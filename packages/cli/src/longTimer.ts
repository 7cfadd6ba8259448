/** A timer of Node's waits 24.8 days at most; one that is to wait longer rings at once. */
const LONGEST_MS = 2_147_483_647;

/** Calls back after any time, however long. Returns what cancels it. */
export function longTimer(ms: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = setTimeout(
      () => {
        if (left > LONGEST_MS) wait(left - LONGEST_MS);
        else callback();
      },
      Math.min(left, LONGEST_MS),
    );
  };
  wait(ms);
  return () => {
    clearTimeout(timer);
  };
}
