import { createHmac, timingSafeEqual } from "node:crypto";
import { verifyTypedData } from "ethers";
import { sha256, uuidOf } from "../derive.ts";

/** An API key of an address. */
export interface ApiKey {
  readonly apiKey: string;
  /** 32 bytes, base64 for URLs. */
  readonly secret: string;
  readonly passphrase: string;
  /** The address that it was made by, in lower case. */
  readonly address: string;
}

const MESSAGE = "This message attests that I control the given wallet";
const AUTH_TYPES = {
  ClobAuth: [
    { name: "address", type: "address" },
    { name: "timestamp", type: "string" },
    { name: "nonce", type: "uint256" },
    { name: "message", type: "string" },
  ],
};
const ADDRESS = /^0x[\da-f]{40}$/i;
const SECONDS = /^\d{1,12}$/;
const NONCE = /^\d{1,18}$/;

type Headers = Readonly<Record<string, string>>;

/** How requests prove who they are from. Source: docs.polymarket.com/getting-started/api and `src/signing` of the official client. */
export class Keys {
  readonly #seed: number;
  readonly #chainId: number;
  readonly #windowMs: number;
  readonly #byId = new Map<string, ApiKey>();

  constructor(options: { readonly seed: number; readonly chainId: number; readonly windowMs: number }) {
    this.#seed = options.seed;
    this.#chainId = options.chainId;
    this.#windowMs = options.windowMs;
  }

  /**
   * The address and nonce of L1 headers: a signature of the wallet over the time.
   * @param nowMs wall clock
   */
  l1(headers: Headers, nowMs: number): { readonly address: string; readonly nonce: string } | undefined {
    const address = headers["poly_address"] ?? "";
    const signature = headers["poly_signature"] ?? "";
    const timestamp = headers["poly_timestamp"] ?? "";
    const nonce = headers["poly_nonce"] ?? "0";
    if (!ADDRESS.test(address) || !NONCE.test(nonce) || !this.#recent(timestamp, nowMs)) return undefined;
    try {
      const domain = { name: "ClobAuthDomain", version: "1", chainId: this.#chainId };
      const value = { address, timestamp, nonce, message: MESSAGE };
      const signer = verifyTypedData(domain, AUTH_TYPES, value, signature);
      if (signer.toLowerCase() !== address.toLowerCase()) return undefined;
    } catch {
      return undefined; // no signature at all
    }
    return { address: address.toLowerCase(), nonce };
  }

  /** The key of L2 headers: an HMAC over time, method, path without query, and the exact body. */
  l2(
    headers: Headers,
    request: { readonly method: string; readonly path: string; readonly body: string },
    nowMs: number,
  ): ApiKey | undefined {
    const key = this.#byId.get(headers["poly_api_key"] ?? "");
    const timestamp = headers["poly_timestamp"] ?? "";
    if (key === undefined || !this.#recent(timestamp, nowMs)) return undefined;
    if ((headers["poly_address"] ?? "").toLowerCase() !== key.address) return undefined;
    if (headers["poly_passphrase"] !== key.passphrase) return undefined;
    const text = `${timestamp}${request.method}${request.path}${request.body}`;
    const expected = createHmac("sha256", Buffer.from(key.secret, "base64url")).update(text).digest();
    const given = Buffer.from(headers["poly_signature"] ?? "", "base64url");
    return given.length === expected.length && timingSafeEqual(given, expected) ? key : undefined;
  }

  /** The key that an address has for a nonce, if it was made. */
  find(address: string, nonce: string): ApiKey | undefined {
    return this.#byId.get(this.#derive(address, nonce).apiKey);
  }

  /** Makes the key of an address and nonce; always the same one. */
  create(address: string, nonce: string): ApiKey {
    const key = this.#derive(address, nonce);
    this.#byId.set(key.apiKey, key);
    return key;
  }

  ofAddress(address: string): readonly ApiKey[] {
    return [...this.#byId.values()].filter((key) => key.address === address);
  }

  revoke(apiKey: string): void {
    this.#byId.delete(apiKey);
  }

  /** The key that the user channel's credentials name; they are sent as they are. */
  credentials(apiKey: unknown, secret: unknown, passphrase: unknown): ApiKey | undefined {
    const key = typeof apiKey === "string" ? this.#byId.get(apiKey) : undefined;
    return key?.secret === secret && key?.passphrase === passphrase ? key : undefined;
  }

  #recent(timestamp: string, nowMs: number): boolean {
    return SECONDS.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - nowMs) <= this.#windowMs + 999;
  }

  #derive(address: string, nonce: string): ApiKey {
    const name = `${this.#seed}|${address}|${BigInt(nonce)}`;
    return {
      apiKey: uuidOf(`key|${name}`),
      secret: `${Buffer.from(sha256(`secret|${name}`), "hex").toString("base64url")}=`,
      passphrase: sha256(`passphrase|${name}`),
      address,
    };
  }
}
