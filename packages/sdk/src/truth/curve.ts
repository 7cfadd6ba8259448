import type { GameProgress } from "../events/index.ts";
import type { GoldCurve } from "../state/index.ts";

const MINUTE_MS = 60_000;
/** A clock that is set back by less is noise: sources round, and differ by some seconds. */
const SLACK_MS = 10_000;
/** Beyond this nothing is drawn between two statements: the curve begins anew. */
const WIDEST_GAP_MS = 5 * MINUTE_MS;
/** No game is longer. */
const MOST_MINUTES = 180;

/** Where a game stood on the curve's two axes. */
interface Point {
  readonly ms: number;
  readonly lead: number;
}

function pointOf({ clockMs, gold }: GameProgress): Point | undefined {
  return clockMs === undefined || gold === undefined ? undefined : { ms: clockMs, lead: gold[0] - gold[1] };
}

/** Where a curve ends; when play was taken back, where it stood at the time that play goes on from. */
function endOf(curve: GoldCurve | undefined, ms: number): Point | undefined {
  const kept = cut(curve, ms);
  if (kept === undefined) return undefined;
  return { ms: (kept.from + kept.leads.length - 1) * MINUTE_MS, lead: kept.leads.at(-1)! };
}

/** The curve up to a time, which it must not know more than. */
function cut(curve: GoldCurve | undefined, ms: number): GoldCurve | undefined {
  if (curve === undefined) return undefined;
  const keep = Math.floor(ms / MINUTE_MS) - curve.from + 1;
  if (keep >= curve.leads.length) return curve;
  return keep <= 0 ? undefined : { from: curve.from, leads: curve.leads.slice(0, keep) };
}

/**
 * A game's gold curve after its progress went from `before` to `now`: the leads at the full minutes between both, drawn
 * straight from one to the other. A clock that was set back takes the minutes after it off the curve.
 *
 * @param curve what is known so far; `undefined` at the start of a game
 *
 * @example
 * ```ts
 * import { extendCurve } from "@matchpoint/sdk";
 * extendCurve(undefined, { clockMs: 30_000, gold: [900, 900] }, { clockMs: 90_000, gold: [1_900, 1_700] });
 * // { from: 1, leads: [100] }
 * ```
 */
export function extendCurve(
  curve: GoldCurve | undefined,
  before: GameProgress,
  now: GameProgress,
): GoldCurve | undefined {
  const point = pointOf(now);
  if (point === undefined) return curve;
  const last = pointOf(before) ?? endOf(curve, point.ms);
  if (last !== undefined && point.ms < last.ms - SLACK_MS) return cut(curve, point.ms);
  const minute = Math.min(MOST_MINUTES, Math.floor(point.ms / MINUTE_MS));
  if (last === undefined || point.ms - last.ms > WIDEST_GAP_MS) {
    const onTheMinute = point.ms >= MINUTE_MS && point.ms % MINUTE_MS === 0 && minute < MOST_MINUTES;
    return onTheMinute ? { from: minute, leads: [point.lead] } : undefined;
  }
  const known = curve === undefined ? Math.floor(last.ms / MINUTE_MS) : curve.from + curve.leads.length - 1;
  // Gold is even before the first minute is over: a curve that starts there is whole.
  const first = Math.max(1, known + 1);
  if (minute < first) return cut(curve, point.ms + SLACK_MS);
  const span = point.ms - last.ms;
  const added: number[] = [];
  for (let m = first; m <= minute; m++) {
    const part = span === 0 ? 1 : Math.min(1, Math.max(0, (m * MINUTE_MS - last.ms) / span));
    added.push(last.lead + part * (point.lead - last.lead));
  }
  return curve === undefined
    ? { from: first, leads: added }
    : { from: curve.from, leads: [...curve.leads, ...added] };
}

/** The lead at a moment, drawn straight between the full minutes and on to `now`; `undefined` where nobody told. */
export function leadAt(
  curve: GoldCurve | undefined,
  now: { readonly minute: number; readonly lead: number },
  minute: number,
): number | undefined {
  if (minute >= now.minute) return now.lead;
  if (minute <= 0) return 0;
  const floor = Math.floor(minute);
  const below = valueAt(curve, floor);
  if (below === undefined) return undefined;
  if (minute === floor) return below;
  const above = floor + 1 >= now.minute ? now.lead : valueAt(curve, floor + 1);
  if (above === undefined) return undefined;
  const width = Math.min(floor + 1, now.minute) - floor;
  return below + ((minute - floor) / width) * (above - below);
}

function valueAt(curve: GoldCurve | undefined, minute: number): number | undefined {
  if (minute === 0) return 0;
  return curve === undefined ? undefined : curve.leads[minute - curve.from];
}
