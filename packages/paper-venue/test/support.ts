import { createHmac } from "node:crypto";
import { NANOS_PER_MS, type Millis, type Nanos, type Usdc } from "@matchpoint/sdk";
import { Wallet, type TypedDataDomain } from "ethers";
import {
  createVenue,
  defaultWorld,
  type AdminAnswer,
  type Channel,
  type PaperVenue,
  type VenueEffect,
  type VenueListing,
  type VenueOptions,
} from "../src/index.ts";

/** Keys of development chains: worth nothing, known to everybody. */
export const ALICE = new Wallet("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
export const BOB = new Wallet("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
export const START = 1_790_000_000_000 as Millis;
export const ZERO32 = `0x${"0".repeat(64)}`;
export const EXCHANGE = "0xE111180000d2663C0091e4f400237545B87B996B";

export const DOMAIN: TypedDataDomain = {
  name: "Polymarket CTF Exchange",
  version: "2",
  chainId: 137,
  verifyingContract: EXCHANGE,
};

export const ORDER_TYPES = {
  Order: [
    { name: "salt", type: "uint256" },
    { name: "maker", type: "address" },
    { name: "signer", type: "address" },
    { name: "tokenId", type: "uint256" },
    { name: "makerAmount", type: "uint256" },
    { name: "takerAmount", type: "uint256" },
    { name: "side", type: "uint8" },
    { name: "signatureType", type: "uint8" },
    { name: "timestamp", type: "uint256" },
    { name: "metadata", type: "bytes32" },
    { name: "builder", type: "bytes32" },
  ],
};

/** Parsed JSON, read as a test expects it to be. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

export interface OrderParts {
  readonly price: number;
  readonly size: number;
  readonly side?: "BUY" | "SELL";
  readonly token?: string;
  readonly type?: "GTC" | "GTD" | "FAK" | "FOK";
  readonly postOnly?: boolean;
  readonly expiration?: number;
  /** Raw amounts in place of price and size. */
  readonly amounts?: readonly [maker: number | string, taker: number | string];
  readonly signatureType?: number;
  readonly maker?: string;
  readonly signer?: string;
  readonly domain?: TypedDataDomain;
  readonly salt?: number;
}

/** A venue under a clock that is moved by hand, and what it did. */
export class Desk {
  readonly venue: PaperVenue;
  readonly effects: VenueEffect[] = [];
  /** Milliseconds since the start. */
  ms = 0;
  #count = 0;
  #salt = 1;

  constructor(options: Partial<VenueOptions> & { readonly delay?: number } = {}) {
    const { delay, ...rest } = options;
    this.venue = createVenue({
      seed: 1,
      wallStart: START,
      liquidity: "none",
      ...(rest.markets === undefined && {
        markets: defaultWorld({ seed: 1, wallStart: START, secondsDelay: delay ?? 0 }),
      }),
      ...rest,
    });
  }

  get at(): Nanos {
    return (this.ms * NANOS_PER_MS) as Nanos;
  }

  /** A market by its place in the list. */
  market(index = 0) {
    const { conditionId, tokens } = this.venue.markets()[index]!;
    return { id: conditionId, yes: tokens[0]!.tokenId, no: tokens[1]!.tokenId };
  }

  pass(ms: number): void {
    this.ms += ms;
    this.#drain();
  }

  /** A request; `undefined` when it is not answered (yet). */
  ask(
    method: string,
    path: string,
    rest: { headers?: Record<string, string>; body?: string; query?: string } = {},
  ): Answer | undefined {
    const id = `q${this.#count++}`;
    const [plain = path, query = ""] = path.split("?");
    this.venue.request(
      {
        id,
        method,
        path: plain,
        query: rest.query ?? query,
        headers: rest.headers ?? {},
        body: rest.body ?? "",
      },
      this.at,
    );
    this.#drain();
    return this.answerOf(id);
  }

  answerOf(id: string): Answer | undefined {
    const found = this.effects.find((each) => each.kind === "response" && each.id === id);
    if (found?.kind !== "response") return undefined;
    const json = found.headers["content-type"] === "application/json";
    return { status: found.status, headers: found.headers, body: json ? JSON.parse(found.body) : found.body };
  }

  get(path: string): Answer {
    return this.ask("GET", path)!;
  }

  admin(command: unknown): AdminAnswer {
    const answer = this.venue.admin(command, this.at);
    this.#drain();
    return answer;
  }

  /** An admin command that must work. */
  do(command: Record<string, unknown>): AdminAnswer & { ok: true } {
    const answer = this.admin(command);
    if (!answer.ok) throw new Error(answer.error);
    return answer;
  }

  /** A signed-in account with money. */
  async account(wallet: Wallet, usd = 1_000): Promise<Account> {
    if (usd > 0) this.venue.fund(wallet.address, (usd * 1e6) as Usdc, this.at);
    const headers = await l1(wallet, Math.floor((START + this.ms) / 1_000), "0");
    const answer = this.ask("POST", "/auth/api-key", { headers });
    return new Account(this, wallet, answer?.body as Credentials);
  }

  socket(channel: Channel, hello?: unknown): Ear {
    const socketId = `w${this.#count++}`;
    this.venue.open(socketId, channel, this.at);
    const ear = new Ear(this, socketId);
    if (hello !== undefined) ear.say(hello);
    this.#drain();
    return ear;
  }

  salt(): number {
    return this.#salt++;
  }

  #drain(): void {
    this.venue.advance(this.at, (effect) => this.effects.push(effect));
  }
}

