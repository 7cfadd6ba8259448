import { id, type OrderId } from "@matchpoint/sdk";
import type { Call, Core } from "../core.ts";
import type { OrderRecord } from "../engine/records.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { MAX_CANCELS, TEXTS } from "../order/texts.ts";
import { failure, ok, type Reply } from "./reply.ts";

const ORDER_ID = /^0x[\da-f]{64}$/i;

/** Cancels orders of the caller's, and says of each what became of it. */
function cancel(core: Core, call: Call, ids: readonly string[], debt: boolean): Reply {
  const cost = debt ? 1 + ids.length : ids.length;
  const limit = core.limits.take("cancel", call.key.address, Math.max(1, cost), call.at, debt);
  if (!limit.allowed) return { ...failure(429, TEXTS.tooMany), headers: limit.headers };
  const canceled: string[] = [];
  const refused: [string, string][] = [];
  for (const text of new Set(ids)) {
    const orderId = id<OrderId>(text.toLowerCase());
    const record = core.engine.orders.get(orderId);
    if (record === undefined || record.owner !== call.key.apiKey) {
      refused.push([text, TEXTS.notFoundOrCanceled]);
      continue;
    }
    const verdict = core.engine.cancel(record.account, orderId, call.at);
    if (verdict.status === "canceled") canceled.push(text);
    else refused.push([text, verdict.detail ?? TEXTS.canceledOrMatched]);
  }
  return { ...ok({ canceled, not_canceled: Object.fromEntries(refused) }), headers: limit.headers };
}

function idsOf(records: readonly OrderRecord[]): string[] {
  return records.map(({ orderId }) => orderId);
}

/** `DELETE` of orders. Source: docs.polymarket.com/trading/manage-orders. */
export const CANCELS = {
  one: (core: Core, call: Call): Reply => {
    const body = fieldsOf(parseJson(call.request.body));
    const orderId = body && own(body, "orderID");
    if (typeof orderId !== "string" || !ORDER_ID.test(orderId)) return failure(400, TEXTS.badPayload);
    return cancel(core, call, [orderId], false);
  },
  many: (core: Core, call: Call): Reply => {
    const body = parseJson(call.request.body);
    if (!Array.isArray(body)) return failure(400, TEXTS.badPayload);
    if (body.length > MAX_CANCELS) return failure(400, TEXTS.limit);
    if (!body.every((each): each is string => typeof each === "string" && ORDER_ID.test(each)))
      return failure(400, TEXTS.badPayload);
    return cancel(core, call, body, false);
  },
  all: (core: Core, call: Call): Reply => {
    return cancel(core, call, idsOf(core.engine.openOrders(call.key.apiKey)), true);
  },
  ofMarket: (core: Core, call: Call): Reply => {
    const body = fieldsOf(parseJson(call.request.body));
    const market = body && own(body, "market");
    const asset = body && own(body, "asset_id");
    if (body === undefined || !optionalText(market) || !optionalText(asset))
      return failure(400, TEXTS.badPayload);
    const wanted = core.engine
      .openOrders(call.key.apiKey)
      .filter(
        (order) =>
          (market === undefined || order.market.description.marketId === market.toLowerCase()) &&
          (asset === undefined || order.market.tokenId(order.outcome) === asset),
      );
    return cancel(core, call, idsOf(wanted), true);
  },
} as const;

function optionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
