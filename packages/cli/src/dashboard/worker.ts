// Serves a run to pages of a browser, from its journal and in a thread of its own: trading neither waits for it nor depends on it.
import { statSync } from "node:fs";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import type { ActionAnswer, ActionRequest } from "@matchpoint/dashboard";
import { isMatchpointError, type StrategyClass } from "@matchpoint/sdk";
import { loadStrategy } from "../strategies.ts";
import { Follower } from "../view/index.ts";
import { pageFiles } from "./page.ts";
import { Playhead } from "./playhead.ts";
import { Seat } from "./seat.ts";
import { serveDashboard, type DashboardServer } from "./server.ts";
import type { DashboardData, FromThread, ToThread } from "./shared.ts";
import { Waypoints } from "./waypoints.ts";

/** How often the journal and the pages are looked after, in ms, and for how long at once. */
const TICK_MS = 50;
const SLICE_MS = 20;
/** A run that does not say what became of an order. */
const ANSWER_MS = 30_000;

const data = workerData as DashboardData;
const now = (): number => performance.now();
const post = (message: FromThread): void => parentPort?.postMessage(message);

const known = new Map<string, StrategyClass>();
for (const { use, folder } of data.strategies) {
  try {
    const found = await loadStrategy(use, {}, folder);
    known.set(found.id, found);
  } catch {
    // Its journal's view says what is lacking.
  }
}
const find = (use: string): StrategyClass | undefined => known.get(use);

const head = new Follower(data.journal, find);
const fresh = (): Follower => new Follower(data.journal, find, head.booksOnly);
const waypoints = new Waypoints({
  fresh,
  size: () => (stateOf() === "growing" || sizeOf() > head.bytes ? undefined : head.bytes),
});
const seats = new Set<Seat>();
const waiting = new Map<number, (answer: ActionAnswer) => void>();
let isOver = !data.controls;
let broken: string | undefined;
let actions = 0;

function stateOf(): "growing" | "ended" | "broken_off" {
  if (head.view.end !== "open") return "ended";
  return isOver ? "broken_off" : "growing";
}

function act(action: ActionAnswer["action"], request: ActionRequest): Promise<ActionAnswer> {
  const over = "this run is over: there is nothing to stop";
  if (isOver) return Promise.resolve({ id: request.id, action, ok: false, text: over, orders: [] });
  const n = (actions += 1);
  const late: ActionAnswer = {
    id: request.id,
    action,
    ok: false,
    text: "the run does not answer",
    orders: [],
  };
  return new Promise<ActionAnswer>((resolve) => {
    const timer = setTimeout(() => {
      waiting.delete(n);
      resolve(late);
    }, ANSWER_MS);
    waiting.set(n, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    post({ kind: "action", n, action, request });
  }).then((answer) => {
    for (const seat of seats) seat.send({ type: "done", answer });
    return answer;
  });
}

function sizeOf(): number {
  try {
    return statSync(data.journal).size;
  } catch {
    return 0;
  }
}

function why(error: unknown): string {
  return isMatchpointError(error) || error instanceof Error ? error.message : String(error);
}

const page = pageFiles();
page.catch((error: unknown) => {
  post({ kind: "warn", text: why(error) });
});

let server: DashboardServer | undefined;
try {
  server = await serveDashboard({
    token: data.token,
    port: data.port,
    page,
    act: data.controls ? act : undefined,
    now,
    onSocket: (socket) => {
      const seat = new Seat({
        socket,
        playhead: new Playhead({ head, fresh, size: sizeOf, waypoints }),
        journal: data.journal,
        size: () => head.bytes,
        about: () => ({
          state: stateOf(),
          controls: data.controls && !isOver,
          journal: basename(data.journal),
          from: head.view.started.receivedAt,
          to: head.view.t,
        }),
        now,
      });
      seats.add(seat);
      socket.on("message", (message, isBinary) => {
        if (isBinary) socket.close(1003);
        else seat.take((message as Buffer).toString("utf8"));
      });
      socket.on("close", () => {
        seat.close();
        seats.delete(seat);
      });
      if (broken !== undefined) seat.error("JOURNAL_CORRUPT", broken, true);
    },
  });
  post({ kind: "listens", port: server.port });
} catch (error) {
  post({ kind: "refused", why: why(error) });
}

let ticked = now();
let read = -1;

/** Reads on as far as there is anything; gives the pages their turn in between. */
function tick(): void {
  const time = now();
  const passed = time - ticked;
  ticked = time;
  let rest = false;
  try {
    const size = sizeOf();
    if (broken === undefined && (size !== read || size > head.bytes)) {
      rest = head.lead(SLICE_MS) === "time";
      read = size;
    }
  } catch (error) {
    broken = why(error);
    for (const seat of seats) seat.error("JOURNAL_CORRUPT", broken, true);
  }
  for (const seat of seats) {
    try {
      seat.tick(passed);
    } catch (error) {
      seat.error("DASHBOARD_FAILED", why(error), true);
      seats.delete(seat);
    }
  }
  for (const seat of seats) rest ||= seat.isBusy;
  if (!rest && seats.size > 0) rest = waypoints.tick(SLICE_MS);
  if (rest) setImmediate(tick);
  else setTimeout(tick, TICK_MS);
}

if (server !== undefined) tick();

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "over") {
    isOver = true;
    return;
  }
  waiting.get(message.n)?.(message.answer);
  waiting.delete(message.n);
});
