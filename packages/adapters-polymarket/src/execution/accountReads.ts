/** The account as REST tells it, page by page. @module */
import {
  MatchpointError,
  type Balances,
  type Millis,
  type OpenOrder,
  type OrderEvidence,
  type OrderId,
  type Outcome,
  type Shares,
  type Trade,
  type TradeStatus,
  type Usdc,
  type VenuePosition,
} from "@matchpoint/sdk";
import { LAST_CURSOR, type AccountPage, type AccountRest } from "../account/rest.ts";
import type { SignatureType } from "../order/order.ts";
import type { ClobHttp } from "./clobHttp.ts";
import { tokenOf, type GatewayMarkets } from "./gatewayMarkets.ts";

/** The first page, as the official client asks for it. */
const FIRST_CURSOR = "MA==";
/** More than any account has. */
const MAX_PAGES = 1_000;
/** Trades that are listed late must still be found: so much of what was seen is listed again. */
const OVERLAP_S = 60;
/** Balances asked for at a time; the venue allows 200 in 10 s. */
const PARALLEL = 6;

/** Trades that are not on the chain yet, by the venue's own word: a balance of the chain knows nothing of them. */
const UNMINED: ReadonlySet<TradeStatus> = new Set<TradeStatus>(["MATCHED", "RETRYING"]);

/** What {@link AccountReads} needs. */
export interface ReadPorts {
  readonly http: ClobHttp;
  readonly rest: AccountRest;
  readonly markets: GatewayMarkets;
  readonly signatureType: SignatureType;
  readonly timeoutMs: number;
  /** Whether an order may be hidden by the venue's delay, so that an empty answer says nothing. */
  readonly isHidden: (orderId: OrderId) => boolean;
  /** Finds markets of tokens that trades name and nobody knows; answers whether it found any. */
  readonly learn: (records: readonly unknown[]) => Promise<boolean>;
  /** Our trades that are not settled, as they were heard of. */
  readonly unsettled: () => Iterable<Trade>;
}

/** Reads the account over REST. A record that cannot be read makes the whole answer invalid: half a list is worse than none. */
export class AccountReads {
  readonly #ports: ReadPorts;
  /** Outcomes whose balance the venue has looked at since it was last moved, as far as is known. */
  readonly #fresh = new Set<string>();
  #collateral: number | undefined;

  constructor(ports: ReadPorts) {
    this.#ports = ports;
  }

  /** A trade of ours moved: the venue's balance of its token is asked to be refreshed before it is next believed. */
  traded({ marketId, outcome }: Pick<Trade, "marketId" | "outcome">): void {
    this.#fresh.delete(`${marketId} ${outcome}`);
  }

