import { type Millis, type OrderType, type Side } from "@matchpoint/sdk";
import { getAddress } from "ethers";
import type { Address, Hex } from "../venue/contracts.ts";
import { GTD_LEAD_S } from "../venue/limits.ts";
import type { OrderAmounts } from "./amounts.ts";
import { refuse } from "./refuse.ts";

/**
 * Who signs for whom: 0 the wallet itself, 1 a proxy, 2 a Safe (both: the wallet signs for the funder), 3 a deposit wallet (ERC-1271:
 * the contract is maker and signer). Source: docs.polymarket.com/trading/place-orders.
 */
export type SignatureType = 0 | 1 | 2 | 3;

/** The parties of an order. */
export interface OrderParties {
  readonly signatureType: SignatureType;
  /** The address that the key belongs to. */
  readonly wallet: Address;
  /** The address that holds the money; the wallet itself with type 0. */
  readonly funder: Address;
}

/** What an order is built from. */
export interface OrderInput {
  readonly parties: OrderParties;
  /** The outcome's token, or its position id in a market of version `"v2"`: a decimal number below 2^256. */
  readonly tokenId: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly amounts: OrderAmounts;
  /** 1 to 2^53 - 1: it goes over the wire as a number. See `orderSalt`. */
  readonly salt: number;
  /** Unix milliseconds, signed. */
  readonly timestamp: Millis;
  /** Unix seconds, only for GTD, where it must be there. Not signed. */
  readonly expiration?: number;
  readonly metadata?: Hex;
  /** A builder's code: who has it may take a fee of the order. None by default. */
  readonly builder?: Hex;
}

/** An order as the exchange's `Order` struct has it, and its expiration, which only the wire has. */
export interface VenueOrder {
  readonly salt: number;
  readonly maker: Address;
  readonly signer: Address;
  readonly tokenId: string;
  readonly makerAmount: string;
  readonly takerAmount: string;
  readonly side: "BUY" | "SELL";
  readonly signatureType: SignatureType;
  readonly timestamp: string;
  readonly expiration: string;
  readonly metadata: Hex;
  readonly builder: Hex;
}

/** 32 bytes of nothing. */
export const ZERO_BYTES32: Hex = `0x${"0".repeat(64)}`;
const BYTES32 = /^0x[0-9a-f]{64}$/;
const DECIMAL = /^[1-9][0-9]{0,77}$/;

/** Whether a text is a decimal number from 1 to 2^256 - 1 as the venue writes one. */
export function isUint256(text: unknown): boolean {
  return typeof text === "string" && DECIMAL.test(text) && BigInt(text) < 1n << 256n;
}

/** Whether a text is 32 bytes in lower case. */
export function isBytes32(text: unknown): boolean {
  return typeof text === "string" && BYTES32.test(text);
}

/** An address in EIP-55 case. @throws `MatchpointError` `ORDER_INVALID` when it is none, or its case is wrong */
export function readAddress(text: string, what: string): Address {
  let read: string | undefined;
  if (typeof text === "string" && /^0x[0-9a-fA-F]{40}$/.test(text)) {
    try {
      read = getAddress(text);
    } catch {
      // Said below.
    }
  }
  if (read === undefined || read === `0x${"0".repeat(40)}`) refuse(`the ${what} is not an address`);
  return read as Address;
}

/** What was read of parties that cannot have changed since. */
const READ = new WeakMap<OrderParties, OrderParties>();

/** Checks the parties and puts their addresses into EIP-55 case. @throws `MatchpointError` `ORDER_INVALID` */
export function readParties(parties: OrderParties): OrderParties {
  const known = READ.get(parties);
  if (known !== undefined) return known;
  const wallet = readAddress(parties.wallet, "wallet");
  const funder = readAddress(parties.funder, "funder");
  const { signatureType } = parties;
  if (!([0, 1, 2, 3] as readonly unknown[]).includes(signatureType))
    refuse(`${String(signatureType)} is no signature type: 0 to 3`);
  if (signatureType === 0 && wallet !== funder)
    refuse(
      "with signature type 0 the wallet is its own funder",
      "another funder needs type 1, 2 or 3 (execution.signature_type)",
    );
  if (signatureType !== 0 && wallet === funder)
    refuse(
      `with signature type ${signatureType} the funder is a contract, not the wallet itself`,
      "execution.funder is the key's own address: put there the one that polymarket.com shows in the profile. If the key's own wallet holds the money, execution.signature_type is 0.",
    );
  const read = Object.freeze({ signatureType, wallet, funder });
  READ.set(read, read);
  if (Object.isFrozen(parties)) READ.set(parties, read);
  return read;
}

/**
 * Builds an order. Pure: the same input makes the same order and hash.
 * @throws `MatchpointError` `ORDER_INVALID` on anything out of range
 */
export function buildOrder(input: OrderInput): VenueOrder {
  const { signatureType, wallet, funder } = readParties(input.parties);
  const { makerAmount, takerAmount } = input.amounts;
  const metadata = input.metadata ?? ZERO_BYTES32;
  const builder = input.builder ?? ZERO_BYTES32;
  if (!isUint256(input.tokenId)) refuse("the token id is not a decimal number below 2^256");
  for (const amount of [makerAmount, takerAmount])
    if (!Number.isSafeInteger(amount) || amount <= 0) refuse(`amount ${amount} is not a count of millionths`);
  if (!Number.isSafeInteger(input.salt) || input.salt <= 0) refuse("the salt is not from 1 to 2^53 - 1");
  if (!Number.isSafeInteger(input.timestamp) || input.timestamp <= 0)
    refuse(`timestamp ${input.timestamp} is not a time in ms`);
  if (!isBytes32(metadata)) refuse("metadata is not 32 bytes in lower case");
  if (!isBytes32(builder)) refuse("the builder is not 32 bytes in lower case");
  return Object.freeze({
    salt: input.salt,
    maker: funder,
    signer: signatureType === 3 ? funder : wallet,
    tokenId: input.tokenId,
    makerAmount: String(makerAmount),
    takerAmount: String(takerAmount),
    side: input.side === "buy" ? "BUY" : "SELL",
    signatureType,
    timestamp: String(input.timestamp),
    expiration: String(expirationOf(input)),
    metadata,
    builder,
  });
}

function expirationOf({ orderType, expiration, timestamp }: OrderInput): number {
  if (orderType !== "GTD") {
    if (expiration !== undefined) refuse(`a ${orderType} order has no expiration`);
    return 0;
  }
  const earliest = Math.ceil(timestamp / 1_000) + GTD_LEAD_S;
  if (expiration === undefined || !Number.isSafeInteger(expiration) || expiration < earliest)
    refuse(`expiration ${String(expiration)} is not in Unix seconds at least ${GTD_LEAD_S} s ahead`);
  // Milliseconds given as seconds would be an order that never ends.
  if (expiration > 99_999_999_999) refuse(`expiration ${expiration} is beyond any time in Unix seconds`);
  return expiration;
}
