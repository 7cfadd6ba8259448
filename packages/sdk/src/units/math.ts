/**
 * `exp`, `log` and friends from IEEE + − × ÷ only, so that every CPU and engine gives the same bits: `Math.exp` does not.
 * @module
 */

const LN2_HIGH = 0.69314718036912381649; // ln 2 with its low 32 bits zero: k * LN2_HIGH is exact for |k| < 2^20
const LN2_LOW = 1.90821492927058770002e-10;
const SQRT_HALF = 0.7071067811865476;

/** 2^k for whole k, by repeated squaring: exact within the double range. */
function powerOfTwo(k: number): number {
  let base = k < 0 ? 0.5 : 2;
  let result = 1;
  for (let n = k < 0 ? -k : k; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** e^x, within about one unit in the last place; the same bits everywhere. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let term = 1;
  let sum = 1;
  for (let i = 1; i <= 14; i++) {
    term *= r / i;
    sum += term;
  }
  const half = Math.trunc(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Natural logarithm; NaN below zero, -Infinity at zero. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let mantissa = x;
  let exponent = 0;
  for (let step = 512; step >= 1; step = Math.floor(step / 2)) {
    const up = powerOfTwo(step);
    while (mantissa >= up * 2 || (step === 1 && mantissa >= 2)) {
      mantissa /= up;
      exponent += step;
    }
    while (mantissa < 1 / up || (step === 1 && mantissa < 1)) {
      mantissa *= up;
      exponent -= step;
    }
  }
  if (mantissa > 2 * SQRT_HALF) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = sum * s2 + 1 / n;
  return exponent * LN2_HIGH + (2 * s * sum + exponent * LN2_LOW);
}

/** x^y for x > 0, as exp(y ln x). */
export function pow(x: number, y: number): number {
  return y === 0 ? 1 : exp(y * log(x));
}

/** log-odds of a probability. */
export function logit(p: number): number {
  return log(p / (1 - p));
}

/** The probability of log-odds. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}
