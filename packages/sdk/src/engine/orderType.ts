import type { BookView } from "../book/index.ts";
import type { Side } from "../events/index.ts";
import { chooseOrder, type OrderRequest } from "../strategy/index.ts";
import type { EngineConfig } from "./config.ts";

/** What becomes of a request: an order, which may have to go by itself after a while, or none. */
export type Asked =
  | { readonly kind: "order"; readonly request: OrderRequest; readonly standMs?: number }
  | { readonly kind: "none"; readonly rule: string };

/** Settings of the choice: `engine.order_choice`. */
export type OrderChoiceConfig = EngineConfig["order_choice"];

/**
 * The order type of a request whose strategy names none. With `by: strategy` it is FAK, as always; with `by: depth` what its purpose and
 * the book ask for. A type that a strategy names is never changed. Pure.
 */
export function orderTypeOf(
  request: OrderRequest,
  side: Side,
  book: BookView,
  config: OrderChoiceConfig,
): Asked {
  if (config.by === "strategy" || request.orderType !== undefined || !readable(request))
    return { kind: "order", request };
  const { expiresInMs, outcome, limit, size, ...rest } = request;
  const choice = chooseOrder(
    {
      purpose: request.purpose ?? (side === "buy" ? "entry" : "exit"),
      outcome,
      side,
      limit,
      amount: { shares: size },
      ...(request.postOnly === true ? { urgency: "maker" } : {}),
      ...(expiresInMs === undefined ? {} : { standMs: expiresInMs }),
    },
    book,
    { maxTimeInBookMs: config.brief_ms, shortestGtdMs: config.shortest_gtd_ms },
  );
  if (choice.kind === "none") return choice;
  const { orderType, postOnly, maxTimeInBookMs } = choice;
  const chosen: OrderRequest = { ...rest, outcome, limit, size, orderType, postOnly };
  if (orderType === "GTD") return { kind: "order", request: { ...chosen, expiresInMs: expiresInMs! } };
  return {
    kind: "order",
    request: chosen,
    ...(maxTimeInBookMs === undefined ? {} : { standMs: maxTimeInBookMs }),
  };
}

/** What cannot be looked up in a book is for the risk gate to refuse, as it stands. */
function readable({ outcome, limit, size, expiresInMs, purpose }: OrderRequest): boolean {
  return (
    ((outcome as unknown) === 0 || (outcome as unknown) === 1) &&
    Number.isSafeInteger(limit) &&
    Number.isSafeInteger(size) &&
    size > 0 &&
    (expiresInMs === undefined || Number.isFinite(expiresInMs)) &&
    (purpose === undefined || ["entry", "exit", "hedge"].includes(purpose))
  );
}
