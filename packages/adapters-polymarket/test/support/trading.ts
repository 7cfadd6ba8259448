import { parsePrice, parseShares, type Millis, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { Chain, OrderBuilder, Side, SignatureTypeV2 } from "@polymarket/clob-client-v2";
import { Wallet } from "ethers";
import type {
  Address,
  Hex,
  OrderParties,
  SignatureType,
  SigningLimits,
  VenueOrder,
} from "../../src/index.ts";

/** The first key of every local test chain: it holds nothing anywhere. */
export const TEST_KEY: Hex = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const WALLET = new Wallet(TEST_KEY);
export const OWNER = WALLET.address as Address;
export const FUNDER: Address = "0x1111111111111111111111111111111111111111";
export const TOKEN = "1234567890123456789012345678901234567890";
export const API_KEY = "00000000-0000-0000-0000-000000000001";

/** Ticks as the official client writes them. */
export const TICK_TEXTS = ["0.1", "0.01", "0.005", "0.0025", "0.001", "0.0001"] as const;
export type TickText = (typeof TICK_TEXTS)[number];

export const at = (ms: number): Millis => ms as Millis;
export const dollars = (text: string): Price => parsePrice(text);
export const amount = (text: string): Shares => parseShares(text);

export function parties(signatureType: SignatureType): OrderParties {
  return { signatureType, wallet: OWNER, funder: signatureType === 0 ? OWNER : FUNDER };
}

/** A wallet of ethers 6 in the shape that the official client knows, that of ethers 5. */
export const OFFICIAL_SIGNER = {
  getAddress: () => WALLET.getAddress(),
  _signTypedData: (
    domain: Parameters<Wallet["signTypedData"]>[0],
    types: Parameters<Wallet["signTypedData"]>[1],
    value: Parameters<Wallet["signTypedData"]>[2],
  ) => WALLET.signTypedData(domain, types, value),
};

const SIGNATURE_TYPES = {
  0: SignatureTypeV2.EOA,
  1: SignatureTypeV2.POLY_PROXY,
  2: SignatureTypeV2.POLY_GNOSIS_SAFE,
  3: SignatureTypeV2.POLY_1271,
} as const;

export function officialBuilder(signatureType: SignatureType, chainId: Chain = Chain.POLYGON): OrderBuilder {
  const funder = signatureType === 0 ? undefined : FUNDER;
  return new OrderBuilder(OFFICIAL_SIGNER, chainId, SIGNATURE_TYPES[signatureType], funder);
}

/** What the official client built, as an order of ours: with its salt and its time. */
export interface OfficialOrder extends Omit<VenueOrder, "salt"> {
  readonly salt: string;
  readonly signature: Hex;
}

export async function officialLimit(
  builder: OrderBuilder,
  o: {
    side: "buy" | "sell";
    price: number;
    size: number;
    tick: TickText;
    version?: 2 | 3;
    negRisk?: boolean;
  },
): Promise<OfficialOrder> {
  const order = { tokenID: TOKEN, side: sideOf(o.side), price: o.price, size: o.size };
  const options = { tickSize: o.tick, negRisk: o.negRisk ?? false };
  return (await builder.buildOrder(order, options, o.version ?? 2)) as unknown as OfficialOrder;
}

export async function officialMarket(
  builder: OrderBuilder,
  o: { side: "buy" | "sell"; price: number; amount: number; tick: TickText },
): Promise<OfficialOrder> {
  const order = { tokenID: TOKEN, side: sideOf(o.side), price: o.price, amount: o.amount };
  const options = { tickSize: o.tick, negRisk: false };
  return (await builder.buildMarketOrder(order, options, 2)) as unknown as OfficialOrder;
}

function sideOf(side: "buy" | "sell"): Side {
  return side === "buy" ? Side.BUY : Side.SELL;
}

/** Limits that every order of the tests is within. */
export const LIMITS: SigningLimits = {
  chainId: 137,
  parties: parties(0),
  maxNotional: 10_000_000_000 as Usdc,
  maxShares: 100_000_000_000 as Shares,
  band: { min: parsePrice("0.0001"), max: parsePrice("0.9999") },
  maxAgeMs: 60_000,
};
