import type { Team } from "@matchpoint/sdk";
import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import { SourceServer } from "../sourceServer.ts";

/** Options of {@link createFakeSportsChannel}. */
export interface FakeSportsOptions extends FakeSourceOptions {
  /** Whether the match's second team is its home team. Default: by the seed. */
  readonly swapped?: boolean;
  /** Whether frames carry the running game's score; esports ones often do not (`000-000`). Default true. */
  readonly inGame?: boolean;
}

type Json = Record<string, unknown>;

const PING_MS = 5_000;
const PONG_WITHIN_MS = 10_000;
const FRAME_MS = 20_000;
const LEAGUES = { lol: "lol", cs2: "cs2", dota2: "dota2", valorant: "val", other: "esports" } as const;

/**
 * Polymarket's sports channel as its documentation and recorded frames have it: one socket without subscription that pushes
 * every game there is, with neither a sequence nor a time; a text `ping` every five seconds that must be answered with `pong`
 * within ten; a score of running game, maps and format; and `ended` once, in one frame that names no winner.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakeSportsChannel } from "@matchpoint/testing";
 *
 * async function watch(match: MatchDescription): Promise<string | undefined> {
 *   const channel = createFakeSportsChannel({ match, clock: new SystemClock() });
 *   await channel.start();
 *   channel.tell({ kind: "series_start" });
 *   return channel.urls.ws; // ws://127.0.0.1:40123, the channel is at /ws
 * }
 * ```
 */
export function createFakeSportsChannel(options: FakeSportsOptions): FakeSource {
  return new SourceServer("polymarket_sports", options, (server) => {
    const { match, world, ref } = server;
    const swapped = options.swapped ?? server.rng.chance(0.5);
    const order: readonly [Team, Team] = swapped ? [1, 0] : [0, 1];
    const waiting = new Map<object, () => void>();
    const stops = new Map<object, () => void>();
    let ended = false;
    let repeating: (() => void) | undefined;

    const pair = (values: readonly [number, number] | undefined): string =>
      `${values?.[order[0]] ?? 0}-${values?.[order[1]] ?? 0}`;
    const frame = (over: boolean): Json => {
      const running = world.running ?? world.games.at(-1);
      const live = world.status === "running" && !over;
      const known = options.inGame !== false && running?.status === "running";
      return {
        gameId: Number(ref.match),
        leagueAbbreviation: LEAGUES[match.title],
        homeTeam: ref.teams[order[0]],
        awayTeam: ref.teams[order[1]],
        status: over ? "finished" : world.status === "running" ? "running" : "not_started",
        score: `${known ? pair(running.progress.score) : world.games.length === 0 ? "0-0" : "000-000"}|${pair(world.maps)}|Bo${match.bestOf}`,
        period: `${running?.game ?? 1}/${match.bestOf}`,
        live,
        ended: over,
        ...(over ? { finished_timestamp: new Date(server.clock.wall()).toISOString() } : {}),
      };
    };
    /** The channel is everybody's: most of what it says is about others. */
    const stranger = (): Json => ({
      gameId: 9_000_000 + server.rng.int(0, 999),
      leagueAbbreviation: "nhl",
      slug: "nhl-car-las-2026-06-07",
      homeTeam: "CAR",
      awayTeam: "LAS",
      status: "InProgress",
      score: "2-1",
      period: "P2",
      elapsed: "11:42",
      live: true,
      ended: false,
    });

    return {
      polled: false,
      admit: ({ url }) => (url.pathname === "/ws" ? undefined : 404),
      joined: (client) => {
        let late: (() => void) | undefined;
        const beat = server.every(PING_MS, () => {
          client.send("ping");
          late ??= server.after(PONG_WITHIN_MS, () => {
            client.close(1008, "no pong");
          });
        });
        waiting.set(client, () => {
          late?.();
          late = undefined;
        });
        stops.set(client, beat);
        client.send(stranger());
        if (world.status === "running") client.send(frame(false));
      },
      left: (client) => {
        waiting.get(client)?.();
        waiting.delete(client);
        stops.get(client)?.();
        stops.delete(client);
      },
      heard: (client, text) => {
        if (text === "pong") waiting.get(client)?.();
      },
      told: (step) => {
        // A match that is called off stays as it was: nothing is said of it.
        if (step.kind === "cancel") return;
        if (world.status === "finished") {
          if (!ended) server.say(frame(true));
          else if (step.kind === "correction") server.say({ ...frame(true), ended: false });
          ended = true;
          return;
        }
        ended = false;
        server.say(frame(false));
        repeating ??= server.every(FRAME_MS, () => {
          if (world.status !== "running") return;
          server.say(frame(false));
          server.say(stranger());
        });
      },
      wrongShape: () => ({ ...frame(false), score: { home: 1 }, status: 7 }),
    };
  });
}
