import { createHmac, createSecretKey } from "node:crypto";
import {
  MatchpointError,
  NANOS_PER_MS,
  type Clock,
  type HttpResponse,
  type Transport,
} from "@matchpoint/sdk";
import { getAddress } from "ethers";
import type { Address } from "../venue/contracts.ts";
import type { RelayAnswer, RelayedTransaction, Relayer, RelayState } from "./relayer.ts";

/** Polymarket's relayer. */
export const RELAYER_URL = "https://relayer-v2.polymarket.com";

/** How the relayer knows who asks: a key of its own (made on polymarket.com), or a builder's key. All of it is secret. */
export type RelayerCredentials =
  | { readonly kind: "relayer_key"; readonly key: string; readonly address: string }
  | {
      readonly kind: "builder_key";
      readonly key: string;
      /** Base64, plain or URL-safe. */
      readonly secret: string;
      readonly passphrase: string;
    };

/** What {@link createRelayer} needs. */
export interface RelayerOptions {
  readonly credentials: RelayerCredentials;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Default {@link RELAYER_URL}. */
  readonly url?: string;
  /** How long an answer may take, in ms. Default 15,000: the relayer tries a request before it takes it. */
  readonly timeoutMs?: number;
  /** Requests a minute that it takes. Default 25. */
  readonly perMinute?: number;
}

const STATES: ReadonlySet<string> = new Set<RelayState>([
  "STATE_NEW",
  "STATE_EXECUTED",
  "STATE_MINED",
  "STATE_CONFIRMED",
  "STATE_FAILED",
  "STATE_INVALID",
]);
/** What is kept back of the allowance for requests that do something. */
const RESERVE = 4;
const LONGEST = 2_000_000;

/**
 * Polymarket's relayer by HTTP. It keeps to the relayer's limit of requests by itself, and never asks twice for anything.
 * Sources: docs.polymarket.com/api-reference/relayer, `@polymarket/builder-relayer-client`, `@polymarket/client`.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID`, `CONFIG_INVALID`
 * @example
 * ```ts
 * import { createRelayer, createWsTransport } from "@matchpoint/adapters-polymarket";
 * import { SystemClock } from "@matchpoint/sdk";
 * const relayer = (key: string, address: string) =>
 *   createRelayer({
 *     credentials: { kind: "relayer_key", key, address },
 *     transport: createWsTransport(),
 *     clock: new SystemClock(),
 *   });
 * ```
 */
export function createRelayer(options: RelayerOptions): Relayer {
  const { transport, clock, timeoutMs = 15_000, perMinute = 25 } = options;
  const url = (options.url ?? RELAYER_URL).replace(/\/+$/, "");
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new MatchpointError("CONFIG_INVALID", "the relayer's address is none", { hint: RELAYER_URL });
  const label = new URL(url).host;
  const headersOf = authentication(options.credentials, clock);
  const burst = Math.max(RESERVE + 1, perMinute);
  let tokens = burst;
  let at = clock.monotonic();

  /** Whether a request may be made now. */
  function take(keep: number): boolean {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - at) / NANOS_PER_MS / 60_000) * perMinute);
    at = now;
    if (tokens < 1 + keep) return false;
    tokens -= 1;
    return true;
  }

  async function read(path: string, query: string, keep = RESERVE): Promise<unknown> {
    const where = `GET ${label}${path}`;
    if (!take(keep))
      throw new MatchpointError(
        "HTTP_FAILED",
        `not asked: the relayer takes ${perMinute} requests a minute`,
        {
          where,
        },
      );
    const response = await transport.request({
      method: "GET",
      url: `${url}${path}${query}`,
      headers: headersOf("GET", path, undefined),
      timeoutMs,
    });
    heed(response);
    const value = parsed(response);
    if (response.status === 200 && value !== undefined) return value;
    const said = value === undefined ? "no JSON" : wordsOf(value).slice(0, 200);
    throw new MatchpointError("HTTP_FAILED", `status ${response.status}: ${said}`, { where });
  }

  /** A relayer that says "too many" is left alone for a while. */
  function heed({ status, headers }: HttpResponse): void {
    if (status !== 429) return;
    const seconds = Number(headers["retry-after"] ?? 0);
    tokens = Number.isFinite(seconds) ? Math.min(0, -(seconds / 60) * perMinute) : 0;
    tokens = Math.max(tokens, -perMinute);
  }

  return Object.freeze({
    label,
    pollMs: Math.ceil(60_000 / Math.max(1, perMinute - RESERVE)),
    async params(owner, type) {
      const value = await read("/v1/account/transactions/params", `?address=${owner}&type=${type}`, 1);
      const { nonce, address } = fieldsOf(value);
      const number = typeof nonce === "number" ? String(nonce) : nonce;
      if (typeof number !== "string" || !/^\d{1,30}$/.test(number)) throw strange("a nonce", label);
      if (typeof address !== "string" || address === "") return { nonce: number };
      try {
        return { nonce: number, address: getAddress(address) as Address };
      } catch {
        throw strange("an address", label);
      }
    },
    async submit(body) {
      if (!take(0)) {
        const detail = `the relayer takes ${perMinute} requests a minute, and they are used up`;
        return { kind: "refused", detail, fix: "nothing was sent; try again in a minute", busy: true };
      }
      try {
        const headers = { ...headersOf("POST", "/submit", body), "content-type": "application/json" };
        const response = await transport.request({
          ...{ method: "POST", url: `${url}/submit`, headers, body, timeoutMs },
        });
        heed(response);
        return answerOf(response, label);
      } catch (error) {
        const detail = error instanceof Error ? error.message.split("\n")[0]! : String(error);
        return { kind: "unknown", detail: `no answer of ${label}: ${detail.slice(0, 200)}` };
      }
    },
    async transaction(transactionId) {
      const value = await read("/transaction", `?id=${encodeURIComponent(transactionId)}`);
      const found = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) => readOne(each));
      return found.find((each) => each.transactionId === transactionId);
    },
    async transactions() {
      const value = await read("/transactions", "");
      if (!Array.isArray(value)) throw strange("a list", label);
      return (value as unknown[]).flatMap((each) => readOne(each));
    },
  } satisfies Relayer);
}

