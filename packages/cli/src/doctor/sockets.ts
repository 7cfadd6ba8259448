import { FEED_DEFAULTS, GATEWAY_DEFAULTS } from "@matchpoint/adapters-polymarket";
import type { Socket, Transport } from "@matchpoint/sdk";
import { marketSocketOf } from "../feeds/index.ts";
import { lineOf, type Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, type Outcome } from "./finding.ts";

const PATIENCE_MS = 6_000;
/** Wrong credentials are answered by closing, soon; right ones by nothing. */
const LOGIN_MS = 750;
const REACH = "See that this machine reaches it: proxies often let HTTP through and no sockets.";

/** The venue's sockets. */
export const SOCKET_CHECKS: readonly Check[] = [
  {
    id: "market-socket",
    title: "Market socket",
    looksAt: "whether the socket opens and answers a subscription with books",
    needs: ["markets"],
    modes: "any",
    run: async (bench) => {
      const [market] = await bench.markets();
      if (market === undefined) return idle("no market is configured or found");
      const tokens = market.outcomes.map(({ tokenId }) => tokenId);
      return talk(bench, marketSocketOf(bench.config) ?? FEED_DEFAULTS.url, {
        hello: JSON.stringify({
          type: "market",
          assets_ids: tokens,
          initial_dump: true,
          custom_feature_enabled: true,
        }),
        done: (text) =>
          tokens.some((token) => text.includes(token)) ? "the market socket sends books" : undefined,
        silent: "the market socket opened, and sent no book of the market",
      });
    },
  },
  {
    id: "user-socket",
    title: "User socket",
    looksAt: "whether the socket opens, and takes the API key",
    needs: ["api-key"],
    modes: "live",
    run: async (bench) => {
      const { key: apiKey, secret, passphrase } = await bench.credentials();
      return talk(bench, bench.config.execution.user_url ?? GATEWAY_DEFAULTS.userUrl, {
        hello: JSON.stringify({ type: "user", auth: { apiKey, secret, passphrase } }),
        pingAfterMs: LOGIN_MS,
        done: (text) => (text === "PONG" ? "the user socket takes the API key" : undefined),
        silent: "the user socket opened, and does not answer",
      });
    },
  },
];

interface Talk {
  readonly hello: string;
  /** Asks for a PONG after this long. */
  readonly pingAfterMs?: number;
  readonly done: (text: string) => string | undefined;
  readonly silent: string;
}

/** Opens a socket, says something, and waits for what it should lead to. What was said is told nowhere. */
function talk(bench: Bench, url: string, { hello, pingAfterMs, done, silent }: Talk): Promise<Outcome> {
  const { clock, transport, signal } = bench;
  return new Promise((resolve) => {
    const state = { opened: false };
    let socket: Socket | undefined;
    const cancels = new Set<() => void>();
    const end = (outcome: Outcome): void => {
      for (const cancel of cancels) cancel();
      signal.removeEventListener("abort", onAbort);
      resolve(outcome);
      socket?.close(1000);
    };
    const onAbort = (): void => {
      end(fail("it was no longer waited for", "Try again."));
    };
    const greet = (to: Socket): void => {
      to.send(hello);
      if (pingAfterMs !== undefined)
        cancels.add(
          clock.after(pingAfterMs, () => {
            to.send("PING");
          }),
        );
    };
    signal.addEventListener("abort", onAbort, { once: true });
    cancels.add(
      clock.after(PATIENCE_MS, () => {
        end(fail(state.opened ? silent : `${url} did not open within ${PATIENCE_MS / 1_000} s`, REACH));
      }),
    );
    const handlers: Parameters<Transport["connect"]>[1] = {
      open: () => {
        state.opened = true;
        if (socket !== undefined) greet(socket);
      },
      frame: (bytes) => {
        const found = done(new TextDecoder().decode(bytes));
        if (found !== undefined) end(ok(found));
      },
      close: (code) => {
        end(fail(`${url} closed the socket with code ${code}`, REACH));
      },
      error: (error) => {
        end(fail(lineOf(error), REACH));
      },
    };
    try {
      socket = transport.connect(url, handlers);
    } catch (error) {
      end(fail(lineOf(error), REACH));
      return;
    }
    // A transport that opens at once has nobody yet to greet.
    if (state.opened) greet(socket);
  });
}
