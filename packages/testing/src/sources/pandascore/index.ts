import type { FakeSource, FakeSourceOptions } from "../fakeSource.ts";
import type { SourceClient } from "../sourceProtocol.ts";
import { SourceServer } from "../sourceServer.ts";
import { PandascoreAnswers } from "./pandascoreAnswers.ts";
import { PandascoreEvents } from "./pandascoreEvents.ts";
import { liveFrame } from "./pandascoreFrames.ts";
import { PandascoreMatch, type Json } from "./pandascoreMatch.ts";
import { PANDASCORE_TITLES } from "./pandascoreTitles.ts";

/** Options of {@link createFakePandascore}. */
export interface FakePandascoreOptions extends FakeSourceOptions {
  /** The token that it accepts. Default: any. */
  readonly token?: string;
  /** Whether the match has live sockets. Default true. */
  readonly liveSupported?: boolean;
  /** Whether the plan includes the events endpoint; without it its sockets are closed with 4003. Default true. */
  readonly livePro?: boolean;
  /** How long sockets stay open after the end. Default 120,000. */
  readonly lingerMs?: number;
}

const FRAME_MS = 2_000;
const MOST_SOCKETS = 3;
const UNAUTHORISED = 4001;
const FORBIDDEN = 4003;
const TOO_MANY = 4029;

/**
 * PandaScore as its documentation has it: the match over REST, the frames socket (the whole state of the running game every
 * two seconds), the events socket with `recover`, their greeting and close codes. Frames have neither a sequence nor a time.
 *
 * @example
 * ```ts
 * import { SystemClock, type MatchDescription } from "@matchpoint/sdk";
 * import { createFakePandascore } from "@matchpoint/testing";
 *
 * async function tellAForfeit(match: MatchDescription): Promise<string | undefined> {
 *   const pandascore = createFakePandascore({ match, clock: new SystemClock() });
 *   await pandascore.start();
 *   pandascore.tell({ kind: "series_start" });
 *   pandascore.tell({ kind: "series_end", winner: 1, forfeit: true });
 *   return pandascore.urls.http;
 * }
 * ```
 */
export function createFakePandascore(options: FakePandascoreOptions): FakeSource {
  return new SourceServer("pandascore", options, (server) => {
    const accepts = (token: string | undefined): boolean =>
      token !== undefined && token !== "" && (options.token === undefined || token === options.token);
    const match = new PandascoreMatch(server, options.liveSupported ?? true);
    const answers = new PandascoreAnswers(server, match, accepts);
    const events = new PandascoreEvents(server, match);
    const sockets = { frames: new Set<SourceClient>(), events: new Set<SourceClient>() };
    const path = `/matches/${match.id}`;
    const kindOf = ({ pathname }: URL): keyof typeof sockets | undefined =>
      pathname === path ? "frames" : pathname === `${path}/events` ? "events" : undefined;
    let framing: (() => void) | undefined;
    let closed = false;

    const tell = (kind: keyof typeof sockets, message: Json): void => {
      server.say((client: SourceClient) => (sockets[kind].has(client) ? message : undefined));
    };
    const frame = (): void => {
      const game = server.world.running ?? server.world.games.at(-1);
      if (game !== undefined) tell("frames", liveFrame(server, match, game));
    };
    const hello = (): Json => {
      const { world } = server;
      const game = world.running ?? world.games.at(-1);
      const text = (value: number | undefined): string => (value === undefined ? "null" : String(value));
      return {
        type: "hello",
        payload: {
          status: match.status,
          game_id: text(game === undefined ? undefined : match.gameId(game.game)),
          winner_id: text(world.winner === undefined ? undefined : match.teamId(world.winner)),
          videogame: PANDASCORE_TITLES[server.match.title].slug,
        },
      };
    };

    return {
      polled: true,
      answer: (request) => answers.answer(request),
      admit: ({ url }) => (kindOf(url) === undefined || options.liveSupported === false ? 404 : undefined),
      joined: (client) => {
        const kind = kindOf(client.url)!;
        if (!accepts(client.url.searchParams.get("token") ?? undefined)) {
          client.close(UNAUTHORISED, "unauthorized");
        } else if (kind === "events" && options.livePro === false) client.close(FORBIDDEN, "forbidden");
        else if (closed) client.close(1000);
        else if (sockets[kind].size >= MOST_SOCKETS) client.close(TOO_MANY, "too many connections");
        else {
          sockets[kind].add(client);
          client.send(hello());
        }
      },
      left: (client) => {
        sockets.frames.delete(client);
        sockets.events.delete(client);
      },
      heard: (client, text) => {
        if (!sockets.events.has(client) || !PANDASCORE_TITLES[server.match.title].recovers) return;
        const gameId = recoveredGame(text);
        if (gameId !== undefined) for (const event of events.ofGame(gameId)) client.send(event);
      },
      told: (step) => {
        answers.changed();
        const game = "game" in step ? server.world.game(step.game) : undefined;
        if (step.kind === "progress")
          for (const event of events.moved(step.game, step.progress)) tell("events", event);
        else if (game !== undefined && (step.kind === "rollback" || step.kind === "remake")) {
          events.reset(game.game, game.progress);
        }
        if (game?.status === "finished") tell("frames", liveFrame(server, match, game));
        const over = server.world.status === "finished" || server.world.status === "called_off";
        closed &&= over;
        if (!over) {
          if (server.world.status === "running") framing ??= server.every(FRAME_MS, frame);
          return;
        }
        framing?.();
        framing = undefined;
        server.after(options.lingerMs ?? 120_000, () => {
          closed = server.world.status === "finished" || server.world.status === "called_off";
          if (closed) server.hangUp(1000);
        });
      },
    };
  });
}

/** `{"type":"recover","payload":{"game_id":9}}` */
function recoveredGame(text: string): number | undefined {
  try {
    const message = JSON.parse(text) as { type?: unknown; payload?: { game_id?: unknown } };
    const gameId = message.payload?.game_id;
    return message.type === "recover" && typeof gameId === "number" ? gameId : undefined;
  } catch {
    return undefined;
  }
}
