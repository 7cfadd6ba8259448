import { MatchpointError, type HttpResponse, type Millis, type Transport } from "@matchpoint/sdk";
import type { OrderSigner } from "../signing/orderSigner.ts";
import type { ChainId } from "../venue/contracts.ts";
import type { ApiCredentials } from "./l2.ts";

/** What {@link fetchApiKey} needs. */
export interface ApiKeyOptions {
  readonly transport: Transport;
  readonly signer: OrderSigner;
  readonly chainId: ChainId;
  /** The CLOB's address. Default `https://clob.polymarket.com`. */
  readonly url?: string;
  /** Unix ms by the venue's clock. */
  readonly now: Millis;
  /** Which of the wallet's keys; default 0, the usual one. */
  readonly nonce?: number;
  /** Default 5,000. */
  readonly timeoutMs?: number;
}

const URL = "https://clob.polymarket.com";

/**
 * The API key of the signer's wallet: derived when it has one, made when it has none. The same wallet and nonce always give the
 * same key. Sources: docs.polymarket.com/getting-started/api, `createOrDeriveApiKey` of `@polymarket/clob-client-v2`.
 *
 * @throws `MatchpointError` `HTTP_FAILED` without an answer, `FEED_UNAUTHORIZED` when the venue gives none, `SIGNING_REFUSED`
 */
export async function fetchApiKey(options: ApiKeyOptions): Promise<ApiCredentials> {
  const derived = await ask(options, "GET", "/auth/derive-api-key");
  const credentials = read(derived);
  if (credentials !== undefined) return credentials;
  const made = await ask(options, "POST", "/auth/api-key");
  const fresh = read(made);
  if (fresh !== undefined) return fresh;
  throw new MatchpointError(
    "FEED_UNAUTHORIZED",
    `the venue gives the wallet no API key: status ${made.status}`,
    {
      hint: `The key is claimed for chain ${options.chainId}: see that this is the venue's (execution.chain_id; 137 at Polymarket). Check the private key and the clock; a wallet that has never traded on Polymarket has to accept its terms there first.`,
    },
  );
}

async function ask(options: ApiKeyOptions, method: "GET" | "POST", path: string): Promise<HttpResponse> {
  const { transport, signer, chainId, url = URL, now, nonce = 0, timeoutMs = 5_000 } = options;
  const headers = await signer.signClaim({ chainId, timestamp: Math.floor(now / 1_000), nonce });
  try {
    return await transport.request({ method, url: `${url}${path}`, headers: { ...headers }, timeoutMs });
  } catch (error) {
    const text = (error instanceof Error ? error.message : "no answer").split("\n")[0] ?? "";
    throw new MatchpointError("HTTP_FAILED", text, {
      // A transport's error says itself what was asked.
      ...(text.startsWith(`${method} `) ? {} : { where: `${method} ${path}` }),
      hint: `Is ${url} reachable from here?`,
    });
  }
}

/** The key of an answer; `undefined` when there is none in it. The answer itself is shown nowhere: it is a secret. */
function read({ status, body }: HttpResponse): ApiCredentials | undefined {
  if (status !== 200) return undefined;
  try {
    const {
      apiKey: key,
      secret,
      passphrase,
    } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    if (typeof key !== "string" || typeof secret !== "string" || typeof passphrase !== "string")
      return undefined;
    return key === "" || secret === "" || passphrase === "" ? undefined : { key, secret, passphrase };
  } catch {
    return undefined;
  }
}
