import type { Prng } from "../simulator/prng.ts";
import type { Garbling } from "./story.ts";

const HUGE_BYTES = 2 * 1024 * 1024;
const ERROR_PAGE =
  "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

/**
 * What a proxy, a broken encoder or an enemy would send in place of a message. `last` is the last good message.
 * `wrong_shape` keeps names and plain values of it and replaces what they hold: the message is still recognisably meant
 * for its reader.
 */
export function hostileBody(frame: Garbling, last: string, rng: Prng): string | Buffer {
  switch (frame) {
    case "truncated":
      return last.length < 4 ? '{"id":' : last.slice(0, Math.floor(last.length * 0.6));
    case "not_json":
      return ERROR_PAGE;
    case "wrong_shape":
      return JSON.stringify(misshapen(last));
    case "huge":
      return JSON.stringify("x".repeat(HUGE_BYTES));
    case "binary": {
      const bytes = Buffer.alloc(64);
      for (let i = 0; i < bytes.length; i++) bytes[i] = 0x80 + rng.int(0, 0x7f);
      return bytes;
    }
  }
}

function misshapen(last: string): unknown {
  let known: unknown;
  try {
    known = JSON.parse(last);
  } catch {
    known = undefined;
  }
  if (Array.isArray(known)) return [...(known as unknown[]).slice(0, 1).map(() => "unexpected")];
  if (typeof known !== "object" || known === null) return { unexpected: true };
  const entries = Object.entries(known);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? "unexpected" : value,
    ]),
  );
}
