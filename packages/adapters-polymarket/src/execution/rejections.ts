import type { RejectCode, VenueModeChanged } from "@matchpoint/sdk";
import { REJECTIONS, type RejectionRow, type Remedy } from "./rejectionTable.ts";

/** A text of the venue, understood. `name` is `UNRECOGNIZED` when no row matches. */
export interface Rejection {
  readonly name: string;
  readonly code: RejectCode;
  readonly retryable: boolean;
  readonly remedy: Remedy;
  readonly proves: RejectionRow["proves"];
  readonly mode?: VenueModeChanged["mode"];
  /** What the text states: amounts in millionths, prices, addresses; as it stood. */
  readonly figures: Readonly<Record<string, string>>;
  /** The venue's own words, cut at 300 characters. */
  readonly detail: string;
}

/**
 * Understands why the venue refused something. A text that no row knows is a refusal that nobody may simply repeat.
 *
 * @example
 * ```ts
 * import { rejectionOf } from "@matchpoint/adapters-polymarket";
 * rejectionOf("order 0xab is invalid. Size (4) lower than the minimum: 5").figures; // { size: "4", min: "5" }
 * ```
 */
export function rejectionOf(text: string): Rejection {
  const detail = text.slice(0, 300);
  for (const each of REJECTIONS) {
    const match = each.pattern.exec(detail);
    if (match === null) continue;
    const { name, code, retryable, remedy, proves, mode } = each;
    const figures: Record<string, string> = {};
    for (const [key, value] of Object.entries(match.groups ?? {}) as [string, string | undefined][])
      if (value !== undefined) figures[key] = value;
    return {
      name,
      code,
      retryable,
      remedy,
      proves,
      figures,
      detail,
      ...(mode === undefined ? {} : { mode }),
    };
  }
  return {
    name: "UNRECOGNIZED",
    code: "OTHER",
    retryable: false,
    remedy: "halt_market",
    proves: "refused",
    figures: {},
    detail,
  };
}
