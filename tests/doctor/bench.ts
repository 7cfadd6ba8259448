import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningVenue } from "@matchpoint/paper-venue";
import { defaultConfig, SystemClock, type BotConfig } from "@matchpoint/sdk";
import { readConfig } from "../../packages/cli/src/configFile.ts";
import { Bench, CHECKS, runChecks, type Made } from "../../packages/cli/src/doctor/index.ts";
import { Environment, Secrets } from "../../packages/cli/src/secrets/index.ts";
import { startNtp } from "../cli/ntpServer.ts";

/** The first account of every local test chain: a key that everybody knows. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
export const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/** Nobody listens there. */
export const NOWHERE = "http://127.0.0.1:9";

/** Things to close when a test is over. */
export class Leftovers {
  readonly #closing: (() => unknown)[] = [];

  add<T>(thing: T, close: (thing: T) => unknown): T {
    this.#closing.push(() => close(thing));
    return thing;
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), "matchpoint-doctor-"));
    return this.add(folder, (path) => {
      rmSync(path, { recursive: true, force: true });
    });
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }
}

/** What is said instead of the truth; `undefined` for the truth. */
export type Lie = (
  path: string,
  body: string,
) => { readonly status?: number; readonly json: unknown } | undefined;

/** A server that speaks for another one, and lies where it is told to. */
export async function lying(upstream: string, lie: Lie, over: Leftovers): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = request.url ?? "/";
    const told = lie(path, body);
    if (told !== undefined) {
      response.writeHead(told.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(told.json));
      return;
    }
    const own = ["host", "connection", "content-length", "transfer-encoding"];
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !own.includes(name)),
    );
    const { method = "GET" } = request;
    const given = method === "GET" ? {} : { body };
    const real = await fetch(`${upstream}${path === "/" ? "" : path}`, {
      method,
      headers: headers as Record<string, string>,
      ...given,
    });
    response.writeHead(real.status, { "content-type": real.headers.get("content-type") ?? "text/plain" });
    response.end(await real.text());
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  over.add(server, () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An NTP server whose clock is `offsetMs` ahead of this machine's. */
export async function ntpServer(offsetMs: number, over: Leftovers): Promise<string> {
  const { address, close } = await startNtp(offsetMs);
  over.add(address, close);
  return address;
}

/** A configuration in which everything is well, to be broken in one place. */
export interface Well {
  readonly folder: string;
  /** What it says, as deep as it is. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a file that is to be broken in any place has no type
  readonly config: Record<string, any>;
  readonly env: Record<string, string>;
  node: string;
}

/** A live configuration of a venue's market, and an environment for it. */
export function wellWith(venue: RunningVenue, folder: string, ntp: string): Well {
  const market = venue.markets.find(({ question }) => question.includes("FaZe vs Spirit"))!;
  return {
    folder,
    env: { MATCHPOINT_PRIVATE_KEY: KEY },
    node: "24.1.0",
    config: {
      mode: "live",
      strategies: [{ use: "model-maker", params: { reference: "microprice" } }],
      matches: [
        {
          id: "m",
          title: "cs2",
          teams: ["FaZe", "Spirit"],
          best_of: 3,
        },
      ],
      markets: [
        {
          id: market.conditionId,
          title: market.question,
          outcomes: market.tokens.map(({ tokenId, outcome }) => ({ token: tokenId, name: outcome })),
          fee: { rate: 0.05 },
          taker_delay_ms: 1000,
          clear_book_on_start: true,
        },
      ],
      feeds: {
        polymarket: { socket_url: venue.wsMarket, rest_url: venue.clob, gamma_url: venue.gamma },
      },
      journal: { dir: join(folder, "runs"), min_free_gib: 0, min_free_part: 0, reserve_mib: 1 },
      time: { ntp_servers: [ntp], max_skew_ms: 10_000 },
      execution: { signature_type: 0, clob_url: venue.clob, user_url: venue.wsUser },
    },
  };
}

/** How many are examined at a time: clocks are measured, and a machine out of breath measures itself. */
const AT_ONCE = 5;
let busy = 0;
const queue: (() => void)[] = [];

/** Does something when it is its turn. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  else busy += 1;
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next === undefined) busy -= 1;
    else next();
  }
}

/** Makes all checks of a configuration, as the command does. */
export async function examined(well: Well): Promise<readonly Made[]> {
  const file = join(well.folder, "bot.yaml");
  writeFileSync(file, JSON.stringify(well.config));
  let config: BotConfig = defaultConfig();
  let problem: Error | undefined;
  try {
    config = await readConfig(file, {});
  } catch (error) {
    problem = error as Error;
  }
  const over = new AbortController();
  const secrets = new Secrets(config, {
    environment: new Environment(well.env, false),
    folder: well.folder,
    io: { err: () => undefined },
  });
  const bench = new Bench({
    config,
    file,
    mode: config.mode,
    secrets,
    clock: new SystemClock(),
    signal: over.signal,
    env: well.env,
    node: well.node,
    ...(problem === undefined ? {} : { problem }),
  });
  try {
    return await runChecks(bench, { table: CHECKS });
  } finally {
    over.abort();
    bench.close();
  }
}

/** What is not well, as `id: status`. */
export function named(made: readonly Made[]): readonly string[] {
  return made
    .filter(({ status }) => status === "fail" || status === "warn")
    .map(({ id, status }) => `${id}: ${status}`);
}
