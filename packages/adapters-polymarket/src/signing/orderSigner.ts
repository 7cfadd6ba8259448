import { MatchpointError, type Millis } from "@matchpoint/sdk";
import { l1Headers, l1Request, type L1Claim, type L1Headers } from "../auth/l1.ts";
import type { SignedOrder } from "../order/body.ts";
import { domainSeparator, ORDER_TYPE, orderHash, orderStructHash, wrappedHash } from "../order/hash.ts";
import { bytesOf, hexOf } from "../order/bytes.ts";
import { keccak } from "../order/keccak.ts";
import { readParties, type VenueOrder } from "../order/order.ts";
import type { Hex } from "../venue/contracts.ts";
import { EXCHANGES, type Exchange } from "../venue/exchanges.ts";
import { PURE_CURVE, type Curve } from "./curve.ts";
import { Fence, type EpochFence } from "./epochs.ts";
import { judgeClaim, judgeOrder, type SigningLimits, type SigningRefusal } from "./policy.ts";
import type { Signer, SigningRequest } from "./signer.ts";
import { orderTypedData } from "./typedData.ts";
import { isInProcess } from "./wallet.ts";

/** Signs orders, and claims for API keys, within limits. */
export interface OrderSigner {
  /**
   * Signs an order for its exchange.
   * @throws `MatchpointError` `SIGNING_REFUSED` when the policy does not allow it, or the answer is not the signer's own signature
   */
  signOrder(order: VenueOrder, exchange: Exchange): Promise<SignedOrder & { readonly hash: Hex }>;
  /** Signs the claim that gets an API key. @throws as {@link OrderSigner.signOrder} */
  signClaim(claim: Omit<L1Claim, "address">): Promise<L1Headers>;
  /** Why no order may leave any more, also none that is signed: another process has signed for the account since. Absent: there is no fence. */
  readonly stale?: () => string | undefined;
  /**
   * Takes the turn before there is anything to sign: from here on no process that started earlier is signed for. Absent: there is no fence.
   * @throws `MatchpointError` `SIGNING_REFUSED` when a process that started later has it
   */
  readonly begin?: () => void;
}

/** What {@link createOrderSigner} needs. */
export interface OrderSignerOptions {
  readonly signer: Signer;
  readonly limits: SigningLimits;
  /** Unix milliseconds, by the venue's clock. */
  readonly now: () => Millis;
  /**
   * Whether every signature is recovered and compared with the signer's address. Default: unless the signer is one of
   * `createWalletSigner`, whose key is in this process and cannot answer for another. The first one always is.
   */
  readonly verify?: boolean;
  /** What recovers them; one of `loadCurve`. Default: plain JavaScript. */
  readonly curve?: Curve;
  /** Whose turn it is: orders are refused from when a higher epoch has signed. Default: there is no fence. */
  readonly fence?: EpochFence;
}

/**
 * Puts the policy in front of a signer. It takes orders, never digests: what is signed is computed here from what was judged.
 *
 * Signature type 3 (deposit wallets, ERC-1271) wraps the order as ERC-7739 says: 65 bytes of signature, the exchange's domain separator,
 * the order's hash, the order's type as text and its length, 317 bytes together. Source: `exchangeOrderBuilderV2.ts` of
 * `@polymarket/clob-client-v2`.
 *
 * @example
 * ```ts
 * import { createOrderSigner, createWalletSigner, type SigningLimits } from "@matchpoint/adapters-polymarket";
 * import type { Millis } from "@matchpoint/sdk";
 * const signerOf = (privateKey: string, limits: SigningLimits, now: () => Millis) =>
 *   createOrderSigner({ signer: createWalletSigner(privateKey), limits, now });
 * ```
 * @throws `MatchpointError` `SIGNING_REFUSED` when the limits are for another wallet than the signer's, `ORDER_INVALID` when their
 *   parties do not go together
 */
