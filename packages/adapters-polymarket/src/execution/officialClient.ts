/** The official client as a transport: what it can send, it sends. @module */
import { isMatchpointError, MatchpointError, type HttpResponse, type Transport } from "@matchpoint/sdk";
import type { ApiCredentials } from "../auth/l2.ts";
import type { OrderParties } from "../order/order.ts";
import type { ChainId } from "../venue/contracts.ts";

/** The version that this is tested with. */
export const OFFICIAL_CLIENT = "@polymarket/clob-client-v2@1.1.0";
const MODULE: string = "@polymarket/clob-client-v2";

/** What of `ClobClient` is used. */
export interface OfficialClient {
  postOrder(order: unknown, orderType: string, postOnly: boolean, deferExec: boolean): Promise<unknown>;
  postHeartbeat(heartbeatId: string): Promise<unknown>;
  cancelOrder(payload: { orderID: string }): Promise<unknown>;
  cancelOrders(orderIds: readonly string[]): Promise<unknown>;
  cancelAll(): Promise<unknown>;
  cancelMarketOrders(payload: { market?: string; asset_id?: string }): Promise<unknown>;
  getOrder(orderId: string): Promise<unknown>;
  getOpenOrders(): Promise<unknown>;
  getTrades(params?: Readonly<Record<string, string>>): Promise<unknown>;
  getBalanceAllowance(params: Readonly<Record<string, string>>): Promise<unknown>;
  updateBalanceAllowance(params: Readonly<Record<string, string>>): Promise<unknown>;
}

/** Loads the package. Default: the installed one. */
export type LoadOfficial = () => Promise<unknown>;

/** What {@link loadOfficialClient} needs. */
export interface OfficialClientOptions {
  readonly host: string;
  readonly chainId: ChainId;
  readonly credentials: ApiCredentials;
  readonly parties: OrderParties;
  readonly load?: LoadOfficial | undefined;
}

/**
 * Makes an official client that re-posts nothing, throws on errors, and has no key: the headers of an account need an address only.
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` when the package is not installed
 */
export async function loadOfficialClient(options: OfficialClientOptions): Promise<OfficialClient> {
  const { host, chainId, credentials, parties, load = () => import(MODULE) as Promise<unknown> } = options;
  let loaded: { readonly ClobClient?: unknown };
  try {
    loaded = (await load()) as typeof loaded;
  } catch (cause) {
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", "the official client is not installed", {
      hint: `npm install ${OFFICIAL_CLIENT}, or set execution.gateway to direct`,
      cause,
    });
  }
  const { ClobClient } = loaded;
  if (typeof ClobClient !== "function")
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", "the official client has no ClobClient", {
      hint: `npm install ${OFFICIAL_CLIENT}`,
    });
  const Client = ClobClient as new (settings: object) => OfficialClient;
  const signer = {
    getAddress: () => Promise.resolve(parties.wallet),
    _signTypedData: () =>
      Promise.reject(new MatchpointError("SIGNING_REFUSED", "the official client has no key")),
  };
  return new Client({
    host,
    chain: chainId,
    signer,
    creds: credentials,
    signatureType: parties.signatureType,
    ...(parties.signatureType === 0 ? {} : { funderAddress: parties.funder }),
    retryOnError: false,
    throwOnError: true,
  });
}

/** A body of `POST /order`, as far as it is read. */
interface Posted {
  readonly order: object;
  readonly orderType: string;
  readonly postOnly?: boolean;
  readonly deferExec?: boolean;
}

/** After a match the client asks for the trades' transactions for up to 30 s before it answers. This answers that none has one. */
const UNRESOLVED = (params?: Readonly<Record<string, string>>): Promise<unknown> =>
  Promise.resolve([{ id: params?.["id"] ?? "", status: "FAILED", transaction_hash: "" }]);

/**
 * Sends what acts for an account through the official client, and the rest (public questions, sockets) through a transport.
 * Answers have no headers: the client does not show them.
 */
