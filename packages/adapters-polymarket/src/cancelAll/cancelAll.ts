import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Ask } from "./account.ts";

/** How it is done. */
export interface CancelAllOptions {
  /** Gives up after so many ms without proof. */
  readonly forMs: number;
  /** Between two tries, and between the two looks that make the proof, in ms. */
  readonly everyMs: number;
  /** Goes on after the proof until it aborts, and cancels whatever appears: a program that hung may wake up and place again. */
  readonly guard?: AbortSignal;
  /** Told of each order that the venue canceled, of what it would not cancel, and of what went wrong. */
  readonly say: (line: string) => void;
}

/** How it ended. */
export interface CancelAllResult {
  /** Two looks in a row found no open order. */
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
  const { forMs, everyMs, guard, say } = options;
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
    const looks: (readonly string[] | string)[] = [];
    for (let look = 0; look < 2; look += 1) {
      if (look > 0) await pause(everyMs);
      looks.push(await openOrders(ask));
    }
    const last = looks.at(-1)!;
    if (typeof last === "string") tell(`open orders: ${last}`);
    open = typeof last === "string" ? undefined : last;
    const now = looks.every((look) => typeof look !== "string" && look.length === 0);
    if (now && !proven) say("no open order is left: two looks in a row found none");
    if (!now && proven) say(`${open?.length ?? "unknown how many"} open orders again`);
    proven = now;
    const late = guard === undefined ? proven || performance.now() - began > forMs : guard.aborted;
    if (late) return { proven, canceled: [...canceled], open };
    await pause(everyMs, undefined, guard === undefined ? {} : { signal: guard }).catch(() => undefined);
  }
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