export function createOrderSigner(options: OrderSignerOptions): OrderSigner {
  const { signer, now, verify = !isInProcess(options.signer), curve = PURE_CURVE } = options;
  const limits: SigningLimits = { ...options.limits, parties: readParties(options.limits.parties) };
  if (signer.address !== limits.parties.wallet)
    throw refused({ rule: "parties", detail: "the limits are for another wallet than the signer's" });
  const fence = options.fence === undefined ? undefined : new Fence(options.fence);
  let proven = false;

  function begin(): void {
    const stale = fence?.pass();
    if (stale !== undefined) throw refused({ rule: "epoch", detail: stale });
  }

  async function sign(request: SigningRequest): Promise<Hex> {
    const signature: unknown = await signer.sign(request);
    if (typeof signature !== "string" || !/^0x[0-9a-f]{128}(1b|1c)$/.test(signature))
      throw refused({
        rule: "form",
        detail: "the signer did not answer with 65 bytes in lower case, v 27 or 28",
      });
    if (verify || !proven) {
      if (recovered(request.digest, signature, curve) !== signer.address.toLowerCase())
        throw refused({
          rule: "parties",
          detail: "the signer answered with a signature that is not its own",
        });
      proven = true;
    }
    return signature as Hex;
  }

  return Object.freeze({
    async signOrder(given: VenueOrder, to: Exchange) {
      // Copied: what is judged is what is signed and returned, whatever happens to the caller's objects meanwhile.
      const order = Object.freeze({ ...given });
      const copy = Object.freeze({ ...to });
      const refusal = judgeOrder(order, copy, limits, now());
      if (refusal !== undefined) throw refused(refusal);
      begin();
      const exchange = known(copy);
      const hash = orderHash(order, exchange);
      const wrapped = order.signatureType === 3;
      const inner = await sign({
        purpose: "order",
        ...(fence === undefined ? {} : { epoch: fence.epoch }),
        digest: wrapped ? wrappedHash(order, exchange) : hash,
        typedData: () => orderTypedData(order, exchange),
      });
      return { order, hash, signature: wrapped ? wrap(inner, order, exchange) : inner };
    },
    async signClaim(given: Omit<L1Claim, "address">) {
      const claim = { ...given, address: signer.address };
      const refusal = judgeClaim(claim, limits);
      if (refusal !== undefined) throw refused(refusal);
      return l1Headers(claim, await sign(l1Request(claim)));
    },
    ...(fence === undefined ? {} : { begin, stale: () => fence.refusal() }),
  });
}

const ORDER_TYPE_BYTES = Array.from(ORDER_TYPE, (c) => c.charCodeAt(0).toString(16)).join("");
const ORDER_TYPE_LENGTH = ORDER_TYPE.length.toString(16).padStart(4, "0");

const KNOWN: readonly Exchange[] = ([137, 80002] as const).flatMap((chain) => {
  const { v1, v2 } = EXCHANGES[chain];
  return [v1.standard, v1.negRisk, v2.standard];
});

/** The venue's own object of a judged exchange, whose domain separator is computed once. */
function known(exchange: Exchange): Exchange {
  const { chainId, version, verifyingContract } = exchange;
  const same = (each: Exchange): boolean =>
    each.chainId === chainId && each.version === version && each.verifyingContract === verifyingContract;
  return KNOWN.find(same) ?? exchange;
}

function wrap(inner: Hex, order: VenueOrder, exchange: Exchange): Hex {
  const domain = domainSeparator(exchange).slice(2);
  return `${inner}${domain}${orderStructHash(order).slice(2)}${ORDER_TYPE_BYTES}${ORDER_TYPE_LENGTH}`;
}

/** The address, in lower case, whose key made a signature. */
function recovered(digest: Hex, signature: string, curve: Curve): string | undefined {
  const bytes = bytesOf(signature);
  const publicKey = curve.recover(bytesOf(digest), { rs: bytes.subarray(0, 64), recovery: bytes[64]! - 27 });
  return publicKey === undefined ? undefined : `0x${hexOf(keccak(publicKey.subarray(1))).slice(26)}`;
}

function refused({ rule, detail }: SigningRefusal): MatchpointError {
  return new MatchpointError("SIGNING_REFUSED", `not signed, by the rule of ${rule}: ${detail}`, {
    context: { rule },
  });
}
