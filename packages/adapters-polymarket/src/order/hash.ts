import { concat, getBytes, keccak256, toUtf8Bytes } from "ethers";
import type { Hex } from "../venue/contracts.ts";
import type { Exchange } from "../venue/exchanges.ts";
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
/** `\x19\x01`, with which everything starts that EIP-712 signs. */
const PREFIX = "0x1901";

const separators = new WeakMap<Exchange, Hex>();

/** The exchange's EIP-712 domain separator. */
export function domainSeparator(exchange: Exchange): Hex {
  let found = separators.get(exchange);
  if (found === undefined) {
    const { name, version, chainId, verifyingContract } = exchange;
    found = words([
      DOMAIN_TYPEHASH,
      hashText(name),
      hashText(version),
      BigInt(chainId),
      BigInt(verifyingContract),
    ]);
    if (Object.isFrozen(exchange)) separators.set(exchange, found);
  }
  return found;
}

/** The hash of the order's struct alone, without the exchange. */
export function orderStructHash(order: VenueOrder): Hex {
  return words([
    ORDER_TYPEHASH,
    BigInt(order.salt),
    BigInt(order.maker),
    BigInt(order.signer),
    BigInt(order.tokenId),
    BigInt(order.makerAmount),
    BigInt(order.takerAmount),
    order.side === "BUY" ? 0n : 1n,
    BigInt(order.signatureType),
    BigInt(order.timestamp),
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
  return keccak256(concat([PREFIX, domainSeparator(exchange), orderStructHash(order)])) as Hex;
}

/** What the owner of a deposit wallet signs: the order within ERC-7739's `TypedDataSign`, under the exchange's domain. */
export function wrappedHash(order: VenueOrder, exchange: Exchange): Hex {
  const struct = words([
    WRAPPED_TYPEHASH,
    orderStructHash(order),
    WALLET_NAME_HASH,
    WALLET_VERSION_HASH,
    BigInt(exchange.chainId),
    BigInt(order.signer),
    0n,
  ]);
  return keccak256(concat([PREFIX, domainSeparator(exchange), struct])) as Hex;
}

function hashText(text: string): Hex {
  return keccak256(toUtf8Bytes(text)) as Hex;
}

function words(values: readonly (bigint | Hex)[]): Hex {
  let text = "0x";
  for (const value of values)
    text += typeof value === "bigint" ? value.toString(16).padStart(64, "0") : value.slice(2);
  return keccak256(getBytes(text)) as Hex;
}
