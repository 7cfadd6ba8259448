import { escaped } from "../models/report/html.ts";
import { cents, money } from "../report/format.ts";
import type { Usdc } from "@matchpoint/sdk";

/** A cell: text, or text with a class. */
export type Cell = string | { readonly text: string; readonly kind: string };

/** How a column lies: `l` text that wraps, `n` text that does not, else a number. */
export type Lie = "l" | "n" | "";

/** A table; the first column heads its rows. `lies`: how the first columns lie; the others are numbers. */
export function grid(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  {
    lies = ["l"],
    sum = false,
    wide = "",
  }: { lies?: readonly Lie[]; sum?: boolean; wide?: "" | "wide" | "wide tight" } = {},
): string {
  const tag = (cell: Cell, i: number): string => {
    const text = escaped(typeof cell === "string" ? cell : cell.text);
    const kinds = [lies[i] ?? "", typeof cell === "string" ? "" : cell.kind].filter((each) => each !== "");
    const kind = kinds.length === 0 ? "" : ` class="${kinds.join(" ")}"`;
    return i === 0 ? `<th scope="row"${kind}>${text}</th>` : `<td${kind}>${text}</td>`;
  };
  const lines = rows.map(
    (cells, i) => `<tr${sum && i === rows.length - 1 ? ' class="sum"' : ""}>${cells.map(tag).join("")}</tr>`,
  );
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table${wide === "" ? "" : ` class="${wide}"`}><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${head.map((cell, i) => `<th scope="col"${(lies[i] ?? "") === "" ? "" : ` class="${lies[i]}"`}>${escaped(cell)}</th>`).join("")}</tr></thead>`,
    `<tbody>${lines.join("\n")}</tbody></table></div>`,
  ].join("\n");
}

/** Dollars with their sign, to the last micro-dollar that there is; a table says that it is dollars. */
export function signed(value: number): Cell {
  return { text: exact(value).replace("$", ""), kind: value < 0 ? "neg" : value > 0 ? "pos" : "nil" };
}

/** The same as text. */
export function exact(value: number): string {
  return money(value as Usdc, true).replace("-", "−");
}

/** Money to the cent. */
export function rounded(value: number, sign = true): string {
  return cents(value as Usdc, sign).replace("-", "−");
}

/** A part of the page. */
export function section(id: string, title: string, parts: readonly string[]): string {
  return [
    `<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${escaped(title)}</h2>`,
    ...parts,
    "</section>",
  ].join("\n");
}

/** A paragraph of text. */
export function note(text: string, kind = "note"): string {
  return `<p class="${kind}">${escaped(text)}</p>`;
}
