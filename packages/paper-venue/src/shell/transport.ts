import {
  MatchpointError,
  type Clock,
  type HttpResponse,
  type Socket,
  type SocketHandlers,
  type Transport,
} from "@matchpoint/sdk";
import type { Channel, PaperVenue } from "../contract.ts";
import { VenueDriver } from "./driver.ts";

/** Options of {@link venueTransport}. */
export interface VenueTransportOptions {
  /** How long a request, an answer and a frame are on their way, in ms. Default 0. */
  readonly latencyMs?: number;
}

const DRIVERS = new WeakMap<PaperVenue, { readonly driver: VenueDriver; readonly clock: Clock }>();

/** The one driver of a venue, whoever asks for it. */
function driverOf(venue: PaperVenue, clock: Clock): VenueDriver {
  const known = DRIVERS.get(venue);
  if (known === undefined) {
    const driver = new VenueDriver(venue, clock);
    DRIVERS.set(venue, { driver, clock });
    return driver;
  }
  if (known.clock !== clock)
    throw new MatchpointError("INVARIANT", "a venue cannot be moved along by two clocks", {
      hint: "Use one clock for every transport of a venue.",
    });
  return known.driver;
}

/**
 * A venue without sockets, as the {@link Transport} that adapters take: a bot runs against it under virtual time. The clock must
 * be at the venue's start when it is made (`wallStart` and monotonic 0). URLs may be the production ones or a local server's.
 *
 * @example
 * ```ts
 * import { createVenue, venueTransport } from "@matchpoint/paper-venue";
 * import { VirtualClock, type Millis } from "@matchpoint/sdk";
 *
 * const wallStart = 1_790_000_000_000 as Millis;
 * const clock = new VirtualClock({ startsAt: wallStart });
 * const transport = venueTransport(createVenue({ seed: 1, wallStart }), clock);
 * const time = transport.request({ method: "GET", url: "https://clob.polymarket.com/time", timeoutMs: 1_000 });
 * ```
 */
export function venueTransport(
  venue: PaperVenue,
  clock: Clock,
  options: VenueTransportOptions = {},
): Transport {
  const driver = driverOf(venue, clock);
  const latencyMs = options.latencyMs ?? 0;
  const travel = (arrive: () => void) => {
    if (latencyMs > 0) clock.after(latencyMs, arrive);
    else arrive();
  };
  return {
    connect: (url, handlers) => connect(driver, url, handlers, travel, clock),
    request: (call) => request(driver, call, travel, clock),
  };
}

/** Runs an admin command on a venue that moves along with a clock, so that what it changes is told at once. */
export function venueAdmin(
  venue: PaperVenue,
  clock: Clock,
  command: unknown,
): ReturnType<PaperVenue["admin"]> {
  return driverOf(venue, clock).admin(command);
}

type Travel = (arrive: () => void) => void;

function connect(
  driver: VenueDriver,
  url: string,
  handlers: SocketHandlers,
  travel: Travel,
  clock: Clock,
): Socket {
  const channel = channelOf(url);
  const encoder = new TextEncoder();
  let link: ReturnType<VenueDriver["open"]> | undefined;
  let over = false;
  const end = (code: number, reason: string) => {
    if (over) return;
    over = true;
    handlers.close(code, reason);
  };
  // Never before the caller has its socket.
  clock.after(0, () => {
    if (over) return;
    if (channel === undefined) {
      handlers.error(
        new MatchpointError("FEED_CONNECTION", "Unexpected server response: 404", { where: url }),
      );
      end(1006, "");
      return;
    }
    travel(() => {
      if (over) return;
      handlers.open();
      link = driver.open(channel, {
        frame: (text) => travel(() => !over && handlers.frame(encoder.encode(text))),
        close: (code, reason) => travel(() => end(code, reason)),
      });
    });
  });
  return {
    send: (text) => {
      travel(() => {
        if (!over) link?.receive(text);
      });
    },
    close: (code) => {
      link?.gone();
      clock.after(0, () => end(code ?? 1000, ""));
    },
  };
}

function request(
  driver: VenueDriver,
  call: Parameters<Transport["request"]>[0],
  travel: Travel,
  clock: Clock,
): Promise<HttpResponse> {
  const where = `${call.method} ${call.url}`;
  return new Promise((resolve, reject) => {
    let over = false;
    let forget: (() => void) | undefined;
    const finish = (act: () => void) => {
      if (over) return;
      over = true;
      cancel();
      forget?.();
      call.signal?.removeEventListener("abort", aborted);
      act();
    };
    const fail = (code: "HTTP_FAILED" | "ABORTED", message: string) => {
      finish(() => reject(new MatchpointError(code, message, { where })));
    };
    const aborted = () => fail("ABORTED", "the caller gave up");
    const cancel = clock.after(call.timeoutMs, () =>
      fail("HTTP_FAILED", `no answer within ${call.timeoutMs} ms`),
    );
    if (call.signal?.aborted === true) {
      aborted();
      return;
    }
    call.signal?.addEventListener("abort", aborted, { once: true });
    const { path, query } = placeOf(call.url);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(call.headers ?? {})) headers[name.toLowerCase()] = value;
    // What was sent arrives, whether its sender still waits or not.
    travel(() => {
      forget = driver.request(
        { method: call.method, path, query, headers, body: call.body ?? "" },
        (ending) => {
          travel(() => {
            if (ending.kind === "drop") fail("HTTP_FAILED", "socket hang up");
            if (ending.kind !== "response") return;
            const body = new TextEncoder().encode(ending.body);
            finish(() => resolve({ status: ending.status, headers: ending.headers, body }));
          });
        },
      );
    });
  });
}

/** Where a URL leads in the venue: production has a host for each part of it. */
function placeOf(url: string): { readonly path: string; readonly query: string } {
  const { hostname, pathname, search } = new URL(url);
  const gamma = hostname.startsWith("gamma") && !pathname.startsWith("/gamma");
  return { path: `${gamma ? "/gamma" : ""}${pathname}`, query: search.slice(1) };
}

function channelOf(url: string): Channel | undefined {
  const { hostname, pathname } = new URL(url);
  if (pathname === "/ws/market") return "market";
  if (pathname === "/ws/user") return "user";
  return pathname === "/sports/ws" || (hostname.startsWith("sports") && pathname === "/ws")
    ? "sports"
    : undefined;
}
