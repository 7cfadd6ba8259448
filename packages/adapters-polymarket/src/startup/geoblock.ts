import {
  pause,
  type Clock,
  type Millis,
  type Nanos,
  type OperatorEvent,
  type Transport,
} from "@matchpoint/sdk";
import type { LiveCheck } from "./check.ts";

/** What Polymarket says of the place that a request comes from. */
export type GeoblockAnswer =
  | { readonly kind: "allowed" | "blocked"; readonly country: string; readonly region: string }
  /** No answer that can be read. It is no permission. */
  | { readonly kind: "unknown"; readonly problem: string };

/** How the place is asked for. */
export interface GeoblockOptions {
  readonly transport: Transport;
  /** Default `https://polymarket.com/api/geoblock`. */
  readonly url?: string;
  /** Default 5,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const URL = "https://polymarket.com/api/geoblock";
/** Where it was blocked it is asked for again this soon: nothing that a person does there lets the run go on. */
const BLOCKED_MS = 60_000;
/** A place's name is two or three letters or digits; what else comes is not shown. */
const NAME = /^[A-Za-z0-9-]{1,12}$/;

/**
 * Asks whether Polymarket may be traded on from here: `{"blocked", "ip", "country", "region"}`. Never throws.
 * Source: docs.polymarket.com/api-reference/geoblock.
 */
export async function askGeoblock(options: GeoblockOptions): Promise<GeoblockAnswer> {
  const { transport, url = URL, timeoutMs = 5_000, signal } = options;
  try {
    const { status, body } = await transport.request({
      method: "GET",
      url,
      timeoutMs,
      headers: { accept: "application/json" },
      ...(signal === undefined ? {} : { signal }),
    });
    if (status !== 200) return { kind: "unknown", problem: `status ${status}` };
    return read(new TextDecoder().decode(body));
  } catch (error) {
    return { kind: "unknown", problem: error instanceof Error ? error.message : String(error) };
  }
}

function read(text: string): GeoblockAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { kind: "unknown", problem: "the answer is no JSON" };
  }
  if (typeof answer !== "object" || answer === null)
    return { kind: "unknown", problem: "the answer is no object" };
  const { blocked, country, region } = answer as Record<string, unknown>;
  if (typeof blocked !== "boolean")
    return { kind: "unknown", problem: "the answer does not say whether it is blocked" };
  return { kind: blocked ? "blocked" : "allowed", country: shown(country), region: shown(region) };
}

function shown(name: unknown): string {
  return typeof name === "string" && NAME.test(name) ? name : "";
}

/**
 * The answer as a line of the start-up checklist: only `allowed` lets live trading begin.
 * @param url - the address that was asked; default Polymarket's
 */
export function judgeGeoblock(answer: GeoblockAnswer, url = URL): LiveCheck {
  if (answer.kind === "unknown")
    return {
      id: "geoblock",
      status: "fail",
      found: `Polymarket does not say whether it may be traded on from here: ${answer.problem}`,
      fix: `Let this machine reach ${url}, then start again. Without its word there is no live mode.`,
    };
  const place = [answer.country, answer.region].filter((each) => each !== "").join(", ") || "this place";
  if (answer.kind === "allowed")
    return { id: "geoblock", status: "ok", found: `Polymarket may be traded on from ${place}`, fix: "" };
  return {
    id: "geoblock",
    status: "fail",
    found: `Polymarket does not take orders from ${place}`,
    fix: "There is no live mode from here; paper trading and replays work everywhere.",
  };
}

/** How a run keeps asking. */
export interface GeoblockWatchOptions extends GeoblockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From one answer to the next question, in ms. Default 600,000. */
  readonly everyMs?: number;
  /** So many questions in a row without an answer stop entries. Default 3. */
  readonly maxUnknown?: number;
  /** Told of every answer. */
  readonly onAnswer?: (answer: GeoblockAnswer) => void;
}

/**
 * Asks again and again while a run trades, as a source for `runLive`: a place that is blocked kills the run (everything is
 * cancelled), and again, within a minute, should a person resume it there; one that stays unknown stops its entries.
 */
export async function* watchGeoblock(options: GeoblockWatchOptions): AsyncGenerator<OperatorEvent, void> {
  const { clock, signal, everyMs = 600_000, maxUnknown = 3, onAnswer } = options;
  let unknown = 0;
  let blocked: string | undefined;
  while (!isOver(signal)) {
    await pause(clock, blocked !== undefined ? Math.min(everyMs, BLOCKED_MS) : everyMs, signal);
    if (isOver(signal)) return;
    const answer = await askGeoblock(options);
    if (isOver(signal)) return;
    onAnswer?.(answer);
    unknown = answer.kind === "unknown" ? unknown + 1 : 0;
    // What is not known does not unmake what was said.
    const { found: reason } = judgeGeoblock(answer);
    if (answer.kind !== "unknown") blocked = answer.kind === "blocked" ? reason : undefined;
    const stamp: { at: Nanos; receivedAt: Millis } = { at: clock.monotonic(), receivedAt: clock.wall() };
    const says = { type: "operator", ...stamp, operator: "geoblock" } as const;
    if (blocked !== undefined) yield { ...says, command: { kind: "kill", reason: blocked } };
    else if (unknown === maxUnknown) yield { ...says, command: { kind: "stop_entries", reason } };
  }
}

/** The signal may have aborted while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
