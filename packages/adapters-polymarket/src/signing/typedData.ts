import { DEPOSIT_WALLET } from "../order/hash.ts";
import { ZERO_BYTES32, type VenueOrder } from "../order/order.ts";
import type { Exchange } from "../venue/exchanges.ts";
import type { TypedData } from "./signer.ts";

const ORDER_FIELDS = [
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

const WRAPPED_FIELDS = [
  { name: "contents", type: "Order" },
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];

/** An order as typed data for a wallet: with signature type 3 within ERC-7739's `TypedDataSign`. */
export function orderTypedData(order: VenueOrder, exchange: Exchange): TypedData {
  const values: Record<string, unknown> = { ...order, side: order.side === "BUY" ? 0 : 1 };
  const message = Object.fromEntries(ORDER_FIELDS.map(({ name }) => [name, values[name]]));
  const { name, version, chainId, verifyingContract } = exchange;
  const domain = { name, version, chainId, verifyingContract };
  if (order.signatureType !== 3)
    return { domain, types: { Order: ORDER_FIELDS }, primaryType: "Order", message };
  return {
    domain,
    types: { TypedDataSign: WRAPPED_FIELDS, Order: ORDER_FIELDS },
    primaryType: "TypedDataSign",
    message: {
      contents: message,
      ...DEPOSIT_WALLET,
      chainId,
      verifyingContract: order.signer,
      salt: ZERO_BYTES32,
    },
  };
}
