import { isMatchpointError, MatchpointError } from "@matchpoint/sdk";

/** What stands in texts where a secret was. */
const BLANK = "[secret]";
/** Shorter ones would blank out half of every text. */
const SHORTEST = 8;
/** Signatures of orders that are remembered; an answer that quotes an older one comes too late to matter. */
const RECENT = 256;
/** What every signature has, of an order (65 bytes and more) or of a request (32 bytes, padded); few other texts have it. */
const SIGNATURE = /=|[0-9a-f]{100}/i;

/**
 * Keeps secrets out of texts that others wrote: a venue that quotes a request in its refusal, a network error that prints its
 * headers, a frame that echoes a log-in.
 */
export class Redactor {
  readonly #secrets: readonly string[];
  readonly #recent: string[] = [];
  /** Whether all that is remembered looks like a signature. */
  #usual = true;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((each) => each.length >= SHORTEST);
  }

  /** Remembers something that was made with a secret and must not be shown either: a signature. */
  also(secret: string): void {
    this.#recent.push(secret);
    this.#usual &&= SIGNATURE.test(secret);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  text(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, BLANK);
    // Most texts have nothing in them to look for.
    if (this.#usual && !SIGNATURE.test(clean)) return clean;
    for (const secret of this.#recent) if (clean.includes(secret)) clean = clean.replaceAll(secret, BLANK);
    return clean;
  }

  /** An error with nothing of the original but its message: its fields and causes may hold anything. */
  error(error: unknown): MatchpointError {
    const text = error instanceof Error ? error.message : String(error);
    const code = isMatchpointError(error) ? error.code : "HTTP_FAILED";
    return new MatchpointError(code, this.text(text).slice(0, 500));
  }
}
