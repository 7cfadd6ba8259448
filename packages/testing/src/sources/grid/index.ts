import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import type { SourceClient } from "../sourceProtocol.ts";
import { SourceServer } from "../sourceServer.ts";
import { GridAnswers } from "./gridAnswers.ts";
import { GridLog } from "./gridLog.ts";
import { firstWanted, GridSubscription } from "./gridSockets.ts";
import { GridTeller } from "./gridTeller.ts";
import { GridWorld } from "./gridWorld.ts";

/** Options of {@link createFakeGrid}. */
export interface FakeGridOptions extends FakeSourceOptions {
  /** The key that it accepts. Default: any. */
  readonly apiKey?: string;
  /** How a game is remade: taken back by inverse events (default), or ended without a winner. */
  readonly remakeBy?: "inverse" | "ended";
  /** How long sockets stay open after the feed has ended. Default 5,000. */
  readonly lingerMs?: number;
}

const SAMPLE_MS = 15_000;
const ATTEMPTS_PER_MINUTE = 6;
const MINUTE_MS = 60_000;
const SOCKET_PATH = /^\/live-data-feed\/series\/([^/]+)$/;

/**
 * GRID as its documentation and recordings of it have it: Series Events over WebSocket (dense sequence numbers, signed
 * deltas, full states on request, replay from a sequence number, invalidation with inverse events and validation, close
 * with 1000 after the end), the series state over GraphQL, and the schedule of Central Data.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeGrid } from "@matchpoint/testing";
 *
 * async function tellAStart(match: MatchDescription): Promise<string | undefined> {
 *   const grid = createFakeGrid({ match, clock: new SystemClock(), apiKey: "k" });
 *   await grid.start();
 *   grid.tell({ kind: "series_start" });
 *   grid.tell({ kind: "game_start", game: 1 });
 *   return grid.urls.ws; // give it to a feed as the base of its sockets
 * }
 * ```
 */
export function createFakeGrid(options: FakeGridOptions): FakeSource {
  return new SourceServer("grid", options, (server) => {
    const accepts = (key: string | undefined): boolean =>
      key !== undefined && key !== "" && (options.apiKey === undefined || key === options.apiKey);
    const subscriptions = new WeakMap<SourceClient, GridSubscription>();
    const world = new GridWorld(server.match, server.ref, server.rng);
    const answers = new GridAnswers(server, world, accepts);
    const log = new GridLog(world, server.clock, (transaction) => {
      answers.updatedAt = server.clock.wall();
      server.say((client: SourceClient) => subscriptions.get(client)?.frame(transaction));
    });
    const teller = new GridTeller(world, server.world, log, options.remakeBy ?? "inverse");
    const attempts: number[] = [];
    let closed = false;
    let sampling: (() => void) | undefined;

    const subscribe = (client: SourceClient, subscription: GridSubscription): void => {
      const from = firstWanted(client);
      for (const transaction of log.transactions) {
        if (transaction.sequenceNumber >= from) client.send(subscription.frame(transaction));
      }
      subscriptions.set(client, subscription);
      if (closed) client.close(1000);
    };
    teller.feedStarted(server.clock.wall());

    return {
      answer: (request) => answers.answer(request),
      admit: ({ url }) => {
        const now = server.clock.wall();
        while (attempts.length > 0 && attempts[0]! <= now - MINUTE_MS) attempts.shift();
        if (attempts.length >= ATTEMPTS_PER_MINUTE) return 429;
        attempts.push(now);
        if (SOCKET_PATH.exec(url.pathname)?.[1] !== server.ref.match) return 404;
        return accepts(url.searchParams.get("key") ?? undefined) ? undefined : 401;
      },
      joined: (client) => {
        if (client.url.searchParams.get("useConfig") !== "true") {
          subscribe(client, GridSubscription.plain());
        }
      },
      heard: (client, text) => {
        if (subscriptions.has(client)) return;
        const subscription = GridSubscription.configured(text);
        if (subscription === undefined) client.close(1008, "the first frame must be the configuration");
        else subscribe(client, subscription);
      },
      told: (step, at) => {
        teller.tell(step, at);
        if (step.kind === "series_start") {
          sampling ??= server.every(SAMPLE_MS, () => {
            teller.sample(server.clock.wall());
          });
        }
        if (server.world.status !== "finished") {
          closed = false;
          return;
        }
        sampling?.();
        sampling = undefined;
        server.after(options.lingerMs ?? 5_000, () => {
          closed = server.world.status === "finished";
          if (closed) server.hangUp(1000);
        });
      },
      wrongShape: () => ({ seriesId: server.ref.match, sequenceNumber: "twelve", events: "unexpected" }),
    };
  });
}
