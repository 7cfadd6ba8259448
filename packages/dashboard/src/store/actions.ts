import type { ActionAnswer, ActionRequest } from "../frames.ts";
import { cleanAll } from "../text/clean.ts";
import type { Outcome, Store } from "./store.ts";

export const REASON_LENGTH = 500;

/** An answer that is later than this is none: whether the run has heard is not known. */
const LONGEST_MS = 60_000;

/** How the page orders what changes the run. */
export interface Orders {
  readonly token: string;
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly newId: () => string;
}

/** Orders a kill, a stop of entries or a halt; what it comes to is kept in the store under the id that is returned. */
export function order(
  store: Store,
  orders: Orders,
  action: ActionAnswer["action"],
  reason: string,
  market?: string,
): string {
  const id = orders.newId();
  store.settle(id, { kind: "asked", action });
  const body: ActionRequest = { id, reason, ...(market === undefined ? {} : { market }) };
  void ask(orders, action, body).then((outcome) => {
    store.settle(id, outcome);
  });
  return id;
}

async function ask(
  { token, fetch }: Orders,
  action: ActionAnswer["action"],
  body: ActionRequest,
): Promise<Outcome> {
  const unheard = `No answer came. Whether the run has heard is not known: order it from a terminal, \`matchpoint ${action}\`, which proves what it does.`;
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(`/api/${action}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "x-matchpoint-control": "1",
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    answer = cleanAll(await response.json());
  } catch {
    return { kind: "unknown", action, text: unheard };
  }
  if (isAnswer(answer)) return { kind: "answered", answer };
  const text = (answer as { error?: unknown } | null)?.error;
  // A refusal before the run was told of it; anything of the server's own making leaves it open.
  if (response.status >= 400 && response.status < 500)
    return {
      kind: "refused",
      action,
      text: typeof text === "string" ? text : `refused (${String(response.status)})`,
    };
  return { kind: "unknown", action, text: typeof text === "string" ? `${text}. ${unheard}` : unheard };
}

function isAnswer(value: unknown): value is ActionAnswer {
  const answer = value as Partial<ActionAnswer> | null;
  return typeof answer?.ok === "boolean" && typeof answer.text === "string" && Array.isArray(answer.orders);
}
