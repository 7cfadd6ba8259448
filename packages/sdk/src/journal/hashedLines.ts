import type { RunningHash, Sha256 } from "./types.ts";

const NEWLINE = /* @__PURE__ */ Uint8Array.of(10);

/** Follows the hashes that a journal states of its own lines: each covers all from the line that stated one before. */
export class HashedLines {
  readonly #sha256: Sha256;
  /** Of the lines from `#from` on. */
  #hash: RunningHash;
  #from = 1;
  /** Whether the hash covers all since the line before that stated one. */
  #whole: boolean;
  /** Lines that follow each other in one buffer, and are not hashed yet: hashing many at once is cheaper. */
  #buffer: Uint8Array | undefined;
  #start = 0;
  #end = 0;

  /** `whole`: the lines begin where the journal does. */
  constructor(sha256: Sha256, whole: boolean) {
    this.#sha256 = sha256;
    this.#hash = sha256();
    this.#whole = whole;
  }

  /** The hash up to the last line, to be gone on with; `undefined` while not all that it has to cover was seen. */
  get known(): RunningHash | undefined {
    this.rest();
    return this.#whole ? this.#hash : undefined;
  }

  /** Takes a line without its newline. `stays`: the buffer stays as it is until {@link HashedLines.rest}. */
  add(buffer: Uint8Array, start: number, end: number, stays: boolean): void {
    if (this.#buffer === buffer && start === this.#end + NEWLINE.length) {
      this.#end = end;
      return;
    }
    this.rest();
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    if (!stays) this.rest();
  }

  /** Hashes what has gathered. */
  rest(): void {
    if (this.#buffer === undefined) return;
    this.#hash.update(this.#buffer.subarray(this.#start, this.#end));
    this.#hash.update(NEWLINE);
    this.#buffer = undefined;
  }

  /** A line states the hash of those before it: what is wrong with it, in words. The line is the first that the next hash covers. */
  differs(stated: string, line: number): string | undefined {
    this.rest();
    const actual = this.#hash.digest();
    const from = this.#from;
    const differs = this.#whole && actual !== stated;
    this.#hash = this.#sha256();
    this.#from = line;
    this.#whole = true;
    return differs
      ? `lines ${from} to ${line - 1} have the hash ${actual.slice(0, 16)}…, but it states ${stated.slice(0, 16)}…`
      : undefined;
  }
}
