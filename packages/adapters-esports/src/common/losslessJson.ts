/** The digits of 2^53 - 1: a whole number with fewer is always exact. */
const EXACT_DIGITS = 15;

/**
 * Parses JSON without rounding whole numbers: those beyond 2^53 come as text of their digits, all else as `JSON.parse` has
 * it. Ids of lobbies, servers and logos are that big, and a rounded id is another one's.
 *
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseLossless(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? quoteBigIntegers(text) : text) as unknown;
}

/** Puts quotes around the whole numbers that a double cannot hold. Text inside strings is left alone. */
function quoteBigIntegers(text: string): string {
  let out = "";
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at + 1);
    else if (code === 0x2d || isDigit(code)) {
      const end = endOfNumber(text, at + 1);
      if (end - at > EXACT_DIGITS && isBigInteger(text.slice(at, end)) && !isKey(text, end)) {
        out += `${text.slice(copied, at)}"${text.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    } else at += 1;
  }
  return out + text.slice(copied);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
  return at;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    // Digits, and what makes a number no integer: . e E + -
    if (!isDigit(code) && code !== 0x2e && code !== 0x65 && code !== 0x45 && code !== 0x2b && code !== 0x2d)
      break;
    at += 1;
  }
  return at;
}

function isBigInteger(number: string): boolean {
  return /^-?[1-9]\d*$/.test(number) && !Number.isSafeInteger(Number(number));
}

/** A number before a colon is no JSON; quotes would make it so. */
function isKey(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === 0x3a;
}
