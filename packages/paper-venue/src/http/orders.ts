import {
  formatPrice,
  formatShares,
  formatUsdc,
  id,
  isMatchpointError,
  notional,
  takerFee,
  type Nanos,
  type OrderId,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import type { ApiKey } from "../auth/keys.ts";
import { orderDomain, spendersOf } from "../auth/contracts.ts";
import { orderDigest, orderSigner } from "../auth/orderHash.ts";
import { tokenOf, type Call, type Core } from "../core.ts";
import { Engine, type Verdict } from "../engine/engine.ts";
import type { OrderRecord } from "../engine/records.ts";
import { parseJson, parseOrder, type OrderRequest } from "../order/parse.ts";
import { orderTerms, type OrderTerms } from "../order/terms.ts";
import {
  banned,
  belowMinimum,
  closedOnly,
  duplicated,
  invalidOrder,
  lacksAllowance,
  lacksBalance,
  MAX_BATCH,
  TEXTS,
  tooManyOrders,
} from "../order/texts.ts";
import type { Market } from "../world/listing.ts";
import { failure, ok, type Reply } from "./reply.ts";

/** The venue ends a GTD order this long before its stated expiration. */
const GTD_EARLY_MS = 60_000;

/** What became of an order that was posted. */
type Placed =
  | { readonly kind: "accepted"; readonly body: Record<string, unknown> }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly error: string;
      readonly orderId?: string;
      readonly more?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
      /** 200 with `success: true` and an `errorMsg`. */
      readonly disguised?: true;
    };

interface Checked {
  readonly request: OrderRequest;
  readonly orderId: OrderId;
  readonly account: string;
  readonly market: Market;
  readonly outcome: 0 | 1;
  readonly terms: OrderTerms;
}

function refused(error: string, orderId?: string, status = 400): Placed {
  return { kind: "refused", status, error, ...(orderId === undefined ? {} : { orderId }) };
}

/** `POST /order` */
export function postOrder(core: Core, call: Call): Reply {
  const body = parseJson(call.request.body);
  if (body === undefined) return failure(400, TEXTS.payload);
  const limit = core.limits.take("order", call.key.address, 1, call.at);
  if (!limit.allowed) return { ...failure(429, TEXTS.tooMany), headers: limit.headers };
  const placed = place(core, call.key, body, call.at);
  if (placed.kind === "accepted") return { ...ok(placed.body), headers: limit.headers };
  if (placed.disguised === true) return ok(entry(placed));
  const { status, error, orderId, more, headers } = placed;
  const noFill = orderId !== undefined && status === 400 && /killed/.test(error);
  return {
    ...failure(status, error, { ...more, ...(noFill ? { orderID: orderId } : {}) }),
    headers: { ...limit.headers, ...headers },
  };
}

/** `POST /orders` */
export function postOrders(core: Core, call: Call): Reply {
  const body = parseJson(call.request.body);
  if (!Array.isArray(body) || body.length === 0) return failure(400, TEXTS.payload);
  if (body.length > MAX_BATCH) return failure(400, tooManyOrders(body.length));
  const limit = core.limits.take("order", call.key.address, body.length, call.at);
  if (!limit.allowed) return { ...failure(429, TEXTS.tooMany), headers: limit.headers };
  const answers = body.map((each: unknown) => entry(place(core, call.key, each, call.at)));
  return { ...ok(answers), headers: limit.headers };
}

/** An order's answer in a batch. What a mode of the venue refuses is told with `success: true`. */
function entry(placed: Placed): Record<string, unknown> {
  if (placed.kind === "accepted") return placed.body;
  const { error, orderId = "", status, disguised } = placed;
  return {
    errorMsg: error,
    orderID: orderId,
    takingAmount: "",
    makingAmount: "",
    status: "",
    success: status === 503 || disguised === true,
  };
}

function place(core: Core, key: ApiKey, value: unknown, at: Nanos): Placed {
  const request = parseOrder(value);
  if (typeof request === "string") return refused(request);
  const mode = modeRefusal(core, key, request, at);
  if (mode !== undefined) return mode;
  const checked = check(core, key, request, at);
  if ("kind" in checked) return checked;
  const { orderId, account, market } = checked;
  const occasion = {
    addresses: [key.address, account],
    market: market.description.marketId,
    path: "/order",
    method: "POST",
  };
  const disguise = core.faults.strike("success_with_error", occasion, at);
  if (disguise !== undefined)
    return { ...refused(disguise.text("message"), orderId), disguised: true } as Placed;
  return execute(core, checked, key, at);
}

