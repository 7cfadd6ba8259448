import type { OrderId } from "@matchpoint/sdk";
import { id } from "@matchpoint/sdk";
import { computeAddress, SigningKey } from "ethers";
import { orderDomain } from "../auth/contracts.ts";
import { orderDigest } from "../auth/orderHash.ts";
import type { Core } from "../core.ts";
import { bytes32Of } from "../derive.ts";
import type { WireOrder } from "../order/parse.ts";
import type { Market } from "./listing.ts";

const ZERO32 = `0x${"0".repeat(64)}`;
/** Orders that may still be asked for when they match. */
const KEEP = 5_000;

/** A wallet of the venue's own: its orders can be settled on a chain like everybody's. */
export class AgentWallet {
  readonly #core: Core;
  readonly #key: SigningKey;
  readonly #address: string;
  readonly #orders = new Map<string, { readonly order: WireOrder; readonly market: Market }>();
  #count = 0;

  constructor(core: Core, name: string) {
    this.#core = core;
    this.#key = new SigningKey(bytes32Of(`wallet|${name}|${core.settings.seed}`));
    this.#address = computeAddress(this.#key);
  }

  /** The exchange's account. */
  get account(): string {
    return this.#address.toLowerCase();
  }

  /** The id of a new buy. Only for a chain it is the digest of an order that can be signed. */
  order(market: Market, outcome: 0 | 1, dollars: number, shares: number, at: number): OrderId {
    const count = this.#count++;
    if (!this.#core.settings.settlesOnChain) return id(bytes32Of(`agent|${this.#address}|${count}`));
    const order: WireOrder = {
      salt: String(count),
      maker: this.#address,
      signer: this.#address,
      tokenId: market.tokenId(outcome),
      makerAmount: String(dollars),
      takerAmount: String(shares),
      side: "BUY",
      signatureType: 0,
      timestamp: String(this.#core.wall.millis(at)),
      expiration: "0",
      metadata: ZERO32,
      builder: ZERO32,
      signature: "0x",
    };
    const orderId = orderDigest(order, this.#domain(market));
    this.#orders.set(orderId, { order, market });
    if (this.#orders.size > KEEP) this.#orders.delete(this.#orders.keys().next().value!);
    return id(orderId);
  }

  /** An order of this wallet, signed now that it is needed. */
  signed(orderId: string): WireOrder | undefined {
    const found = this.#orders.get(orderId);
    if (found === undefined) return undefined;
    const { serialized } = this.#key.sign(orderId);
    return { ...found.order, signature: serialized };
  }

  #domain(market: Market): ReturnType<typeof orderDomain> {
    return orderDomain(this.#core.settings.chainId, market.version, market.description.negRisk);
  }
}
