import { id, type OrderId } from "@matchpoint/sdk";
import { UNLIMITED } from "../auth/accounts.ts";
import { allSpenders } from "../auth/contracts.ts";
import { tokenOf, type Call, type Core } from "../core.ts";
import type { OrderRecord, TradeRecord } from "../engine/records.ts";
import { wireOrder, wireTrade } from "../engine/wire.ts";
import { fieldsOf, own, parseJson } from "../order/parse.ts";
import { TEXTS } from "../order/texts.ts";
import type { Asset } from "./balances.ts";
import { failure, ok, page, type Reply } from "./reply.ts";

const BAD_CURSOR = failure(400, "next item should be greater than or equal to 0");

/** An order that a key may read: open, or over not too long ago. */
function readable(core: Core, call: Call, orderId: string): OrderRecord | undefined {
  const order = core.engine.orders.get(id<OrderId>(orderId.toLowerCase()));
  if (order === undefined || order.owner !== call.key.apiKey) return undefined;
  const age = order.endedAt === undefined ? 0 : core.wall.millis(call.at) - order.endedAt;
  return age <= core.settings.terminalOrdersMs ? order : undefined;
}

function sideOf(trade: TradeRecord, core: Core, key: string): "TAKER" | "MAKER" | undefined {
  const owns = (orderId: OrderId | undefined) =>
    orderId !== undefined && core.engine.orders.get(orderId)?.owner === key;
  if (owns(trade.trade.taker.orderId)) return "TAKER";
  return trade.trade.makers.some((leg) => owns(leg.orderId)) ? "MAKER" : undefined;
}

function assetOf(core: Core, query: URLSearchParams): Asset | Reply {
  const type = query.get("asset_type");
  if (type === "COLLATERAL") return "collateral";
  if (type !== "CONDITIONAL" && type !== "CONDITIONAL-V2") return failure(400, "invalid asset type");
  const found = tokenOf(core, query.get("token_id"));
  return found ?? failure(400, TEXTS.token);
}

/** The wallet that a question about balances is about; the wrong signature type means one that has nothing. */
function walletOf(core: Core, call: Call): string | undefined | Reply {
  const type = call.query.get("signature_type") ?? "0";
  if (!/^[0-3]$/.test(type)) return failure(400, "invalid signature type");
  return core.accounts.wallet(call.key.address, Number(type));
}

function balance(core: Core, call: Call, update: boolean): Reply {
  const asset = assetOf(core, call.query);
  if (asset !== "collateral" && "status" in asset) return asset;
  const wallet = walletOf(core, call);
  if (typeof wallet === "object") return wallet;
  if (wallet !== undefined) core.balances.know(wallet);
  if (update) {
    if (wallet !== undefined) core.balances.refresh(wallet, asset);
    return ok("");
  }
  const allowances = allSpenders(core.settings.chainId).map((spender) => {
    const of = asset === "collateral" ? "dollars" : "shares";
    const allowance = wallet === undefined ? 0n : core.accounts.allowance(wallet, spender, of);
    return [spender, (allowance > UNLIMITED ? UNLIMITED : allowance).toString()];
  });
  return ok({
    balance: String(wallet === undefined ? 0 : core.balances.cached(wallet, asset, call.at)),
    allowances: Object.fromEntries(allowances) as Record<string, string>,
  });
}

/** What an account may ask about itself. */
export const ACCOUNT_READS = {
  order: (core: Core, call: Call): Reply => {
    const order = readable(core, call, call.params[0]!);
    return ok(order === undefined ? null : wireOrder(order));
  },
  orders: (core: Core, call: Call): Reply => {
    const { query } = call;
    const [orderId, market, asset] = [query.get("id"), query.get("market"), query.get("asset_id")];
    let found: readonly OrderRecord[];
    if (orderId === null) {
      found = core.engine.openOrders(call.key.apiKey).filter((order) => order.status === "LIVE");
    } else {
      const order = readable(core, call, orderId);
      found = order === undefined ? [] : [order];
    }
    found = found.filter(
      (order) =>
        (market === null || order.market.description.marketId === market.toLowerCase()) &&
        (asset === null || order.market.tokenId(order.outcome) === asset),
    );
    const part = page(found, query.get("next_cursor"), core.settings.pageSize);
    return part === undefined ? BAD_CURSOR : ok({ ...part, data: part.data.map(wireOrder) });
  },
  /** Newest first. The filters by market and asset go by the taker's leg: a maker's fill in the other outcome is missed. */
  trades: (core: Core, call: Call): Reply => {
    const { query } = call;
    const [tradeId, maker] = [query.get("id"), query.get("maker_address")?.toLowerCase()];
    const [market, asset] = [query.get("market")?.toLowerCase(), query.get("asset_id")];
    const before = Number(query.get("before") ?? Infinity) * 1_000;
    const after = Number(query.get("after") ?? -Infinity) * 1_000;
    const found: { readonly record: TradeRecord; readonly side: "TAKER" | "MAKER" }[] = [];
    for (const record of core.engine.trades.values()) {
      const { trade } = record;
      if (tradeId !== null && record.id !== tradeId) continue;
      if (market !== undefined && trade.marketId !== market) continue;
      if (asset !== null && record.market.tokenId(trade.taker.outcome) !== asset) continue;
      if (record.matchedAt >= before || record.matchedAt <= after) continue;
      const side = sideOf(record, core, call.key.apiKey);
      if (side === undefined) continue;
      const accounts = [trade.taker.account, ...trade.makers.map((leg) => leg.account)];
      if (maker !== undefined && !accounts.includes(maker)) continue;
      found.push({ record, side });
    }
    found.reverse();
    const part = page(found, query.get("next_cursor"), core.settings.pageSize);
    if (part === undefined) return BAD_CURSOR;
    const orderOf = (orderId: OrderId) => core.engine.orders.get(orderId);
    return ok({ ...part, data: part.data.map(({ record, side }) => wireTrade(record, orderOf, side)) });
  },
  balance: (core: Core, call: Call): Reply => balance(core, call, false),
  balanceUpdate: (core: Core, call: Call): Reply => balance(core, call, true),
  closedOnly: (core: Core, call: Call): Reply =>
    ok({ closed_only: core.accounts.standing(call.key.address).closedOnly }),
  heartbeat: (core: Core, call: Call): Reply => {
    const body = fieldsOf(parseJson(call.request.body));
    const given = body && (own(body, "heartbeat_id") ?? "");
    if (typeof given !== "string") return failure(400, TEXTS.badPayload);
    const { right, next } = core.heartbeats.beat(call.key.apiKey, given, call.at);
    return right ? ok({ heartbeat_id: next }) : failure(400, TEXTS.heartbeat, { heartbeat_id: next });
  },
  nothing: (): Reply => ok([]),
  nothingPaged: (core: Core): Reply =>
    ok({ limit: core.settings.pageSize, count: 0, next_cursor: "LTE=", data: [] }),
  scoring: (): Reply => ok({ scoring: false }),
} as const;
