import type { z } from "zod";

/** Names that are kept apart at most; what comes after is counted together. */
const NAMES = 64;
const OTHERS = "(others)";

/** Counts fields that no schema names: how a change of the venue is noticed before it hurts. */
export class FieldCounts {
  readonly #counts = new Map<string, number>();

  /** How often each unknown field was seen, by `record.field`. */
  get seen(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  count(record: string, value: object, schema: z.ZodObject): void {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(schema.shape, key)) continue;
      const name = `${record}.${key.slice(0, 60)}`;
      const kept = this.#counts.has(name) || this.#counts.size < NAMES ? name : OTHERS;
      this.#counts.set(kept, (this.#counts.get(kept) ?? 0) + 1);
    }
  }
}
