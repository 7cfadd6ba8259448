import { hash } from "node:crypto";
import { MatchpointError } from "@matchpoint/sdk";
import type { Address } from "../venue/contracts.ts";
import { checkSeconds } from "./l1.ts";

/** An API key as the venue gives it out. */
export interface ApiCredentials {
  /** A UUID; the owner in the body of an order. */
  readonly key: string;
  /** Base64, plain or URL-safe. Secret. */
  readonly secret: string;
  /** Secret. */
  readonly passphrase: string;
}

/** A request, as far as its signature covers it. */
export interface L2Request {
  readonly method: "GET" | "POST" | "DELETE";
  /** With or without the query: the signature does not cover it. */
  readonly path: string;
  /** The exact text that is sent. */
  readonly body?: string;
  /** Unix seconds, by the venue's clock. */
  readonly timestamp: number;
}

/** The headers of every request that acts for an account. */
export interface L2Headers {
  readonly POLY_ADDRESS: string;
  readonly POLY_SIGNATURE: string;
  readonly POLY_TIMESTAMP: string;
  readonly POLY_API_KEY: string;
  readonly POLY_PASSPHRASE: string;
}

/** Makes headers with an API key, which it shows to nobody. */
export interface L2Auth {
  /** The address that the API key belongs to: the wallet's, also where a deposit wallet is maker. */
  readonly address: Address;
  /** The API key's id, which is not secret. */
  readonly apiKey: string;
  /** @throws `MatchpointError` `CREDENTIALS_INVALID` on a time that is not in Unix seconds */
  headers(request: L2Request): L2Headers;
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Makes the L2 headers: HMAC-SHA256 over `timestamp + method + path + body` by the decoded secret, as URL-safe base64 with its
 * padding. Source: docs.polymarket.com/getting-started/api and `src/signing/hmac.ts` of `@polymarket/clob-client-v2`.
 *
 * @example
 * ```ts
 * import { createL2Auth, type Address, type ApiCredentials } from "@matchpoint/adapters-polymarket";
 * const headersOf = (address: Address, credentials: ApiCredentials, timestamp: number) =>
 *   createL2Auth(address, credentials).headers({ method: "GET", path: "/data/orders", timestamp });
 * ```
 * @throws `MatchpointError` `CREDENTIALS_INVALID` on a secret that is not base64, or an empty key or passphrase
 */
export function createL2Auth(address: Address, credentials: ApiCredentials): L2Auth {
  const { key: apiKey, passphrase } = credentials;
  const mac = hmacSha256(decodeSecret(credentials.secret));
  if (typeof apiKey !== "string" || apiKey === "") invalid("the API key is empty");
  if (typeof passphrase !== "string" || passphrase === "") invalid("the API passphrase is empty");
  return Object.freeze({
    address,
    apiKey,
    headers({ method, path, body, timestamp }: L2Request): L2Headers {
      checkSeconds(timestamp);
      const query = path.indexOf("?");
      const covered = query < 0 ? path : path.slice(0, query);
      return {
        POLY_ADDRESS: address,
        // 32 bytes make 43 characters and always one of padding, which the URL-safe form leaves out.
        POLY_SIGNATURE: `${mac(`${timestamp}${method}${covered}${body ?? ""}`)}=`,
        POLY_TIMESTAMP: String(timestamp),
        POLY_API_KEY: apiKey,
        POLY_PASSPHRASE: passphrase,
      };
    },
  });
}

/** Bytes of a block of SHA-256, and of its digest. */
const BLOCK = 64;
const DIGEST = 32;
/** Room for the texts of nearly all requests. */
const USUAL = 4_096;

/**
 * HMAC-SHA256 in base64url without padding, by two hashes in one call each: for texts this short, setting up Node's own `Hmac` takes
 * longer than the hashing. Source: RFC 2104.
 */
function hmacSha256(secret: Uint8Array): (text: string) => string {
  const key = secret.length > BLOCK ? hash("sha256", secret, "buffer") : secret;
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  const usual = Buffer.alloc(BLOCK + USUAL, 0x36);
  for (let i = 0; i < key.length; i++) {
    outer[i]! ^= key[i]!;
    usual[i]! ^= key[i]!;
  }
  return (text) => {
    const length = Buffer.byteLength(text);
    const inner = length <= USUAL ? usual : Buffer.concat([usual.subarray(0, BLOCK)], BLOCK + length);
    inner.write(text, BLOCK);
    outer.set(hash("sha256", inner.subarray(0, BLOCK + length), "buffer"), BLOCK);
    return hash("sha256", outer, "base64url");
  };
}

function decodeSecret(secret: unknown): Uint8Array {
  if (typeof secret !== "string" || !BASE64.test(secret)) invalid("the API secret is not base64");
  const plain = secret.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (plain.length % 4 === 1) invalid("the API secret is not base64: a part of it is missing");
  return Buffer.from(plain, "base64");
}

function invalid(message: string): never {
  throw new MatchpointError("CREDENTIALS_INVALID", message, {
    hint: "copy key, secret and passphrase as GET /auth/derive-api-key gives them",
  });
}
