import type { Segment, Storage } from "../contracts/index.ts";

/** Keeps what is appended in memory: for tests, replays and tools. */
export class MemoryStorage implements Storage {
  readonly #segments = new Map<Segment, Uint8Array[]>();
  #syncs = 0;

  append(segment: Segment, bytes: Uint8Array): void {
    const chunks = this.#segments.get(segment);
    if (chunks === undefined) this.#segments.set(segment, [bytes.slice()]);
    else chunks.push(bytes.slice());
  }

  async sync(): Promise<void> {
    this.#syncs += 1;
  }

  async close(): Promise<void> {
    this.#syncs += 1;
  }

  /** How often it was synced (closing counts). */
  get syncs(): number {
    return this.#syncs;
  }

  /** Everything appended to a segment. */
  bytes(segment: Segment = "journal.jsonl"): Uint8Array {
    const chunks = this.#segments.get(segment) ?? [];
    let length = 0;
    for (const chunk of chunks) length += chunk.length;
    const whole = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}