export function officialTransport(client: OfficialClient, base: Transport): Transport {
  const poster = Object.create(client, { getTrades: { value: UNRESOLVED } }) as OfficialClient;
  return {
    connect: (...given) => base.connect(...given),
    request: (call) => {
      const { pathname, searchParams } = new URL(call.url);
      const query = Object.fromEntries(searchParams);
      const sent = send(client, poster, `${call.method} ${pathname}`, query, call.body);
      return sent === undefined ? base.request(call) : sent.then(whole, refused);
    },
  };
}

function send(
  client: OfficialClient,
  poster: OfficialClient,
  what: string,
  query: Readonly<Record<string, string>>,
  body: string | undefined,
): Promise<unknown> | undefined {
  const { after, asset_type: type, token_id: tokenId } = query;
  const asset = {
    ...(type === undefined ? {} : { asset_type: type }),
    ...(tokenId === undefined ? {} : { token_id: tokenId }),
  };
  switch (what) {
    case "POST /order":
      return post(poster, parsed(body) as Posted);
    case "POST /orders":
      return postAll(poster, parsed(body) as readonly Posted[]);
    case "POST /v1/heartbeats":
      return client.postHeartbeat((parsed(body) as { heartbeat_id: string }).heartbeat_id);
    case "DELETE /order":
      return client.cancelOrder(parsed(body) as { orderID: string });
    case "DELETE /orders":
      return client.cancelOrders(parsed(body) as string[]);
    case "DELETE /cancel-all":
      return client.cancelAll();
    case "DELETE /cancel-market-orders":
      return client.cancelMarketOrders(parsed(body) as { market: string });
    case "GET /data/orders":
      return client.getOpenOrders();
    case "GET /data/trades":
      return client.getTrades(after === undefined ? {} : { after });
    case "GET /balance-allowance":
      return client.getBalanceAllowance(asset);
    case "GET /balance-allowance/update":
      return client.updateBalanceAllowance(asset);
    default: {
      const order = /^GET \/data\/order\/(.+)$/.exec(what);
      return order === null ? undefined : client.getOrder(order[1]!);
    }
  }
}

/** The bytes are the client's own making of the same order: it writes the numbers and names that we signed. */
function post(poster: OfficialClient, { order, orderType, postOnly, deferExec }: Posted): Promise<unknown> {
  return poster.postOrder(order, orderType, postOnly === true, deferExec === true);
}

/** One by one: the client has a single post-only flag for a whole batch. What happened to one says nothing of the others. */
async function postAll(poster: OfficialClient, orders: readonly Posted[]): Promise<unknown> {
  const answers: unknown[] = [];
  for (const each of orders) {
    try {
      answers.push(await post(poster, each));
    } catch (error) {
      const { status, message } = error as { readonly status?: unknown; readonly message?: unknown };
      const known =
        typeof status === "number" && status >= 400 && status < 500 && status !== 425 && status !== 408;
      answers.push(known ? { success: false, errorMsg: String(message), orderID: "" } : { success: false });
    }
  }
  return answers;
}

function parsed(body: string | undefined): unknown {
  return JSON.parse(body ?? "null") as unknown;
}

function whole(value: unknown): HttpResponse {
  return response(200, JSON.stringify(value ?? null));
}

/** An `ApiError` with a status is the venue's answer; without one nobody knows what became of the request. */
function refused(error: unknown): HttpResponse {
  const { status, data, message } = error as { status?: unknown; data?: unknown; message?: unknown };
  if (isMatchpointError(error) || typeof status !== "number")
    throw new MatchpointError("HTTP_FAILED", `the official client: ${String(message)}`);
  const fields: { error?: unknown } = Object.fromEntries(
    Object.entries(data ?? {}).filter(([key]) => key !== "status"),
  );
  // The client wraps what is no object with an `error` in it: text, and objects of another shape.
  if (typeof fields.error === "string" && fields.error.trimStart().startsWith("<"))
    return response(status, fields.error);
  const inner = typeof fields.error === "object" && fields.error !== null ? fields.error : fields;
  return response(status, JSON.stringify(inner));
}

function response(status: number, text: string): HttpResponse {
  return { status, headers: {}, body: new TextEncoder().encode(text) };
}
