import { exp, log } from "@matchpoint/sdk";

const UINT32 = 4_294_967_296;
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Two rounds of multiply and rotate per character: spreads a short label over 32 bits. */
function mix(text: string, start: number): number {
  let h = start ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x85ebca6b);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return (h ^ (h >>> 15)) >>> 0;
}

// Acklam's rational approximation of the inverse normal distribution, absolute error below 1.2e-9.
const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
] as const;
const B = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
] as const;
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416] as const;
const TAIL = 0.02425;

function inverseNormal(p: number): number {
  if (p < TAIL || p > 1 - TAIL) {
    const q = Math.sqrt(-2 * log(p < TAIL ? p : 1 - p));
    const x =
      (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5]) /
      ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1);
    return p < TAIL ? x : -x;
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q) /
    (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1)
  );
}

/**
 * A seeded source of chance (sfc32): the same seed and label give the same draws on every machine. Every part of the
 * simulator has a stream of its own, so that switching one part on or off does not shift the draws of another.
 */
export class Prng {
  #a = 0;
  #b = 0;
  #c = 0;
  #n = 1;

  constructor(seed: number, label: string) {
    this.reset(seed, label);
  }

  /** Starts over, as if newly made. */
  reset(seed: number, label: string): void {
    const text = `${seed}/${label}`;
    this.#a = mix(text, 0x9e3779b9);
    this.#b = mix(text, 0x243f6a88);
    this.#c = mix(text, 0xb7e15162);
    this.#n = 1;
    for (let i = 0; i < 15; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#n) | 0;
    this.#n = (this.#n + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** A float from 0 (included) to 1 (not included). */
  unit(): number {
    return this.next() / UINT32;
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  /** A float from `low` to `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  normal(mean: number, sd: number): number {
    return mean + sd * inverseNormal((this.next() + 0.5) / UINT32);
  }

  exponential(mean: number): number {
    return -mean * log((this.next() + 0.5) / UINT32);
  }

  logNormal(median: number, sigma: number): number {
    return median * exp(this.normal(0, sigma));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.unit() * list.length)]!;
  }

  /** `length` lower-case hex digits. */
  hex(length: number): string {
    let text = "";
    for (let left = length; left > 0; left -= 8) {
      const n = this.next();
      text += HEX[n >>> 24]! + HEX[(n >>> 16) & 0xff]! + HEX[(n >>> 8) & 0xff]! + HEX[n & 0xff]!;
    }
    return text.length === length ? text : text.slice(0, length);
  }

  /** A random (version 4) UUID. */
  uuid(): string {
    const h = this.hex(30);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(12, 15)}-a${h.slice(15, 18)}-${h.slice(18, 30)}`;
  }
}
