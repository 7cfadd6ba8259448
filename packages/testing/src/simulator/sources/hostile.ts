import type { Prng } from "../prng.ts";

/** Bytes that are no text in UTF-8, let alone JSON. */
function noise(rng: Prng): Uint8Array {
  const bytes = new Uint8Array(rng.int(3, 90));
  for (let i = 0; i < bytes.length; i++) bytes[i] = rng.int(0x80, 0xff);
  return bytes;
}

/**
 * A frame that no decoder may accept, made from a good one: broken off, garbled, of another kind altogether, or with its first
 * number-like field turned into something that no number is. Whoever decodes it has to put it aside and go on.
 */
export function hostileFrame(rng: Prng, good: string): string | Uint8Array {
  switch (rng.int(0, 5)) {
    case 0:
      return good.slice(0, rng.int(1, good.length - 1));
    case 1:
      return `<html><body>502 Bad Gateway ${rng.hex(8)}</body></html>`;
    case 2:
      return noise(rng);
    case 3:
      return `${good}${good.slice(0, rng.int(2, 40))}`;
    case 4:
      return "{".repeat(rng.int(50, 5_000));
    default:
      return good.replace(/[:,]/, "\u0000");
  }
}

const PRICES = ["-0.1", "1.7", "1e309", "NaN", "0x1", "", "0.123456"] as const;
const SIZES = ["-5", "1e309", "NaN", "Infinity", "12,5"] as const;

/** The same for the market channel, where a frame can also be well-formed and say what no price or size can be. */
export function hostileMarketFrame(rng: Prng, good: string): string | Uint8Array {
  const isBook = good.startsWith("[") || good.includes('"price"');
  if (!isBook || rng.chance(0.4)) return hostileFrame(rng, good);
  return rng.chance(0.5)
    ? good.replace(/"price":"[^"]*"/, `"price":"${rng.pick(PRICES)}"`)
    : good.replace(/"size":"[^"]*"/, `"size":"${rng.pick(SIZES)}"`);
}
