import type { Call, Core } from "../core.ts";
import { TEXTS } from "../order/texts.ts";
import { nanos } from "../time.ts";
import { ACCOUNT_READS } from "./accountReads.ts";
import { BOOK_READS } from "./bookReads.ts";
import { CANCELS } from "./cancels.ts";
import { GAMMA } from "./gamma.ts";
import { MARKET_READS } from "./marketReads.ts";
import { postOrder, postOrders } from "./orders.ts";
import { failure, ok, type Reply } from "./reply.ts";

/** How a request proves who it is from. */
export type AuthLevel = "none" | "l1" | "l2";

/** A row of {@link ROUTES}. `:name` in a path stands for one part of it. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly auth: AuthLevel;
  /** Whether it belongs to the matching engine: a restart, and trading being disabled, are felt here. */
  readonly engine?: true;
  readonly handle: (core: Core, call: Call) => Reply;
}

function get(path: string, handle: Route["handle"], auth: AuthLevel = "none"): Route {
  return { method: "GET", path, auth, handle };
}

function post(path: string, handle: Route["handle"], auth: AuthLevel = "none"): Route {
  return { method: "POST", path, auth, handle };
}

function trade(method: "POST" | "DELETE", path: string, handle: Route["handle"]): Route {
  return { method, path, auth: "l2", engine: true, handle };
}

function keyOf(core: Core, { request, at }: Call, make: boolean): Reply {
  const proof = core.keys.l1(request.headers, core.wall.millis(at));
  if (proof === undefined) return failure(401, TEXTS.l1);
  const known = core.keys.find(proof.address, proof.nonce);
  if (make && known !== undefined) return failure(400, TEXTS.createKey);
  if (!make && known === undefined) return failure(400, TEXTS.deriveKey);
  const { apiKey, secret, passphrase } = known ?? core.keys.create(proof.address, proof.nonce);
  core.balances.know(proof.address);
  return ok({ apiKey, secret, passphrase });
}

