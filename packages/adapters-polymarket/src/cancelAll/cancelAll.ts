import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Ask } from "./account.ts";

/** How it is done. */
export interface CancelAllOptions {
  /** Gives up after so many ms without proof. */
  readonly forMs: number;
  /** Between two tries, in ms. */
  readonly everyMs: number;
  /** Between the two looks that make the proof, in ms: longer than the venue holds an order before it can be seen. */
  readonly apartMs: number;
  /** Goes on after the proof, and cancels whatever appears: a program that hung may wake up and place again. */
  readonly guard: boolean;
  /** Ends it where it is. */
  readonly stop: AbortSignal;
  /** Told of each order that the venue canceled, of what it would not cancel, and of what went wrong. */
  readonly say: (line: string) => void;
}

/** How it ended. */
export interface CancelAllResult {
  /** Two looks, one after the other, found no open order. */
  readonly proven: boolean;
  /** Orders that the venue said it canceled. */
  readonly canceled: readonly string[];
  /** Orders that were open at the last look; `undefined` when there was none that counts. */
  readonly open: readonly string[] | undefined;
}

const LAST_PAGE = "LTE=";
/** More pages than an account can have open orders on. */
const MAX_PAGES = 200;

/** Cancels every open order of an account, again and again, until the venue shows twice that none is left. Never throws. */
export async function cancelAll(ask: Ask, options: CancelAllOptions): Promise<CancelAllResult> {
  const { forMs, everyMs, apartMs, guard, stop, say } = options;
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal: stop }).catch(() => undefined);
  const canceled = new Set<string>();
  const began = performance.now();
  let open: readonly string[] | undefined;
  let proven = false;
  let trouble = "";
  const tell = (problem: string): void => {
    if (problem !== trouble) say(problem);
    trouble = problem;
  };
  for (;;) {
    const round = await cancelOnce(ask, canceled, say);
    if (round !== undefined) tell(`cancel: ${round}`);
    let look = await openOrders(ask);
    let now = isNone(look);
    if (now && !stop.aborted) {
      await wait(apartMs);
      look = await openOrders(ask);
      now = isNone(look) && !stop.aborted;
    }
    if (typeof look === "string") tell(`open orders: ${look}`);
    open = typeof look === "string" ? undefined : look;
    if (now && !proven) say(`no open order is left: two looks ${apartMs / 1_000} s apart found none`);
    if (!now && proven && !stop.aborted) say(`${open?.length ?? "unknown how many"} open orders again`);
    proven = stop.aborted ? proven && open?.length === 0 : now;
    const over = !guard && (proven || performance.now() - began > forMs);
    if (over || stop.aborted) return { proven, canceled: [...canceled], open };
    await wait(everyMs);
  }
}

function isNone(look: readonly string[] | string): boolean {
  return typeof look !== "string" && look.length === 0;
}

/** One `DELETE /cancel-all`; in words what was wrong with it. */
async function cancelOnce(
  ask: Ask,
  canceled: Set<string>,
  say: (line: string) => void,
): Promise<string | undefined> {
  const answer = await ask("DELETE", "/cancel-all");
  if ("problem" in answer) return answer.problem;
  const { canceled: done, not_canceled: left } = (answer.value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(done)) return "the answer does not say what was canceled";
  for (const orderId of done.filter((each) => typeof each === "string")) {
    if (!canceled.has(orderId)) say(`canceled ${shown(orderId)}`);
    canceled.add(orderId);
  }
  for (const [orderId, reason] of Object.entries(left ?? {}))
    say(`not canceled ${shown(orderId)}: ${shown(String(reason))}`);
  return undefined;
}

/** Every open order's id, or in words why that is not known. */
async function openOrders(ask: Ask): Promise<readonly string[] | string> {
  const found: string[] = [];
  let cursor = "";
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = cursor === "" ? "" : `?next_cursor=${encodeURIComponent(cursor)}`;
    const read = pageOf(await ask("GET", "/data/orders", query));
    if (typeof read === "string") return read;
    found.push(...read.orderIds);
    if (read.next === LAST_PAGE) return found;
    if (read.next === cursor) return "the pages of open orders do not end";
    cursor = read.next;
  }
  return "the pages of open orders do not end";
}

/** A list that cannot be read to its end is no proof of anything. */
function pageOf(answer: Answer): { readonly orderIds: readonly string[]; readonly next: string } | string {
  if ("problem" in answer) return answer.problem;
  const { data, next_cursor: next } = (answer.value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(data) || typeof next !== "string" || next === "")
    return "the answer is no page of orders";
  const orderIds: unknown[] = data.map((order: unknown) => (order as { id?: unknown } | null)?.id);
  if (!orderIds.every((each) => typeof each === "string")) return "an order in the answer has no id";
  return { orderIds, next };
}

/** Control characters of an answer would reach the terminal. */
function shown(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
}