  /** Records of a listing, of all its pages. @throws `MatchpointError` `HTTP_FAILED`, `HTTP_RESPONSE_INVALID` */
  async pages(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> {
    const { http, timeoutMs } = this.#ports;
    const records: unknown[] = [];
    const seen = new Set<string>();
    let cursor = FIRST_CURSOR;
    for (let page = 0; page < MAX_PAGES; page++) {
      seen.add(cursor);
      const answer = await http.json(path, timeoutMs, { ...query, next_cursor: cursor });
      if (Array.isArray(answer)) return [...records, ...(answer as unknown[])];
      const { data, next_cursor: next } = (answer ?? {}) as { data?: unknown; next_cursor?: unknown };
      if (!Array.isArray(data))
        throw new MatchpointError("HTTP_RESPONSE_INVALID", "a page without data", { where: `GET ${path}` });
      records.push(...(data as unknown[]));
      if (typeof next !== "string" || next === "" || next === LAST_CURSOR) return records;
      if (seen.has(next))
        throw new MatchpointError("HTTP_RESPONSE_INVALID", "the cursor leads back", { where: `GET ${path}` });
      cursor = next;
    }
    throw new MatchpointError("HTTP_RESPONSE_INVALID", `more than ${MAX_PAGES} pages`, {
      where: `GET ${path}`,
    });
  }

  /** The record of an order by its hash, unread; `null` when the venue has none. */
  async orderRecord(orderId: OrderId): Promise<unknown> {
    const path = `/data/order/${orderId}`;
    return (await this.#ports.http.json(path, this.#ports.timeoutMs)) ?? null;
  }

  async order(orderId: OrderId): Promise<OrderEvidence> {
    try {
      const evidence = this.#ports.rest.order(await this.orderRecord(orderId), orderId);
      if (evidence.kind !== "absent" || !this.#ports.isHidden(orderId)) return evidence;
      const cause = new MatchpointError("HTTP_RESPONSE_INVALID", "inside its delay the venue lists no order");
      return { kind: "unknown", cause };
    } catch (error) {
      return { kind: "unknown", cause: asError(error) };
    }
  }

  async openOrders(): Promise<readonly OpenOrder[]> {
    const { rest } = this.#ports;
    const records = await this.pages("/data/orders");
    const read = rest.openOrders(records);
    if (read.refused.length === 0) return read.items;
    if (await this.#ports.learn(records)) return whole(rest.openOrders(records), "/data/orders");
    return whole(read, "/data/orders");
  }

  /** What of a listing rests, as far as it can be read. */
  restingOf(records: readonly unknown[]): readonly OpenOrder[] {
    return this.#ports.rest.openOrders(records).items;
  }

  /** @param since What an earlier call returned: Unix seconds. */
  async trades(since?: string): Promise<{ readonly trades: readonly Trade[]; readonly cursor: string }> {
    if (since !== undefined && !/^\d{1,11}$/.test(since))
      throw new MatchpointError("EVENT_INVALID", `${JSON.stringify(since)} is no cursor of trades`);
    const { rest } = this.#ports;
    const query = since === undefined || since === "0" ? {} : { after: since };
    const records = await this.pages("/data/trades", query);
    let read = rest.trades(records);
    if (read.refused.length > 0 && (await this.#ports.learn(records))) read = rest.trades(records);
    const trades = whole(read, "/data/trades");
    return { trades, cursor: cursorAfter(read.newest, since) };
  }

  /**
   * Balances of the tokens of all known markets. `settled` is the venue's balance (of the chain, as the venue last looked); `matched`
   * adds our trades that are matched and not mined. A trade that is mined is counted by the chain: the venue's look may lag behind it.
   */
  async positions(): Promise<readonly VenuePosition[]> {
    const { markets } = this.#ports;
    const moves = new Map<string, number>();
    for (const { marketId, outcome, side, size, status } of this.#ports.unsettled()) {
      const key = `${marketId} ${outcome}`;
      if (!UNMINED.has(status)) continue;
      moves.set(key, (moves.get(key) ?? 0) + (side === "buy" ? size : 0 - size));
    }
    const asked: (() => Promise<VenuePosition | undefined>)[] = [];
    for (const market of markets.all()) {
      for (const outcome of [0, 1] as const) {
        const key = `${market.marketId} ${outcome}`;
        asked.push(async () => {
          const settled = await this.#tokens(market.marketId, tokenOf(market, outcome), key);
          const matched = settled + (moves.get(key) ?? 0);
          if (settled === 0 && matched === 0) return undefined;
          return position(market.marketId, outcome, matched, settled);
        });
      }
    }
    const found = await inParallel(asked);
    return found.filter((each) => each !== undefined);
  }

  /**
   * pUSD of the account: the venue's balance with our trades that are matched and not mined. What open orders hold back is included.
   * The venue answers from a cache that misses what the chain moves beside its trades (merges, deposits): it is asked to look first.
   */
  async balances(): Promise<Balances> {
    const { http, rest, timeoutMs, signatureType } = this.#ports;
    const query = { asset_type: "COLLATERAL", signature_type: String(signatureType) };
    await http.call({ method: "GET", path: "/balance-allowance/update", query, timeoutMs });
    const { balance } = rest.balance(await http.json("/balance-allowance", timeoutMs, query));
    // Whatever moved dollars may have moved shares: a merge is no trade.
    if (balance !== this.#collateral) this.#fresh.clear();
    this.#collateral = balance;
    let collateral = balance;
    for (const { side, cost, fee, status } of this.#ports.unsettled())
      if (UNMINED.has(status)) collateral += (side === "buy" ? 0 - cost : cost) - fee;
    return { collateral: collateral as Usdc };
  }

  /** What the venue holds the account to have of a token, refreshed first where it may have moved. */
  async #tokens(marketId: VenuePosition["marketId"], tokenId: string, key: string): Promise<number> {
    const { http, rest, timeoutMs, signatureType, markets } = this.#ports;
    const query = {
      asset_type: markets.isV2(marketId) ? "CONDITIONAL-V2" : "CONDITIONAL",
      token_id: tokenId,
      signature_type: String(signatureType),
    };
    if (!this.#fresh.has(key)) {
      this.#fresh.add(key);
      // The venue answers from a cache that misses what the chain did. What it answers to this says nothing.
      const asked = await http.call({ method: "GET", path: "/balance-allowance/update", query, timeoutMs });
      if ("failed" in asked || asked.status !== 200) this.#fresh.delete(key);
    }
    return rest.balance(await http.json("/balance-allowance", timeoutMs, query)).balance;
  }
}

/** From where trades must be listed again so that none is missed that comes late. */
export function cursorAfter(newest: Millis | undefined, since: string | undefined): string {
  const before = since ?? "0";
  if (newest === undefined) return before;
  return String(Math.max(Number(before), Math.floor(newest / 1_000) - OVERLAP_S));
}

function position(
  marketId: VenuePosition["marketId"],
  outcome: Outcome,
  matched: number,
  settled: number,
): VenuePosition {
  return { marketId, outcome, matched: Math.max(0, matched) as Shares, settled: settled as Shares };
}

function whole<T>({ items, refused }: AccountPage<T>, path: string): readonly T[] {
  if (refused.length === 0) return items;
  throw new MatchpointError(
    "HTTP_RESPONSE_INVALID",
    `${refused.length} records cannot be read, the first: ${refused[0]}`,
    { where: `GET ${path}` },
  );
}

async function inParallel<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results = new Array<T>(tasks.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next++;
      results[at] = await tasks[at]!();
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, tasks.length) }, work));
  return results;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new MatchpointError("INVARIANT", String(error));
}
