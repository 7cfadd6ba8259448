import type { Usdc } from "@matchpoint/sdk";

/** Dollars with sign for people: `+$1,000.25`, `-$0.004`. Never hides a difference below a cent. */
export function money(value: Usdc, signed = false, decimals = decimalsOf(value)): string {
  const [whole, rest] = (Math.abs(value) / 1_000_000).toFixed(decimals).split(".");
  return `${signOf(value, signed)}$${count(Number(whole))}.${rest}`;
}

/** How many decimals an amount needs, at least two. */
export function decimalsOf(value: Usdc): number {
  for (let decimals = 2; decimals < 6; decimals++) if (value % 10 ** (6 - decimals) === 0) return decimals;
  return 6;
}

/** Dollars rounded to cents, for a table that changes while one looks at it. */
export function cents(value: Usdc, signed = false): string {
  return money((Math.round(value / 10_000) * 10_000) as Usdc, signed, 2);
}

function signOf(value: number, signed: boolean): string {
  return value < 0 ? "-" : signed && value > 0 ? "+" : "";
}

/** Dollars as a JSON number, exact to the micro-dollar. */
export function dollars(value: Usdc): number {
  return value / 1_000_000;
}

/** `1234567` → `1,234,567` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 market`, `2 markets` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Milliseconds as `1:02:03` or `2:03`. */
export function duration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0")));
  return parts[0] === 0 ? `${parts[1]}:${text[2]}` : text.join(":");
}

/** Text without what would move the cursor or end the line: titles and reasons come from outside. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}

/** Cuts text to a width, marking the cut. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Cuts out of the middle: titles of one match differ at their end. */
export function clipMiddle(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.ceil((width - 1) * 0.6);
  return `${text.slice(0, width - 1 - tail)}…${text.slice(-tail)}`;
}

/** Breaks text into lines of a width, between words; a word that is longer than a line is broken. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const space = rest.lastIndexOf(" ", room);
    const cut = space > 0 ? space : room;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(space > 0 ? cut + 1 : cut);
  }
  return [...lines, rest];
}

/** Bytes as people say them: `4.2 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, "byte");
  const [divisor, unit] = bytes < 1_000_000 ? [1_000, "kB"] : bytes < 1e9 ? [1_000_000, "MB"] : [1e9, "GB"];
  return `${(bytes / divisor).toFixed(1)} ${unit}`;
}
