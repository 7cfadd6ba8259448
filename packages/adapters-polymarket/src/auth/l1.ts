import { MatchpointError } from "@matchpoint/sdk";
import { TypedDataEncoder } from "ethers";
import type { SigningRequest, TypedData } from "../signing/signer.ts";
import type { Address, ChainId, Hex } from "../venue/contracts.ts";

/** What proves that we have the key of an address: it makes and derives API keys, and nothing else. */
export interface L1Claim {
  readonly chainId: ChainId;
  readonly address: Address;
  /** Unix seconds, by the venue's clock. */
  readonly timestamp: number;
  /** Which of the address's API keys; 0 is the usual one. */
  readonly nonce?: number;
}

/** The headers of `POST /auth/api-key` and `GET /auth/derive-api-key`. */
export interface L1Headers {
  readonly POLY_ADDRESS: string;
  readonly POLY_SIGNATURE: string;
  readonly POLY_TIMESTAMP: string;
  readonly POLY_NONCE: string;
}

const MESSAGE = "This message attests that I control the given wallet";
const TYPES = {
  ClobAuth: [
    { name: "address", type: "address" },
    { name: "timestamp", type: "string" },
    { name: "nonce", type: "uint256" },
    { name: "message", type: "string" },
  ],
};

/**
 * What has to be signed for a claim: `ClobAuth` under the domain `ClobAuthDomain`, version `"1"`, without a contract.
 * Source: docs.polymarket.com/getting-started/api and `src/signing/eip712.ts` of `@polymarket/clob-client-v2`.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID` on a time that is not in Unix seconds or a nonce below 0
 */
export function l1Request(claim: L1Claim): SigningRequest {
  const { chainId, address, timestamp, nonce = 0 } = claim;
  checkSeconds(timestamp);
  if (!Number.isSafeInteger(nonce) || nonce < 0)
    throw new MatchpointError("CREDENTIALS_INVALID", `nonce ${nonce} is not a whole number from 0`);
  const typedData: TypedData = {
    domain: { name: "ClobAuthDomain", version: "1", chainId },
    types: TYPES,
    primaryType: "ClobAuth",
    message: { address, timestamp: String(timestamp), nonce, message: MESSAGE },
  };
  const digest = TypedDataEncoder.hash(typedData.domain, TYPES, typedData.message) as Hex;
  return { purpose: "auth", digest, typedData: () => typedData };
}

/** The headers of a claim with its signature. */
export function l1Headers(claim: L1Claim, signature: Hex): L1Headers {
  return {
    POLY_ADDRESS: claim.address,
    POLY_SIGNATURE: signature,
    POLY_TIMESTAMP: String(claim.timestamp),
    POLY_NONCE: String(claim.nonce ?? 0),
  };
}

/** Refuses what is not a time in Unix seconds; milliseconds are not one. */
export function checkSeconds(timestamp: number): void {
  if (!Number.isSafeInteger(timestamp) || timestamp <= 0 || timestamp > 99_999_999_999)
    throw new MatchpointError("CREDENTIALS_INVALID", `timestamp ${timestamp} is not in whole Unix seconds`);
}
