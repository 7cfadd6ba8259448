import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { MatchpointError, NANOS_PER_MS, SystemClock, type Clock, type Millis } from "@matchpoint/sdk";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { LocalChain } from "../chain/localChain.ts";
import type {
  ChainEffect,
  ChainHoldings,
  Channel,
  MarketSummary,
  PaperVenue,
  Settled,
  VenueOptions,
} from "../contract.ts";
import type { AdminAnswer } from "../http/admin.ts";
import { MAX_BODY } from "../http/answer.ts";
import { TEXTS } from "../order/texts.ts";
import { RelayerDesk } from "../relayer/relayerDesk.ts";
import { createVenue } from "../venue.ts";
import { openRecorded } from "../world/recorded.ts";
import { openSettlement } from "../settle/openSettlement.ts";
import type { OnChainOptions } from "../settle/rules.ts";
import type { Settler } from "../settle/settler.ts";
import { VenueDriver } from "./driver.ts";
import { playRecorded } from "./playRecorded.ts";

/** Options of {@link startVenue}. */
export interface StartOptions extends Omit<VenueOptions, "wallStart" | "settlesOnChain"> {
  /**
   * Settles on a chain: one that runs already and goes on without the venue, or with `"anvil"` one of its own. Matches, dollars that
   * are given and resolutions are transactions there; what accounts have is what they have there.
   */
  readonly chain?: LocalChain | "anvil";
  /** How it settles there. */
  readonly onChain?: OnChainOptions;
  /**
   * A journal, or a recording whose channels hold events: its markets are listed, and its books and trades are what there is to trade
   * with, at the pace at which they were recorded. Without makers.
   */
  readonly recording?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Default 127.0.0.1. The admin path is open to whoever reaches it: keep it on loopback. */
  readonly host?: string;
  /** Default the system's clock. */
  readonly clock?: Clock;
  /** Told of what must not happen: the venue failed to carry something out, and answered 500. */
  readonly onError?: (error: unknown) => void;
}

/** A venue that serves. */
export interface RunningVenue {
  /** What to use in place of `https://clob.polymarket.com`. */
  readonly clob: string;
  readonly wsMarket: string;
  readonly wsUser: string;
  readonly gamma: string;
  readonly sports: string;
  readonly geoblock: string;
  /** The chain that it settles on. */
  readonly rpc?: string;
  /** What to use there in place of `https://relayer-v2.polymarket.com`. */
  readonly relayer?: string;
  /** Takes admin commands by POST. */
  readonly admin: string;
  readonly chainId: number;
  readonly markets: readonly MarketSummary[];
  readonly venue: PaperVenue;
  /** Runs an admin command at once. */
  command(command: unknown): AdminAnswer;
  /** Resolves when everything that was asked of the chain so far is done. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const CHANNELS: Readonly<Record<string, Channel>> = {
  "/ws/market": "market",
  "/ws/user": "user",
  "/sports/ws": "sports",
};
/** Where the relayer's paths begin. */
const RELAYER = "/relayer";
const MAX_FRAME = 1_048_576;
/** How often the sports channel pings, by protocol. */
const SPORTS_PING_MS = 15_000;

/**
 * Starts a venue on loopback, with sockets.
 *
 * @throws `MatchpointError` `CONFIG_INVALID`; `FEED_CONNECTION` when the port is taken; `FILE_NOT_FOUND` when it is to settle on
 * `anvil` and there is none, or when there is no such recording; `RECORDING_INVALID`, `JOURNAL_CORRUPT`
 * @example
 * ```ts
 * import { startVenue } from "@matchpoint/paper-venue";
 *
 * async function serve() {
 *   const venue = await startVenue({ seed: 1 });
 *   console.log(venue.clob); // what to give a client as its host
 *   await venue.close();
 * }
 *
 * async function serveOnChain() {
 *   const venue = await startVenue({ seed: 1, chain: "anvil", onChain: { blockMs: 500, confirmations: 4 } });
 *   console.log(venue.rpc); // what to give a wallet as its node
 *   await venue.close(); // the node ends with it
 * }
 * ```
 */
export async function startVenue(given: StartOptions): Promise<RunningVenue> {
  const recorded = given.recording === undefined ? undefined : openRecorded(given.recording);
  const options: StartOptions =
    recorded === undefined ? given : { markets: recorded.listings, ...given, liquidity: "none" };
  const clock = options.clock ?? new SystemClock();
  const wallStart = (clock.wall() - Math.floor(clock.monotonic() / NANOS_PER_MS)) as Millis;
  const ears = {
    settled: (tradeId: string, outcome: Settled) => void driver.settled(tradeId, outcome),
    holds: (holdings: ChainHoldings) => {
      driver.holds(holdings);
    },
    onError: (error: unknown) => options.onError?.(error),
  };
  const settlement =
    options.chain === undefined
      ? undefined
      : await openSettlement(options.chain, options, wallStart, clock, ears);
  const { markets } = settlement ?? options;
  const venue = createVenue({
    ...options,
    ...(markets === undefined ? {} : { markets }),
    wallStart,
    settlesOnChain: settlement !== undefined,
  });
  const driver: VenueDriver = new VenueDriver(venue, clock, (effect: ChainEffect) =>
    settlement?.settler.take(effect),
  );
  await settlement?.settler.idle();
  settlement?.settler.start();
  const relayer =
    settlement === undefined
      ? undefined
      : new RelayerDesk({
          ...{ chain: settlement.chain, clock, onError: ears.onError, executeMs: 5, confirmMs: 40 },
          link: (owner, signatureType, wallet) =>
            void driver.admin({ do: "link", owner, signatureType, wallet }),
        });
  const server = createServer((request, response) => {
    serve(driver, settlement?.settler, relayer, request, response, options.onError);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // From here on nobody else listens to it: a client that resets it must not end the process.
    stream.on("error", () => undefined);
    const channel = CHANNELS[pathOf(request).path];
    if (channel === undefined) {
      stream.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      attach(driver, socket, channel, clock);
    });
  });
  const { port } = await listen(server, options.port ?? 0, options.host ?? "127.0.0.1").catch(
    async (error: unknown) => {
      driver.stop();
      await settlement?.close();
      throw error;
    },
  );
  const stopPlaying = recorded === undefined ? undefined : playRecorded(driver, clock, recorded.events());
  const base = `${options.host ?? "127.0.0.1"}:${port}`;
  return {
    clob: `http://${base}`,
    wsMarket: `ws://${base}/ws/market`,
    wsUser: `ws://${base}/ws/user`,
    gamma: `http://${base}/gamma`,
    sports: `ws://${base}/sports/ws`,
    geoblock: `http://${base}/api/geoblock`,
    ...(settlement === undefined ? {} : { rpc: settlement.chain.rpc, relayer: `http://${base}${RELAYER}` }),
    admin: `http://${base}/admin`,
    chainId: venue.chainId,
    markets: venue.markets(),
    venue,
    command: (command) => driver.admin(command),
    idle: async () => settlement?.settler.idle(),
    close: async () => {
      stopPlaying?.();
      // At once: a node that got the same signal may be gone already.
      relayer?.close();
      const ended = settlement?.close();
      await shut(driver, server, sockets);
      await ended;
    },
  };
}

