import type { Hex } from "../venue/contracts.ts";
import type { Exchange } from "../venue/exchanges.ts";
import { hexOf, putHex, putNumber } from "./bytes.ts";
import { keccak } from "./keccak.ts";
import type { VenueOrder } from "./order.ts";

/** The struct that is signed, as EIP-712 writes its type; the same in domain versions `"2"` and `"3"`. */
export const ORDER_TYPE =
  "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";
const WRAPPED_TYPE = `TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)${ORDER_TYPE}`;
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

/** The name and version that a deposit wallet signs under (ERC-7739). */
export const DEPOSIT_WALLET = Object.freeze({ name: "DepositWallet", version: "1" });

const ORDER_TYPEHASH = hashText(ORDER_TYPE);
const WRAPPED_TYPEHASH = hashText(WRAPPED_TYPE);
const DOMAIN_TYPEHASH = hashText(DOMAIN_TYPE);
const WALLET_NAME_HASH = hashText(DEPOSIT_WALLET.name);
const WALLET_VERSION_HASH = hashText(DEPOSIT_WALLET.version);
/** `\x19\x01`, with which everything starts that EIP-712 signs; the domain's separator and the struct's hash follow. */
const signed = new Uint8Array(66).fill(0x19, 0, 1).fill(0x01, 1, 2);

const separators = new WeakMap<Exchange, Hex>();

/** The exchange's EIP-712 domain separator. */
export function domainSeparator(exchange: Exchange): Hex {
  let found = separators.get(exchange);
  if (found === undefined) {
    const { name, version, chainId, verifyingContract } = exchange;
    found = words([DOMAIN_TYPEHASH, hashText(name), hashText(version), chainId, verifyingContract]);
    if (Object.isFrozen(exchange)) separators.set(exchange, found);
  }
  return found;
}

/** An order that was hashed, as it was then. */
interface Hashed {
  readonly order: VenueOrder;
  readonly struct: Hex;
  /** Under one exchange, by its domain separator. */
  readonly under: Map<Hex, Hex>;
}

/** Hashed lately, by salt: an order is hashed when it is prepared, and once more, from what was judged, when it is signed. */
const lately = new Map<number, Hashed>();
const LATELY = 64;

function hashed(order: VenueOrder): Hashed {
  const known = lately.get(order.salt);
  if (known !== undefined && sameStruct(known.order, order)) return known;
  const fresh = { order: { ...order }, struct: structHash(order), under: new Map<Hex, Hex>() };
  lately.delete(order.salt);
  lately.set(order.salt, fresh);
  for (const oldest of lately.keys()) {
    if (lately.size <= LATELY) break;
    lately.delete(oldest);
  }
  return fresh;
}

/** Whether all that is hashed is the same. */
function sameStruct(a: VenueOrder, b: VenueOrder): boolean {
  return (
    a.salt === b.salt &&
    a.maker === b.maker &&
    a.signer === b.signer &&
    a.tokenId === b.tokenId &&
    a.makerAmount === b.makerAmount &&
    a.takerAmount === b.takerAmount &&
    a.side === b.side &&
    a.signatureType === b.signatureType &&
    a.timestamp === b.timestamp &&
    a.metadata === b.metadata &&
    a.builder === b.builder
  );
}

/** The hash of the order's struct alone, without the exchange. */
export function orderStructHash(order: VenueOrder): Hex {
  return hashed(order).struct;
}

function structHash(order: VenueOrder): Hex {
  return words([
    ORDER_TYPEHASH,
    order.salt,
    order.maker,
    order.signer,
    BigInt(order.tokenId),
    numberOf(order.makerAmount),
    numberOf(order.takerAmount),
    order.side === "BUY" ? 0 : 1,
    order.signatureType,
    numberOf(order.timestamp),
    order.metadata,
    order.builder,
  ]);
}

/**
 * The order's EIP-712 hash under its exchange. **It is the venue's id of the order**, known before anything is sent, by which the
 * order can be found whatever happens to the answer.
 *
 * @example
 * ```ts
 * import { EXCHANGES, orderHash, type VenueOrder } from "@matchpoint/adapters-polymarket";
 * const idOf = (order: VenueOrder): string => orderHash(order, EXCHANGES[137].v1.standard);
 * ```
 */
export function orderHash(order: VenueOrder, exchange: Exchange): Hex {
  const { struct, under } = hashed(order);
  const separator = domainSeparator(exchange);
  let found = under.get(separator);
  if (found === undefined) under.set(separator, (found = signedHash(exchange, struct)));
  return found;
}

/** What the owner of a deposit wallet signs: the order within ERC-7739's `TypedDataSign`, under the exchange's domain. */
export function wrappedHash(order: VenueOrder, exchange: Exchange): Hex {
  const struct = words([
    WRAPPED_TYPEHASH,
    orderStructHash(order),
    WALLET_NAME_HASH,
    WALLET_VERSION_HASH,
    exchange.chainId,
    order.signer,
    0,
  ]);
  return signedHash(exchange, struct);
}

/** Amounts and times are below 2^53 nearly always; what is not is still exact. */
function numberOf(decimal: string): number | bigint {
  return decimal.length < 16 ? Number(decimal) : BigInt(decimal);
}

function signedHash(exchange: Exchange, struct: Hex): Hex {
  putHex(signed, 2, domainSeparator(exchange));
  putHex(signed, 34, struct);
  return hexOf(keccak(signed));
}

function hashText(text: string): Hex {
  return hexOf(keccak(new TextEncoder().encode(text)));
}

/** The hash of 32-byte words: numbers on the right of theirs, as EIP-712 encodes them. */
function words(values: readonly (bigint | number | Hex)[]): Hex {
  const bytes = new Uint8Array(32 * values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (typeof value === "number") putNumber(bytes, 32 * i, value);
    else if (typeof value === "bigint") putHex(bytes, 32 * i, `0x${value.toString(16).padStart(64, "0")}`);
    else putHex(bytes, 32 * (i + 1) - (value.length - 2) / 2, value);
  }
  return hexOf(keccak(bytes));
}
