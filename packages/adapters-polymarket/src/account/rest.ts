/** Reads what REST says about our own account. @module */
import {
  MatchpointError,
  type Millis,
  type OpenOrder,
  type OrderEvidence,
  type OrderId,
  type Shares,
  type Trade,
} from "@matchpoint/sdk";
import type { z } from "zod";
import { FieldCounts } from "./fields.ts";
import { Ownership, type AccountIdentity } from "./identity.ts";
import { decodeOrder, openOrder } from "./order.ts";
import { BALANCE_ALLOWANCE, PAGE, problemOf } from "./schemas.ts";
import type { AccountTokens } from "./tokens.ts";
import { decodeTrade } from "./trade.ts";
import { normalId } from "./values.ts";

/** The cursor of a listing's last page. */
export const LAST_CURSOR = "LTE=";
const ADDRESS = /^0x[\da-fA-F]{40}$/;

/** A page of a listing. What could not be read is told, never left out in silence. */
export interface AccountPage<T> {
  readonly items: readonly T[];
  /** Why records were refused. */
  readonly refused: readonly string[];
  /** Where the next page begins; `undefined` after the last one. */
  readonly next: string | undefined;
}

/** Collateral or shares of one token, in millionths. */
export interface BalanceAllowance {
  readonly balance: number;
  /** What each spender may take, in millionths, by its address in lower case; unlimited is 2^256 - 1. */
  readonly allowances: ReadonlyMap<string, bigint>;
}

/** Reads the account's REST answers (parsed JSON) for one account. */
export interface AccountRest {
  /** `GET /data/orders`: what rests. Records in a final state are left out. @throws `HTTP_RESPONSE_INVALID` */
  openOrders(answer: unknown): AccountPage<OpenOrder>;
  /** `GET /data/trades`: our parts of trades, and the latest time of a match among them. @throws `HTTP_RESPONSE_INVALID` */
  trades(answer: unknown): AccountPage<Trade> & { readonly newest: Millis | undefined };
  /** `GET /data/order/{id}`: `absent` when the answer is empty, which proves nothing: ended orders leave the venue's list. */
  order(answer: unknown, orderId: OrderId): OrderEvidence;
  /** `GET /balance-allowance`. @throws `HTTP_RESPONSE_INVALID` */
  balance(answer: unknown): BalanceAllowance;
  /** Fields that nobody knows here, by `record.field`. */
  readonly unknownFields: ReadonlyMap<string, number>;
}

/**
 * Reads REST answers about our own orders, trades and balances.
 *
 * @example
 * ```ts
 * import { AccountTokens, createAccountRest } from "@matchpoint/adapters-polymarket";
 *
 * const rest = createAccountRest({ apiKeys: [], addresses: ["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"] }, new AccountTokens());
 * rest.balance({ balance: "1000000", allowances: {} }).balance; // 1_000_000: one dollar
 * ```
 */
export function createAccountRest(identity: AccountIdentity, tokens: AccountTokens): AccountRest {
  const own = new Ownership(identity);
  const fields = new FieldCounts();

  function page<T>(
    answer: unknown,
    what: string,
    read: (record: unknown) => readonly T[] | string,
  ): AccountPage<T> {
    const { data, next } = Array.isArray(answer)
      ? { data: answer as unknown[], next: "" }
      : pageOf(answer, what, fields);
    const items: T[] = [];
    const refused: string[] = [];
    for (const record of data) {
      const found = read(record);
      if (typeof found === "string") refused.push(found);
      else items.push(...found);
    }
    return { items, refused, next: next === "" || next === LAST_CURSOR ? undefined : next };
  }

  return {
    unknownFields: fields.seen,
    openOrders: (answer) =>
      page(answer, "/data/orders", (record) => {
        const order = decodeOrder(record, own, fields);
        if (typeof order === "string") return order;
        const { state } = order.meaning;
        if (state !== "LIVE" && state !== "DELAYED") return [];
        const open = openOrder(order, tokens);
        return typeof open === "string" ? open : [open];
      }),
    trades: (answer) => {
      let newest: Millis | undefined;
      const read = page(answer, "/data/trades", (record) => {
        const trade = decodeTrade(record, own, tokens, fields);
        if (typeof trade === "string") return trade;
        if ("unknownToken" in trade) return trade.reason;
        if (trade.matchedAt !== undefined && !(newest !== undefined && newest >= trade.matchedAt))
          newest = trade.matchedAt;
        return trade.trades;
      });
      return { ...read, newest };
    },
    order: (answer, orderId) => {
      if (answer === null || answer === undefined || answer === "") return { kind: "absent" };
      const order = decodeOrder(answer, own, fields);
      if (typeof order === "string") return { kind: "unknown", cause: unusable("/data/order", order) };
      if (order.orderId !== normalId(orderId))
        return {
          kind: "unknown",
          cause: unusable("/data/order", `asked for ${orderId}, got ${order.orderId}`),
        };
      if (order.matched === undefined && order.meaning.state === "MATCHED")
        return {
          kind: "unknown",
          cause: unusable("/data/order", "size_matched of a matched order is missing"),
        };
      return { kind: "found", status: order.meaning.state, matched: order.matched ?? (0 as Shares) };
    },
    balance: (answer) => {
      const { balance, allowances, allowance } = checked(BALANCE_ALLOWANCE, answer, "/balance-allowance");
      fields.count("balance", answer as object, BALANCE_ALLOWANCE);
      const held = baseUnits(balance, "balance");
      if (held > BigInt(Number.MAX_SAFE_INTEGER))
        throw unusable("/balance-allowance", "balance is too large to count");
      const byAddress = new Map<string, bigint>();
      for (const [spender, amount] of Object.entries(allowances ?? {})) {
        if (!ADDRESS.test(spender)) throw unusable("/balance-allowance", "a spender is not an address");
        byAddress.set(spender.toLowerCase(), baseUnits(amount, "an allowance"));
      }
      if (allowance !== undefined && allowance !== null && allowance !== "")
        byAddress.set("", baseUnits(allowance, "allowance"));
      return { balance: Number(held), allowances: byAddress };
    },
  };
}

function pageOf(
  answer: unknown,
  what: string,
  fields: FieldCounts,
): { readonly data: unknown[]; readonly next: string } {
  const { data, next_cursor: next } = checked(PAGE, answer, what);
  fields.count("page", answer as object, PAGE);
  return { data, next: next ?? "" };
}

function checked<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw unusable(what, problemOf(parsed.error));
}

/** A balance with a point in it is of another unit than ours, and nobody may guess by how much. */
function baseUnits(text: string, what: string): bigint {
  if (!/^\d{1,78}$/.test(text))
    throw unusable("/balance-allowance", `${what} is not a whole number of millionths`);
  return BigInt(text);
}

function unusable(what: string, reason: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", `the answer of ${what} cannot be used: ${reason}`);
}