/** Requests whose answer depends on what wallets have: the chain is looked at before. */
const MONEY = /^\/(?:orders?|balance-allowance(?:\/update)?)$/;

function serve(
  driver: VenueDriver,
  settler: Settler | undefined,
  relayer: RelayerDesk | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  onError: StartOptions["onError"],
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const reply = (status: number, headers: Readonly<Record<string, string>>, body: string) => {
    if (response.headersSent) return;
    response.writeHead(status, headers).end(body);
  };
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    // What is too long is read to its end, and not kept.
    if (length <= MAX_BODY) chunks.push(chunk);
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    if (length > MAX_BODY) {
      reply(
        400,
        { "content-type": "application/json", connection: "close" },
        JSON.stringify({ error: TEXTS.limit }),
      );
      return;
    }
    const place = pathOf(request);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
    const handIn = (): void => {
      try {
        const body = Buffer.concat(chunks).toString("utf8");
        driver.request({ method: request.method ?? "GET", ...place, headers, body }, (ending) => {
          if (ending.kind === "response") reply(ending.status, ending.headers, ending.body);
          else if (ending.kind === "drop") response.destroy();
        });
      } catch (error) {
        onError?.(error);
        reply(500, { "content-type": "application/json" }, JSON.stringify({ error: TEXTS.internal }));
      }
    };
    if (relayer !== undefined && place.path.startsWith(`${RELAYER}/`)) {
      const body = Buffer.concat(chunks).toString("utf8");
      const path = place.path.slice(RELAYER.length);
      const asked = { method: request.method ?? "GET", path, query: place.query, headers, body };
      void relayer.handle(asked).then((answer) => {
        if (answer === "drop") response.destroy();
        else if (answer !== "hang")
          reply(answer.status, { "content-type": "application/json" }, JSON.stringify(answer.body));
      });
    } else if (settler === undefined || !MONEY.test(place.path)) handIn();
    else {
      const who = place.path.endsWith("/update") ? headers["poly_address"]?.toLowerCase() : undefined;
      void settler.look(who).then(handIn);
    }
  });
}

function pathOf(request: IncomingMessage): { readonly path: string; readonly query: string } {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function attach(driver: VenueDriver, socket: WebSocket, channel: Channel, clock: Clock): void {
  const link = driver.open(channel, {
    frame: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    close: (code, reason) => {
      // 1006 stands for a connection that just broke; it cannot be sent.
      if (code === 1006) socket.terminate();
      else socket.close(code, reason);
    },
  });
  let cancel: (() => void) | undefined;
  const ping = () => {
    cancel = clock.after(SPORTS_PING_MS, () => {
      if (socket.readyState === socket.OPEN) socket.ping();
      ping();
    });
  };
  if (channel === "sports") ping();
  socket.on("message", (data: RawData) => {
    const bytes =
      data instanceof ArrayBuffer ? Buffer.from(data) : Array.isArray(data) ? Buffer.concat(data) : data;
    link.receive(bytes.toString("utf8"));
  });
  socket.on("close", () => {
    cancel?.();
    link.gone();
  });
  socket.on("error", () => socket.terminate());
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new MatchpointError(
          "FEED_CONNECTION",
          `the venue cannot listen on ${host}:${port}: ${cause.message}`,
          {
            hint: "Choose another port, or 0 for any that is free.",
            cause,
          },
        ),
      );
    });
    server.listen(port, host, () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

function shut(driver: VenueDriver, server: Server, sockets: WebSocketServer): Promise<void> {
  driver.stop();
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
