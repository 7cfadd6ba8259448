import { createHmac } from "node:crypto";
import type { Wallet as EthersWallet } from "ethers";

/** What answers are read from; nothing of the rest of this package is used, so that none of its faults is shared. */
export interface Venue {
  readonly url: string;
  /** How long one answer may take, in ms. */
  readonly timeoutMs: number;
}

/** An API key and the address that it belongs to. All but the address and the key's id is secret. */
export interface Account {
  readonly address: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase: string;
}

/** An answer, or in words why there is none that can be used; `refused` when the venue will say the same again. */
export type Answer = { readonly value: unknown } | { readonly problem: string; readonly refused?: true };

/** Makes requests in an account's name. */
export type Ask = (method: "GET" | "DELETE", path: string, query?: string) => Promise<Answer>;

const CLOB_AUTH = {
  ClobAuth: [
    { name: "address", type: "address" },
    { name: "timestamp", type: "string" },
    { name: "nonce", type: "uint256" },
    { name: "message", type: "string" },
  ],
};
const MESSAGE = "This message attests that I control the given wallet";
const SHOWN = 200;

async function request(
  { url, timeoutMs }: Venue,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${url}${path}`, { method, headers, signal, redirect: "error" });
    const text = await response.text();
    const { status } = response;
    if (status !== 200) {
      const problem = `HTTP ${status} ${text.slice(0, SHOWN)}`;
      return status === 400 || status === 401 || status === 404 ? { problem, refused: true } : { problem };
    }
    return { value: JSON.parse(text) };
  } catch (error) {
    const { message, cause } = error as { message: string; cause?: { message?: string } };
    return { problem: cause?.message ?? message };
  }
}

/** Unix seconds by the venue's clock, which may differ from this machine's; by this machine's when it does not say. */
async function seconds(venue: Venue): Promise<number> {
  const answer = await request(venue, "GET", "/time", {});
  const told = "value" in answer ? Number(answer.value) : Number.NaN;
  return Number.isSafeInteger(told) && told > 0 ? told : Math.floor(Date.now() / 1000);
}

/** What signs with a private key: loaded only where that is all there is. */
export function loadWallets(): Promise<{ readonly Wallet: typeof EthersWallet }> {
  return import("ethers");
}

/** The API key of a private key's address. */
export async function deriveAccount(venue: Venue, privateKey: string, chainId: number): Promise<Answer> {
  let wallet: EthersWallet;
  try {
    const { Wallet } = await loadWallets();
    wallet = new Wallet(privateKey);
  } catch {
    return { problem: "the private key is not one: it is 0x and 64 hexadecimal digits", refused: true };
  }
  const timestamp = String(await seconds(venue));
  const { address } = wallet;
  const signature = await wallet.signTypedData({ name: "ClobAuthDomain", version: "1", chainId }, CLOB_AUTH, {
    address,
    timestamp,
    nonce: 0,
    message: MESSAGE,
  });
  const answer = await request(venue, "GET", "/auth/derive-api-key", {
    POLY_ADDRESS: address,
    POLY_SIGNATURE: signature,
    POLY_TIMESTAMP: timestamp,
    POLY_NONCE: "0",
  });
  if ("problem" in answer) return answer;
  const { apiKey, secret, passphrase } = (answer.value ?? {}) as Record<string, unknown>;
  if (typeof apiKey !== "string" || typeof secret !== "string" || typeof passphrase !== "string")
    return { problem: "the venue gave no API key for this private key", refused: true };
  return { value: { address, apiKey, secret, passphrase } satisfies Account };
}

/** Signs every request by HMAC over time, method and path. Source: docs.polymarket.com/getting-started/api. */
export function asking(venue: Venue, account: Account): Ask {
  const { address, apiKey, secret, passphrase } = account;
  const key = Buffer.from(secret, "base64url");
  const hidden = [secret, passphrase];
  return async (method, path, query = "") => {
    const timestamp = String(await seconds(venue));
    const mac = createHmac("sha256", key).update(`${timestamp}${method}${path}`).digest("base64");
    const answer = await request(venue, method, `${path}${query}`, {
      POLY_ADDRESS: address,
      POLY_SIGNATURE: mac.replaceAll("+", "-").replaceAll("/", "_"),
      POLY_TIMESTAMP: timestamp,
      POLY_API_KEY: apiKey,
      POLY_PASSPHRASE: passphrase,
    });
    if ("value" in answer) return answer;
    return { problem: hidden.reduce((text, each) => text.replaceAll(each, "[secret]"), answer.problem) };
  };
}