type Headers = (method: string, path: string, body: string | undefined) => Record<string, string>;

/** Relayer keys are shown as they are; builders' keys sign what is asked, as those of orders do. */
function authentication(credentials: RelayerCredentials, clock: Clock): Headers {
  const lacks = (what: string): MatchpointError =>
    new MatchpointError("CREDENTIALS_INVALID", what, {
      hint: "copy it as polymarket.com shows it under Settings, API keys",
    });
  if (!/^[\x21-\x7e]{1,200}$/.test(credentials.key)) throw lacks("the relayer's API key is not one");
  if (credentials.kind === "relayer_key") {
    let address: string;
    try {
      address = getAddress(credentials.address);
    } catch {
      throw lacks("the address of the relayer's API key is not one");
    }
    return () => ({ RELAYER_API_KEY: credentials.key, RELAYER_API_KEY_ADDRESS: address });
  }
  const { key, passphrase } = credentials;
  const plain = credentials.secret.replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) throw lacks("the builder's secret is not base64");
  if (!/^[\x21-\x7e]{1,200}$/.test(passphrase)) throw lacks("the builder's passphrase is not one");
  const secret = createSecretKey(Buffer.from(plain, "base64"));
  return (method, path, body) => {
    const timestamp = String(Math.floor(clock.wall() / 1_000));
    const mac = createHmac("sha256", secret).update(`${timestamp}${method}${path}${body ?? ""}`);
    return {
      POLY_BUILDER_API_KEY: key,
      POLY_BUILDER_TIMESTAMP: timestamp,
      POLY_BUILDER_PASSPHRASE: passphrase,
      POLY_BUILDER_SIGNATURE: `${mac.digest("base64url")}=`,
    };
  };
}

/** Sorts the answer to a request: what proves nothing is unknown. */
function answerOf(response: HttpResponse, label: string): RelayAnswer {
  const { status } = response;
  const value = parsed(response);
  const id = fieldsOf(value)["transactionID"];
  if (status >= 200 && status < 300 && typeof id === "string" && id !== "" && id.length <= 200)
    return { kind: "accepted", transactionId: id };
  const said = wordsOf(value).slice(0, 300);
  if (status < 400 || status >= 500 || status === 408 || status === 425 || said === "")
    return { kind: "unknown", detail: `status ${status} of ${label}${said === "" ? "" : `: ${said}`}` };
  const detail = `${label} refuses it with status ${status}: ${said}`;
  if (status === 401 || status === 403)
    return { kind: "refused", detail, fix: "check the relayer's API key and its address", busy: false };
  // Words of the relayer for what passes. Source: `is_retryable_submit_error` of github.com/Polymarket/py-sdk.
  const busy =
    status === 429 || /wallet busy|in-flight action|does not match on-chain nonce|not registered/i.test(said);
  const fix = busy ? "nothing was sent; try again a little later" : "nothing was sent";
  return { kind: "refused", detail, fix, busy };
}

function readOne(value: unknown): readonly RelayedTransaction[] {
  const each = fieldsOf(value);
  const text = (name: string): string | undefined => {
    const found = each[name];
    return typeof found === "string" && found !== "" ? found : undefined;
  };
  const transactionId = text("transactionID") ?? text("transactionId") ?? text("id");
  const state = text("state");
  if (transactionId === undefined || state === undefined) return [];
  const [hash, signature] = [text("transactionHash")?.toLowerCase(), text("signature")];
  const [metadata, reason] = [text("metadata"), text("errorMsg") ?? text("error")];
  return [
    {
      transactionId,
      // A state that nobody knows is no end.
      state: STATES.has(state) ? (state as RelayState) : "STATE_NEW",
      ...(hash !== undefined && /^0x[0-9a-f]{64}$/.test(hash) ? { hash } : {}),
      ...(signature === undefined ? {} : { signature }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(reason === undefined ? {} : { reason: reason.slice(0, 200) }),
    },
  ];
}

function parsed({ body }: HttpResponse): unknown {
  if (body.length > LONGEST) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  const each = fieldsOf(value);
  for (const name of ["error", "errorMsg", "message"]) {
    const found = each[name];
    if (typeof found === "string" && found !== "") return found;
  }
  return "";
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function strange(what: string, label: string): MatchpointError {
  return new MatchpointError("HTTP_RESPONSE_INVALID", `the relayer's answer is not ${what}`, {
    where: label,
  });
}