/** A socket's other end. */
export class Ear {
  readonly desk: Desk;
  readonly socketId: string;

  constructor(desk: Desk, socketId: string) {
    this.desk = desk;
    this.socketId = socketId;
  }

  say(message: unknown): void {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    this.desk.venue.receive(this.socketId, text, this.desk.at);
    this.desk.pass(0);
  }

  texts(): string[] {
    return this.desk.effects.flatMap((each) =>
      each.kind === "frame" && each.socketId === this.socketId ? [each.text] : [],
    );
  }

  /** JSON events, those in lists one by one. */
  events(): Json[] {
    return this.texts()
      .filter((text) => /^[[{]/.test(text))
      .flatMap((text) => JSON.parse(text));
  }

  closed(): VenueEffect | undefined {
    return this.desk.effects.find((each) => each.kind === "close" && each.socketId === this.socketId);
  }

  close(): void {
    this.desk.venue.closed(this.socketId, this.desk.at);
  }
}

/** One account at a desk. */
export class Account {
  readonly desk: Desk;
  readonly wallet: Wallet;
  readonly creds: Credentials;

  constructor(desk: Desk, wallet: Wallet, creds: Credentials) {
    this.desk = desk;
    this.wallet = wallet;
    this.creds = creds;
  }

  headers(method: string, path: string, body = ""): Record<string, string> {
    const seconds = String(Math.floor((START + this.desk.ms) / 1_000));
    return {
      poly_address: this.wallet.address,
      poly_api_key: this.creds.apiKey,
      poly_passphrase: this.creds.passphrase,
      poly_timestamp: seconds,
      poly_signature: hmac(this.creds.secret, `${seconds}${method}${path}${body}`),
    };
  }

  ask(method: string, path: string, body?: unknown): Answer | undefined {
    const text = body === undefined ? "" : JSON.stringify(body);
    const [plain = path] = path.split("?");
    return this.desk.ask(method, path, { headers: this.headers(method, plain, text), body: text });
  }

  get(path: string): Json {
    return this.ask("GET", path)!.body;
  }

  user(): Ear {
    return this.desk.socket("user", { type: "user", auth: this.creds });
  }

  /** A signed order as it goes into `POST /order`. */
  async order(parts: OrderParts): Promise<Record<string, Json>> {
    const { side = "BUY", type = "GTC", signatureType = 0 } = parts;
    const dollars = String(Math.round(parts.price * parts.size * 1e6));
    const shares = String(Math.round(parts.size * 1e6));
    const [makerAmount, takerAmount] =
      parts.amounts ?? (side === "BUY" ? [dollars, shares] : [shares, dollars]);
    const order = {
      salt: parts.salt ?? this.desk.salt(),
      maker: parts.maker ?? this.wallet.address,
      signer: parts.signer ?? this.wallet.address,
      tokenId: parts.token ?? this.desk.market().yes,
      makerAmount: String(makerAmount),
      takerAmount: String(takerAmount),
      side,
      signatureType,
      timestamp: String(START + this.desk.ms),
      expiration: String(parts.expiration ?? 0),
      metadata: ZERO32,
      builder: ZERO32,
    };
    const signature = await this.wallet.signTypedData(parts.domain ?? DOMAIN, ORDER_TYPES, {
      ...order,
      side: side === "BUY" ? 0 : 1,
    });
    return {
      deferExec: false,
      postOnly: parts.postOnly ?? false,
      order: { ...order, signature },
      owner: this.creds.apiKey,
      orderType: type,
    };
  }

  /** Posts an order. */
  async place(parts: OrderParts): Promise<Answer> {
    return this.ask("POST", "/order", await this.order(parts))!;
  }

  /** Posts an order that must be taken; its id. */
  async rest(parts: OrderParts): Promise<string> {
    const { status, body } = await this.place(parts);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.orderID as string;
  }
}

export async function l1(
  wallet: Wallet,
  seconds: number,
  nonce: string,
  chainId = 137,
): Promise<Record<string, string>> {
  const signature = await wallet.signTypedData(
    { name: "ClobAuthDomain", version: "1", chainId },
    {
      ClobAuth: [
        { name: "address", type: "address" },
        { name: "timestamp", type: "string" },
        { name: "nonce", type: "uint256" },
        { name: "message", type: "string" },
      ],
    },
    {
      address: wallet.address,
      timestamp: String(seconds),
      nonce,
      message: "This message attests that I control the given wallet",
    },
  );
  return {
    poly_address: wallet.address,
    poly_signature: signature,
    poly_timestamp: String(seconds),
    poly_nonce: nonce,
  };
}

export function hmac(secret: string, text: string): string {
  const digest = createHmac("sha256", Buffer.from(secret, "base64url")).update(text).digest("base64");
  return digest.replaceAll("+", "-").replaceAll("/", "_");
}

/** Listings with something changed in each. */
export function listings(
  change: (listing: VenueListing) => VenueListing,
  delay = 0,
): readonly VenueListing[] {
  return defaultWorld({ seed: 1, wallStart: START, secondsDelay: delay }).map(change);
}
