import { Chain, OrderBuilder, Side, SignatureTypeV2 } from "@polymarket/clob-client-v2";
import type { ChainOrder, LocalChain } from "@matchpoint/paper-venue";
import type { Usdc } from "@matchpoint/sdk";
import { HDNodeWallet, Wallet } from "ethers";

const MNEMONIC = "test test test test test test test test test test test junk";

/** The n-th account of every local test chain: it holds nothing anywhere else. */
export function testWallet(n: number): Wallet {
  return new Wallet(HDNodeWallet.fromPhrase(MNEMONIC, "", `m/44'/60'/0'/0/${n}`).privateKey);
}

export const usd = (dollars: number): Usdc => Math.round(dollars * 1e6) as Usdc;
export const POL = 10n ** 18n;

/** Why tests with a chain are skipped, said once per file. */
export function skippedWithout(anvil: string | undefined): boolean {
  if (anvil === undefined) console.warn("skipped: no anvil here (npm install @foundry-rs/anvil-linux-amd64)");
  return anvil === undefined;
}

const TYPES = [
  SignatureTypeV2.EOA,
  SignatureTypeV2.POLY_PROXY,
  SignatureTypeV2.POLY_GNOSIS_SAFE,
  SignatureTypeV2.POLY_1271,
] as const;

/** Who trades: a key, and the contract that holds the money when it is not the key's own address. */
export interface Trader {
  readonly key: Wallet;
  readonly signatureType: 0 | 1 | 2 | 3;
  /** Who holds the money. */
  readonly address: string;
}

/** A trader with dollars who may trade. */
export async function openTrader(
  chain: LocalChain,
  n: number,
  signatureType: 0 | 1 | 2 | 3 = 0,
  pusd = usd(1_000),
): Promise<Trader> {
  const key = testWallet(n);
  const address = signatureType === 0 ? key.address : testWallet(1_000 + n).address;
  if (signatureType !== 0) await chain.adoptWallet(address, key.address, signatureType);
  await chain.fund(address, { pol: POL, pusd });
  await chain.approveAll(address);
  return { key, signatureType, address };
}

/** A limit order as the official client builds and signs it. */
export async function officialOrder(
  trader: Trader,
  order: { tokenId: string; side: "BUY" | "SELL"; price: number; size: number; negRisk?: boolean },
): Promise<ChainOrder> {
  const signer = {
    getAddress: () => trader.key.getAddress(),
    _signTypedData: (
      domain: Parameters<Wallet["signTypedData"]>[0],
      types: Parameters<Wallet["signTypedData"]>[1],
      value: Parameters<Wallet["signTypedData"]>[2],
    ) => trader.key.signTypedData(domain, types, value),
  };
  const funder = trader.signatureType === 0 ? undefined : trader.address;
  const builder = new OrderBuilder(signer, Chain.POLYGON, TYPES[trader.signatureType], funder);
  const terms = {
    tokenID: order.tokenId,
    side: order.side === "BUY" ? Side.BUY : Side.SELL,
    price: order.price,
    size: order.size,
  };
  const options = { tickSize: "0.01", negRisk: order.negRisk ?? false } as const;
  const built = (await builder.buildOrder(terms, options, 2)) as unknown as Omit<ChainOrder, "side"> & {
    side: unknown;
  };
  return { ...built, side: order.side };
}
