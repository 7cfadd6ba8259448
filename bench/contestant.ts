/** Something measured: a child process of its own runs its rounds, so that nobody's shapes and caches slow another. */
export interface Contestant {
  /** Messages, events or lines of one round. */
  readonly size: number;
  /** Does the same work each time; returns a number made of what came out of it, so that nothing can be left out. */
  round(): number | Promise<number>;
  close?(): void | Promise<void>;
}

/** What a contestant is told. */
export interface Task {
  readonly quick: boolean;
  /** A folder for files, shared by the contestants of a suite. */
  readonly dir: string;
}

/** Makes a contestant ready; not measured. */
export type Setup = (task: Task) => Contestant | Promise<Contestant>;

const kept: unknown[] = [];

/**
 * Keeps an object until the next one comes. V8 forgets a shape of which no object is left, with the code made for it: in a
 * program that runs on, there always is one.
 */
export function keep<T>(object: T): T {
  kept[0] = object;
  return object;
}
