import type { StrategyAction } from "@matchpoint/sdk";

/** What the thread is given. */
export interface IsolationData {
  /** A default strategy's id, a file or a package. */
  readonly use: string;
  readonly folder: string;
  readonly params: unknown;
  /** How much memory its objects may take, in MiB. */
  readonly heapMb: number;
  /** Two integers: which call is under way ({@link BEGAN}), and which has ended ({@link DONE}). */
  readonly memory: SharedArrayBuffer;
}

/** What it posts, as JSON: text can be bounded before it is looked at, and carries no surprises. */
export interface Posted {
  readonly seq: number;
  readonly actions?: readonly StrategyAction[];
  readonly fault?: string;
  readonly hooks?: readonly string[];
}

/** Integers shared with the core's thread. */
export const BEGAN = 0;
export const DONE = 1;
export const SHARED_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;
