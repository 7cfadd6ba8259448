import { recoverAddress, TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";
import type { WireOrder } from "../order/parse.ts";

/** The order struct of exchanges of domain versions "2" and "3". */
const ORDER: TypedDataField[] = [
  { name: "salt", type: "uint256" },
  { name: "maker", type: "address" },
  { name: "signer", type: "address" },
  { name: "tokenId", type: "uint256" },
  { name: "makerAmount", type: "uint256" },
  { name: "takerAmount", type: "uint256" },
  { name: "side", type: "uint8" },
  { name: "signatureType", type: "uint8" },
  { name: "timestamp", type: "uint256" },
  { name: "metadata", type: "bytes32" },
  { name: "builder", type: "bytes32" },
];

const ORDER_TYPES = { Order: ORDER };

/** ERC-7739: what a deposit wallet's owner signs in place of the order. */
const TYPED_DATA_SIGN = {
  TypedDataSign: [
    { name: "contents", type: "Order" },
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    { name: "verifyingContract", type: "address" },
    { name: "salt", type: "bytes32" },
  ],
  Order: ORDER,
};

const ORDER_TYPE_TEXT = `Order(${ORDER.map(({ type, name }) => `${type} ${name}`).join(",")})`;
/** The type's text and its length, which end an ERC-7739 signature. */
const TAIL = `${hexOf(ORDER_TYPE_TEXT)}${ORDER_TYPE_TEXT.length.toString(16).padStart(4, "0")}`;
const ZERO32 = `0x${"0".repeat(64)}`;
/** A plain signature: r, s, v. */
const PLAIN = /^0x[\da-f]{130}$/i;

function hexOf(text: string): string {
  let hex = "";
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(2, "0");
  return hex;
}

function structOf(order: WireOrder): Record<string, unknown> {
  const { salt, maker, signer, tokenId, makerAmount, takerAmount, side, signatureType } = order;
  const { timestamp, metadata, builder } = order;
  return {
    salt,
    maker,
    signer,
    tokenId,
    makerAmount,
    takerAmount,
    side: side === "BUY" ? 0 : 1,
    signatureType,
    timestamp,
    metadata,
    builder,
  };
}

/** An order's id: the EIP-712 digest of the order under its exchange's domain. */
export function orderDigest(order: WireOrder, domain: TypedDataDomain): string {
  return TypedDataEncoder.hash(domain, ORDER_TYPES, structOf(order));
}

/**
 * The address whose key signed an order: of signature types 0 to 2 over the order itself, of type 3 (deposit wallet) over the
 * order wrapped by ERC-7739 for that wallet. `undefined` when the signature is none.
 */
export function orderSigner(order: WireOrder, domain: TypedDataDomain): string | undefined {
  const { signature } = order;
  try {
    if (order.signatureType !== 3) {
      if (!PLAIN.test(signature)) return undefined;
      return recoverAddress(orderDigest(order, domain), signature);
    }
    const struct = structOf(order);
    const wrapped = `${TypedDataEncoder.hashDomain(domain).slice(2)}${TypedDataEncoder.hashStruct("Order", ORDER_TYPES, struct).slice(2)}${TAIL}`;
    const inner = signature.slice(0, 132);
    if (!PLAIN.test(inner) || signature.slice(132).toLowerCase() !== wrapped) return undefined;
    const digest = TypedDataEncoder.hash(domain, TYPED_DATA_SIGN, {
      contents: struct,
      name: "DepositWallet",
      version: "1",
      chainId: domain.chainId,
      verifyingContract: order.signer,
      salt: ZERO32,
    });
    return recoverAddress(digest, inner);
  } catch {
    return undefined; // a value that no signature can have
  }
}