/** What the venue's mode refuses. */
function modeRefusal(core: Core, key: ApiKey, request: OrderRequest, at: Nanos): Placed | undefined {
  const occasion = {
    addresses: [key.address, request.order.maker.toLowerCase()],
    market: tokenOf(core, request.order.tokenId)?.market.description.marketId,
    path: "/order",
    method: "POST",
  };
  if (core.faults.strike("cancel_only", occasion, at) !== undefined)
    return refused(TEXTS.cancelOnly, undefined, 503);
  const strike = request.postOnly ? undefined : core.faults.strike("post_only", occasion, at);
  if (strike === undefined) return undefined;
  const left = strike.until === Infinity ? 79 : Math.max(1, Math.ceil((strike.until - at) / 1e9));
  return {
    kind: "refused",
    status: 503,
    error: TEXTS.postOnlyMode,
    more: { code: "post_only_mode", retry_after_seconds: left },
    headers: { "retry-after": String(left) },
  };
}

/** Everything that is checked before the matching engine sees an order. */
function check(core: Core, key: ApiKey, request: OrderRequest, at: Nanos): Checked | Placed {
  const { order, orderType } = request;
  const { chainId, depositWalletsOnly } = core.settings;
  if (request.owner !== key.apiKey) return refused(TEXTS.owner);
  const found = tokenOf(core, order.tokenId);
  if (found === undefined) return refused(TEXTS.token);
  const { market, outcome } = found;
  const { description } = market;
  const account = order.maker.toLowerCase();
  const signer = order.signer.toLowerCase();
  if (order.signatureType === 3 ? account !== signer : signer !== key.address) return refused(TEXTS.signer);
  const domain = orderDomain(chainId, market.version, description.negRisk);
  const recovered = orderSigner(order, domain)?.toLowerCase();
  if (recovered !== key.address) {
    const other = orderDomain(chainId, market.version === "v1" ? "v2" : "v1", description.negRisk);
    if (orderSigner(order, other)?.toLowerCase() === key.address) return refused(TEXTS.version);
    return refused(recovered !== undefined && order.signatureType === 3 ? TEXTS.signer : TEXTS.signature);
  }
  if (order.signatureType === 0 && account !== signer) return refused(TEXTS.signature);
  if (depositWalletsOnly && order.signatureType !== 3) return refused(TEXTS.maker);
  if (order.signatureType !== 0 && !core.settling.link(key.address, order.signatureType, account))
    return refused(TEXTS.maker);
  const standing = core.accounts.standing(account);
  if (standing.banned) return refused(banned(order.maker));
  if (standing.closedOnly && order.side === "BUY") return refused(closedOnly(order.maker));
  const orderId = id<OrderId>(orderDigest(order, domain));
  if (core.engine.exchange.order(orderId) !== undefined) return refused(duplicated(orderId), orderId);
  if (market.payouts !== undefined || !description.acceptingOrders) return refused(TEXTS.notReady);
  const rests = orderType === "GTC" || orderType === "GTD";
  if (request.postOnly && !rests) return refused(TEXTS.noPostOnly);
  const terms = orderTerms(order, orderType, description.tick, orderId);
  if (typeof terms === "string") return refused(terms);
  if (rests && terms.size < description.minSize)
    return refused(belowMinimum(orderId, formatShares(terms.size), formatShares(description.minSize)));
  const expires = Number(order.expiration) * 1_000;
  const lead = expires - core.wall.millis(at);
  if (orderType === "GTD" ? lead < core.settings.gtdMinLeadMs : expires !== 0)
    return refused(TEXTS.expiration);
  core.balances.know(account);
  const checked: Checked = { request, orderId, account, market, outcome, terms };
  const short = shortOfFunds(core, checked, at);
  return short === undefined ? checked : refused(short);
}

/** What an order needs: dollars with the fee of a taker, or shares. */
function needs(market: Market, { side, limit, size, spend }: OrderTerms): number {
  if (side === "sell") return size;
  const fee = market.description.fee;
  const cost = spend ?? notional(size, limit, "up");
  return cost + (fee === undefined ? 0 : takerFee(size, limit, fee));
}

