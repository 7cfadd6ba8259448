import { clip, clipMiddle, plain, wrap } from "./format.ts";

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  readonly cell: (row: Row) => string;
  /** How narrow the column may become when the table is too wide; columns without never shrink. */
  readonly least?: number;
  /** Cut out of the middle instead of off the end. */
  readonly middle?: boolean;
  /** Goes on in further lines instead of being cut. For the last column. */
  readonly wrap?: boolean;
}

const GAP = 2;

/** Lays rows out in columns as wide as their content needs, within `width` as far as columns may shrink. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const cells = rows.map((row) => columns.map(({ cell }) => plain(cell(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]!.length)),
  );
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  // The widest column gives way first, so that no one column loses everything.
  while (excess > 0) {
    let widest = -1;
    columns.forEach(({ least }, index) => {
      if (least === undefined || widths[index]! <= least) return;
      if (widest === -1 || widths[index]! > widths[widest]!) widest = index;
    });
    if (widest === -1) break;
    widths[widest]! -= 1;
    excess -= 1;
  }
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const { align, middle } = columns[index]!;
        const room = widths[index]!;
        const cut = middle === true ? clipMiddle(text, room) : clip(text, room);
        return align === "right" ? cut.padStart(room) : cut.padEnd(room);
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  const lines = (texts: readonly string[]): string[] => {
    const parts = texts.map((text, index) =>
      columns[index]!.wrap === true ? wrap(text, widths[index]!) : [text],
    );
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, row) => line(parts.map((part) => part[row] ?? "")));
  };
  return [line(columns.map(({ title }) => title)), ...cells.flatMap(lines)];
}
