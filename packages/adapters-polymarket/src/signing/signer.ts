import type { Address, Hex } from "../venue/contracts.ts";

/** EIP-712 data in the shape that wallets take. */
export interface TypedData {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract?: string;
  };
  readonly types: Record<string, { name: string; type: string }[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

/** Something to sign: as a digest for a key store, as typed data for a wallet that shows or checks what it signs. */
export interface SigningRequest {
  readonly purpose: "order" | "auth";
  /** The EIP-712 hash of {@link SigningRequest.typedData}. */
  readonly digest: Hex;
  /** Of an order: the epoch of the process that asks. A signer that several processes share refuses one below the highest it has seen. */
  readonly epoch?: number;
  /** Built when it is asked for: a signer that takes the digest does not pay for it. */
  typedData(): TypedData;
}

/**
 * Whoever has the key: a wallet in this process, a remote signer, a key management service. It signs what it is asked to; the
 * policy that decides what may be asked stands in front of it, in `createOrderSigner`.
 *
 * @example
 * ```ts
 * import type { Address, Hex, Signer } from "@matchpoint/adapters-polymarket";
 * // A key store that signs digests and answers with r, s and v.
 * const remote = (address: Address, store: { sign(digest: Hex): Promise<Hex> }): Signer => ({
 *   address,
 *   sign: (request) => store.sign(request.digest),
 * });
 * ```
 */
export interface Signer {
  /** The address that its signatures recover to. */
  readonly address: Address;
  /** 65 bytes: r, s, and v as 27 or 28. */
  sign(request: SigningRequest): Hex | Promise<Hex>;
}