/** Allowances, and balances where the venue's cache of them is stale. */
function shortOfFunds(core: Core, checked: Checked, at: Nanos): string | undefined {
  const { account, market, outcome, terms } = checked;
  const { chainId } = core.settings;
  const need = needs(market, terms);
  for (const spender of spendersOf(chainId, market.version, market.description.negRisk)) {
    const allowance = core.accounts.allowance(account, spender, terms.side === "buy" ? "dollars" : "shares");
    if (allowance < BigInt(need)) return lacksAllowance(spender, allowance);
  }
  const asset = terms.side === "buy" ? "collateral" : { market, outcome };
  const figures = core.balances.figures(account, asset);
  const balance = core.balances.cached(account, asset, at);
  const plain = terms.spend ?? (terms.side === "buy" ? notional(terms.size, terms.limit, "up") : terms.size);
  if (balance < figures.balance && balance - figures.active - figures.matched < plain)
    return lacksBalance({ ...figures, balance, amount: need });
  return undefined;
}

function execute(core: Core, checked: Checked, key: ApiKey, at: Nanos): Placed {
  const { request, orderId, account, market, outcome, terms } = checked;
  const { order, orderType, postOnly } = request;
  const expiresAt =
    orderType === "GTD" ? core.wall.monotonic(Number(order.expiration) * 1_000 - GTD_EARLY_MS) : undefined;
  const record: OrderRecord = {
    orderId,
    signed: order,
    account,
    owner: key.apiKey,
    maker: order.maker,
    market,
    outcome,
    side: order.side,
    orderType,
    original: terms.size,
    limit: terms.limit,
    expiration: order.expiration,
    createdAt: core.wall.millis(at),
    status: "LIVE",
    matched: 0,
    takerDollars: 0,
    takerShares: 0,
    trades: [],
    endedAt: undefined,
  };
  const intent = Engine.intent(
    {
      marketId: market.description.marketId,
      outcome,
      side: terms.side,
      orderType,
      postOnly,
      limit: terms.limit,
      size: terms.size,
      ...(terms.spend === undefined ? {} : { spend: terms.spend }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    orderId,
  );
  let verdict: Verdict;
  try {
    verdict = core.engine.place(account, { orderId, intent }, record, at);
  } catch (error) {
    // A number that no product of fits: nobody can own that much.
    if (!isMatchpointError(error)) throw error;
    return refused(TEXTS.payload);
  }
  const status = STATUS[verdict.status];
  if (status === undefined) return refused(wordsOf(core, checked, verdict), orderId);
  return { kind: "accepted", body: accepted(record, status, request.deferExec) };
}

const STATUS: Readonly<Partial<Record<Verdict["status"], string>>> = {
  live: "live",
  matched: "matched",
  delayed: "delayed",
  unmatched: "unmatched",
};

function accepted(record: OrderRecord, status: string, deferred: boolean): Record<string, unknown> {
  const shown = record.trades.length > 0 && !deferred && status !== "delayed";
  const dollars = formatUsdc(record.takerDollars as Usdc);
  const shares = formatShares(record.takerShares as Shares);
  const [making, taking] = record.side === "BUY" ? [dollars, shares] : [shares, dollars];
  return {
    errorMsg: "",
    orderID: record.orderId,
    takingAmount: shown ? taking : "",
    makingAmount: shown ? making : "",
    status,
    success: true,
    ...(shown ? { tradeIDs: [...record.trades] } : {}),
  };
}

/** The exchange's refusal in the venue's words. */
function wordsOf(
  core: Core,
  { orderId, account, market, outcome, terms }: Checked,
  verdict: Verdict,
): string {
  const detail = verdict.detail ?? "";
  switch (verdict.code) {
    case "BALANCE": {
      const asset = terms.side === "buy" ? "collateral" : { market, outcome };
      return lacksBalance({ ...core.balances.figures(account, asset), amount: needs(market, terms) });
    }
    case "TICK":
      return invalidOrder(
        orderId,
        `Price (${formatPrice(terms.limit)}) breaks minimum tick size rule: ${formatPrice(market.description.tick)}`,
      );
    case "MARKET_CLOSED":
      return TEXTS.notReady;
    case "EXPIRATION":
      return TEXTS.expiration;
    case "DUPLICATE":
      return duplicated(orderId);
    default:
      return detail === "" ? TEXTS.internal : detail;
  }
}
