const SHOWN = "[secret]";
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A secret that shows itself to nobody but {@link Secret.reveal}: as text, in a template, as JSON and to Node's inspector it is
 * `[secret]`, and it cannot be posted to a thread or cloned.
 *
 * @example
 * ```ts
 * import { Secret } from "@matchpoint/sdk";
 * const key = new Secret("0xabc");
 * console.log(`${key}`, JSON.stringify({ key }), key.reveal().length); // [secret] {"key":"[secret]"} 5
 * ```
 */
export class Secret {
  /** The secret itself. Hand it to what needs it, and keep it nowhere. */
  readonly reveal: () => string;

  constructor(value: string) {
    // A property of its own that is a function is what makes structuredClone and postMessage refuse the whole.
    this.reveal = () => value;
    Object.freeze(this);
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  /** What Node prints. */
  [INSPECT](): string {
    return SHOWN;
  }
}