/** Everything that is served. Gamma's pages stand under `/gamma`. */
export const ROUTES: readonly Route[] = [
  get("/ok", () => ok("OK")),
  get("/", () => ok("OK")),
  get("/time", (core, { at }) => {
    const skew = core.faults.strike("clock_skew", { method: "GET", path: "/time" }, at);
    return ok(core.wall.seconds(at + nanos(skew?.number("ms") ?? 0)));
  }),
  get("/version", () => ok({ version: 2 })),
  get("/book", BOOK_READS.book),
  post("/books", BOOK_READS.books),
  get("/price", BOOK_READS.price),
  post("/prices", BOOK_READS.prices),
  get("/midpoint", BOOK_READS.midpoint),
  post("/midpoints", BOOK_READS.midpoints),
  get("/spread", BOOK_READS.spread),
  post("/spreads", BOOK_READS.spreads),
  get("/last-trade-price", BOOK_READS.lastTradePrice),
  post("/last-trades-prices", BOOK_READS.lastTradesPrices),
  get("/tick-size", BOOK_READS.tickSize),
  get("/neg-risk", BOOK_READS.negRisk),
  get("/fee-rate", BOOK_READS.feeRate),
  get("/markets-by-token/:token", MARKET_READS.byToken),
  get("/clob-markets/:market", MARKET_READS.clobMarket),
  get("/markets", MARKET_READS.markets),
  get("/markets/:market", MARKET_READS.market),
  get("/markets/live-activity/:market", ACCOUNT_READS.nothing),
  get("/simplified-markets", MARKET_READS.simplified),
  get("/sampling-markets", MARKET_READS.sampling),
  get("/sampling-simplified-markets", MARKET_READS.samplingSimplified),
  get("/prices-history", MARKET_READS.history),
  get("/rewards/markets/current", ACCOUNT_READS.nothingPaged),
  get("/rewards/markets/:market", ACCOUNT_READS.nothingPaged),
  get("/builder/trades", ACCOUNT_READS.nothingPaged),
  get("/fees/builder-fees/:code", () => ok({ builder_maker_fee_rate_bps: 0, builder_taker_fee_rate_bps: 0 })),
  get("/api/geoblock", (core) => ok(core.geoblock)),

  post("/auth/api-key", (core, call) => keyOf(core, call, true)),
  get("/auth/derive-api-key", (core, call) => keyOf(core, call, false)),
  get(
    "/auth/api-keys",
    (core, { key }) => ok({ apiKeys: core.keys.ofAddress(key.address).map((each) => each.apiKey) }),
    "l2",
  ),
  {
    method: "DELETE",
    path: "/auth/api-key",
    auth: "l2",
    handle: (core, { key }) => {
      core.keys.revoke(key.apiKey);
      return ok("OK");
    },
  },
  get("/auth/ban-status/closed-only", ACCOUNT_READS.closedOnly, "l2"),

  trade("POST", "/order", postOrder),
  trade("POST", "/orders", postOrders),
  trade("DELETE", "/order", CANCELS.one),
  trade("DELETE", "/orders", CANCELS.many),
  trade("DELETE", "/cancel-all", CANCELS.all),
  trade("DELETE", "/cancel-market-orders", CANCELS.ofMarket),
  post("/v1/heartbeats", ACCOUNT_READS.heartbeat, "l2"),
  post("/heartbeats", () => ok({ status: "ok" }), "l2"),

  get("/data/order/:id", ACCOUNT_READS.order, "l2"),
  get("/data/orders", ACCOUNT_READS.orders, "l2"),
  get("/data/trades", ACCOUNT_READS.trades, "l2"),
  get("/data/pre-migration-orders", ACCOUNT_READS.nothingPaged, "l2"),
  get("/balance-allowance", ACCOUNT_READS.balance, "l2"),
  get("/balance-allowance/update", ACCOUNT_READS.balanceUpdate, "l2"),
  get("/notifications", ACCOUNT_READS.nothing, "l2"),
  { method: "DELETE", path: "/notifications", auth: "l2", handle: () => ok("OK") },
  get("/order-scoring", ACCOUNT_READS.scoring, "l2"),
  post("/orders-scoring", () => ok({}), "l2"),
  get("/rewards/user", ACCOUNT_READS.nothingPaged, "l2"),
  get("/rewards/user/total", ACCOUNT_READS.nothing, "l2"),
  get("/rewards/user/markets", ACCOUNT_READS.nothingPaged, "l2"),
  get("/rewards/user/percentages", () => ok({}), "l2"),

  get("/gamma/events/keyset", GAMMA.eventsKeyset),
  get("/gamma/markets/keyset", GAMMA.marketsKeyset),
  get("/gamma/events", GAMMA.events),
  get("/gamma/markets", GAMMA.markets),
  get("/gamma/events/slug/:slug", GAMMA.eventBySlug),
  get("/gamma/markets/slug/:slug", GAMMA.marketBySlug),
  get("/gamma/events/:id", GAMMA.eventById),
  get("/gamma/markets/:id", GAMMA.marketById),
  get("/gamma/tags", GAMMA.tags),
  get("/gamma/tags/slug/:slug", GAMMA.tagBySlug),
  get("/gamma/tags/:slug", GAMMA.tagBySlug),
  get("/gamma/sports", GAMMA.sports),
  get("/gamma/sports/market-types", GAMMA.marketTypes),
];

interface Compiled {
  readonly route: Route;
  readonly parts: readonly string[];
}

const BY_LENGTH = new Map<string, Compiled[]>();
for (const route of ROUTES) {
  const parts = route.path.split("/");
  const key = `${route.method} ${parts.length}`;
  const row = BY_LENGTH.get(key) ?? [];
  row.push({ route, parts });
  BY_LENGTH.set(key, row);
}

/** The route of a request and what stood in its path's variable parts. Exact paths go before variable ones. */
export function routeOf(
  method: string,
  path: string,
): { readonly route: Route; readonly params: readonly string[] } | undefined {
  const given = path.split("/");
  let found: { readonly route: Route; readonly params: readonly string[] } | undefined;
  for (const { route, parts } of BY_LENGTH.get(`${method} ${given.length}`) ?? []) {
    const params: string[] = [];
    const fits = parts.every((part, index) => {
      if (!part.startsWith(":")) return part === given[index];
      params.push(decode(given[index]!));
      return given[index] !== "";
    });
    if (fits && (found === undefined || params.length < found.params.length)) found = { route, params };
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not encoded at all
  }
}
