import type { Usdc } from "@matchpoint/sdk";

/** Dollars with sign and cents for people: `+$1.25`, `-$0.004`. Never hides a difference below a cent. */
export function money(value: Usdc, signed = false): string {
  const sign = value < 0 ? "-" : signed && value > 0 ? "+" : "";
  const micros = Math.abs(value);
  const digits = (micros / 1_000_000).toFixed(6).replace(/0{1,4}$/, "");
  return `${sign}$${digits}`;
}

/** Dollars as a JSON number, exact to the micro-dollar. */
export function dollars(value: Usdc): number {
  return value / 1_000_000;
}

/** `1234567` → `1,234,567` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Milliseconds as `1:02:03` or `2:03`. */
export function duration(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0")));
  return parts[0] === 0 ? `${parts[1]}:${text[2]}` : text.join(":");
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

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  /** Widest that the column may be. */
  readonly max?: number;
  readonly cell: (row: Row) => string;
}

/** Lays rows out in columns as wide as their content needs. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = rows.map((row) => columns.map(({ cell, max }) => clip(cell(row), max ?? 60)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]!.length)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        columns[index]!.align === "right" ? text.padStart(widths[index]!) : text.padEnd(widths[index]!),
      )
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}
