import type { OrderType } from "@matchpoint/sdk";
import { TEXTS } from "./texts.ts";

/** An order as `POST /order` carries it, checked for form only. Amounts in millionths. */
export interface WireOrder {
  readonly salt: string;
  readonly maker: string;
  readonly signer: string;
  readonly tokenId: string;
  readonly makerAmount: string;
  readonly takerAmount: string;
  readonly side: "BUY" | "SELL";
  readonly signatureType: 0 | 1 | 2 | 3;
  readonly timestamp: string;
  /** Unix seconds; "0" for none. Not signed. */
  readonly expiration: string;
  readonly metadata: string;
  readonly builder: string;
  readonly signature: string;
}

/** What is asked with an order. */
export interface OrderRequest {
  readonly order: WireOrder;
  readonly owner: string;
  readonly orderType: OrderType;
  readonly postOnly: boolean;
  readonly deferExec: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const ADDRESS = /^0x[\da-f]{40}$/i;
const BYTES32 = /^0x[\da-f]{64}$/i;
const DIGITS = /^\d{1,78}$/;
const AMOUNT = /^\d{1,20}$/;
const SIGNATURE = /^0x[\da-f]{130,2000}$/i;
const TYPES: ReadonlySet<unknown> = new Set(["GTC", "GTD", "FOK", "FAK"]);

/** A record, or `undefined` for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Parses JSON without throwing; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads one entry of `POST /order(s)`; a text is the venue's refusal. */
export function parseOrder(value: unknown): OrderRequest | string {
  const request = fieldsOf(value);
  const order = fieldsOf(request && own(request, "order"));
  if (request === undefined || order === undefined) return TEXTS.payload;
  // Orders of the exchange before 2026-04-28 carry a nonce and a fee rate in place of the timestamp.
  if (own(order, "timestamp") === undefined && own(order, "nonce") !== undefined) return TEXTS.version;
  const side = own(order, "side");
  if (side !== "BUY" && side !== "SELL") return TEXTS.side;
  const tokenId = textOf(order, "tokenId");
  if (!DIGITS.test(tokenId)) return TEXTS.token;
  const salt = own(order, "salt");
  const saltText = typeof salt === "number" && Number.isSafeInteger(salt) ? String(salt) : salt;
  const signatureType = own(order, "signatureType");
  const orderType = own(request, "orderType");
  const owner = own(request, "owner");
  const postOnly = own(request, "postOnly") ?? false;
  const deferExec = own(request, "deferExec") ?? false;
  const formed =
    typeof saltText === "string" &&
    DIGITS.test(saltText) &&
    ADDRESS.test(textOf(order, "maker")) &&
    ADDRESS.test(textOf(order, "signer")) &&
    AMOUNT.test(textOf(order, "makerAmount")) &&
    AMOUNT.test(textOf(order, "takerAmount")) &&
    DIGITS.test(textOf(order, "timestamp")) &&
    /^\d{1,12}$/.test(textOf(order, "expiration")) &&
    BYTES32.test(textOf(order, "metadata")) &&
    BYTES32.test(textOf(order, "builder")) &&
    SIGNATURE.test(textOf(order, "signature")) &&
    (signatureType === 0 || signatureType === 1 || signatureType === 2 || signatureType === 3) &&
    TYPES.has(orderType) &&
    typeof owner === "string" &&
    typeof postOnly === "boolean" &&
    typeof deferExec === "boolean";
  if (!formed) return TEXTS.payload;
  return {
    order: {
      salt: saltText,
      maker: textOf(order, "maker"),
      signer: textOf(order, "signer"),
      tokenId,
      makerAmount: textOf(order, "makerAmount"),
      takerAmount: textOf(order, "takerAmount"),
      side,
      signatureType,
      timestamp: textOf(order, "timestamp"),
      expiration: textOf(order, "expiration"),
      metadata: textOf(order, "metadata"),
      builder: textOf(order, "builder"),
      signature: textOf(order, "signature"),
    },
    owner,
    orderType: orderType as OrderType,
    postOnly,
    deferExec,
  };
}

/** A record's own value; what it inherits is not in the request. */
export function own(record: Fields, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function textOf(record: Fields, key: string): string {
  const value = own(record, key);
  return typeof value === "string" ? value : "";
}
