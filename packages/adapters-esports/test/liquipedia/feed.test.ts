import { gzipSync } from "node:zlib";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  VirtualClock,
  type CoreEvent,
  type Feed,
  type HttpResponse,
  type MatchDescription,
  type Transport,
} from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLiquipediaFeed, createWsTransport, type LiquipediaFeedOptions } from "../../src/index.ts";
import { bytesOf, EPOCH, FastClock, isClaim, takeUntil, told } from "../support.ts";
import { answer, leading, record, RECORD, SERIES, won } from "./records.ts";

const KEY = "k3y+secret/";
const HOUR = 3_600_000;
const FACTOR = 36_000; // an hour in a tenth of a second

/** LPDB on a port of its own: answers gzip, and notes what was asked when. */
class Lpdb {
  readonly asked: { readonly url: URL; readonly headers: IncomingHttpHeaders; readonly at: number }[] = [];
  answer: (url: URL) => {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  } = () => ({ status: 200, body: answer() });
  readonly #server: Server;

  constructor(clock: FastClock) {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://lpdb");
      this.asked.push({ url, headers: request.headers, at: clock.wall() - EPOCH });
      const { status, body, headers } = this.answer(url);
      response.writeHead(status, {
        "content-type": "application/json",
        "content-encoding": "gzip",
        ...headers,
      });
      response.end(gzipSync(typeof body === "string" ? body : JSON.stringify(body ?? null)));
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

let lpdb: Lpdb;
let clock: FastClock;
let abort: AbortController;

beforeEach(async () => {
  clock = new FastClock(FACTOR);
  lpdb = new Lpdb(clock);
  await lpdb.listen();
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await lpdb.close();
});

function feed(more: Partial<LiquipediaFeedOptions> = {}): Feed {
  return createLiquipediaFeed({
    transport: createWsTransport(),
    clock,
    apiKey: async () => ({ reveal: () => KEY }),
    contact: "bots@example.org",
    httpUrl: lpdb.httpUrl,
    timeoutMs: 20 * HOUR, // two seconds
    ...more,
  });
}

function listen(one: Feed, matches: readonly MatchDescription[] = [SERIES]): AsyncIterable<CoreEvent> {
  const iterator = one.events({ matches, signal: abort.signal })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => iterator };
}

const now = (): number => clock.wall() - EPOCH;

const reasons = (seen: readonly object[]): string =>
  seen.map((each) => ("reason" in each ? String(each.reason) : "")).join("\n");

const other = (ref: string, title: MatchDescription["title"] = "cs2"): MatchDescription => ({
  ...SERIES,
  matchId: `m-${ref}` as MatchDescription["matchId"],
  title,
  refs: { liquipedia: { match: ref, teams: ["Wolves", "Sea Otters"] } },
});

describe("the Liquipedia feed", () => {
  it("says who asks, with the key, in gzip", async () => {
    lpdb.answer = () => ({ status: 200, body: answer(leading) });
    const seen = await takeUntil(listen(feed()), (all) => told(all).includes("health live"));
    expect(lpdb.asked[0]?.headers).toMatchObject({
      "user-agent": "matchpoint (bots@example.org)",
      authorization: `Apikey ${KEY}`,
      "accept-encoding": "gzip",
    });
    const { url } = lpdb.asked[0]!;
    expect(url.pathname).toBe("/api/v3/match");
    expect(url.searchParams.get("wiki")).toBe("counterstrike");
    expect(url.searchParams.get("conditions")).toBe(`[[match2id::${RECORD}]]`);
    expect(url.searchParams.get("query")).toContain("match2opponents");
    expect(told(seen)).toContain("game_won 1 0");
  });

  it.each(["", "   ", "nobody", "a@b\nX-Evil: 1", undefined as never])(
    "is not made for the contact %j",
    (contact) => {
      expect(() => feed({ contact })).toThrow(
        expect.objectContaining({
          code: "CONFIG_INVALID",
          hint: expect.stringContaining("User-Agent") as string,
        }),
      );
    },
  );

  it("asks for all matches of a wiki at once, and never more than the key allows", async () => {
    const many = Array.from({ length: 20 }, (_, index) => other(`id-${index}`));
    lpdb.answer = () => ({ status: 200, body: answer(record()) });
    const from = now();
    const one = feed({ pollMs: 1_000, quietMs: 0, requestsPerHour: 6 });
    const running = takeUntil(listen(one, [...many, other("lol-1", "lol")]), () => false);
    await expect.poll(() => lpdb.asked.length, { timeout: 6_000 }).toBeGreaterThan(30);
    abort.abort();
    await running;
    expect(lpdb.asked[0]!.url.searchParams.get("conditions")!.split(" OR ")).toHaveLength(20);
    const wikis = new Set(lpdb.asked.map(({ url }) => url.searchParams.get("wiki")));
    expect(wikis).toEqual(new Set(["counterstrike", "leagueoflegends"]));
    lpdb.asked.forEach(({ at }, index) => {
      expect(index + 1).toBeLessThanOrEqual(6 * ((at - from) / HOUR + 1));
    });
  });

  it("shares what the key allows with every other feed of the process", async () => {
    lpdb.answer = () => ({ status: 200, body: answer(record()) });
    const from = now();
    const matches = [other("id-1"), other("lol-1", "lol")];
    const running = [1, 2, 3].map(() =>
      takeUntil(listen(feed({ pollMs: 1_000, quietMs: 0, requestsPerHour: 6 }), matches), () => false),
    );
    await expect.poll(() => lpdb.asked.length, { timeout: 6_000 }).toBeGreaterThan(30);
    abort.abort();
    await Promise.all(running);
    lpdb.asked.forEach(({ at }, index) => {
      expect(index + 1).toBeLessThanOrEqual(6 * ((at - from) / HOUR + 1));
    });
  });

  it("waits until a match may be over, reads until it has a result, and again twice later", async () => {
    const start = now() + 4 * HOUR;
    const startsAt = (EPOCH + start) as NonNullable<MatchDescription["startsAt"]>;
    lpdb.answer = () => ({ status: 200, body: answer(now() > start + 2 * HOUR ? won : leading) });
    const seen = await takeUntil(
      listen(feed({ rereadMs: [2 * HOUR, 8 * HOUR] }), [{ ...SERIES, startsAt }]),
      () => false,
      15_000,
    );
    expect(told(seen)).toContain("series_won 0");
    const times = lpdb.asked.map(({ at }) => (at - start) / HOUR);
    expect(times[0]).toBeLessThan(0);
    expect(times[1]).toBeGreaterThan(0.3); // nothing between
    const settled = times.findIndex((at) => at > 2);
    const reads = times.slice(settled).map((at) => at - times[settled]!);
    expect(reads).toHaveLength(3);
    expect(reads[1]).toBeGreaterThanOrEqual(2);
    expect(reads[2]).toBeGreaterThanOrEqual(8);
    expect(seen.filter(isClaim).every(({ replayed }) => replayed === true)).toBe(true);
  });

  it("lets the key rest after too many requests", async () => {
    let count = 0;
    lpdb.answer = () => ((count += 1) === 1 ? { status: 429 } : { status: 200, body: answer(leading) });
    await takeUntil(listen(feed()), (all) => told(all).includes("health live"));
    expect(lpdb.asked[1]!.at - lpdb.asked[0]!.at).toBeGreaterThan(540_000);
  });

  it("says when it cannot be reached, when a record is not there, and when it is gone", async () => {
    lpdb.answer = () => ({ status: 502 });
    const events = listen(feed());
    await takeUntil(events, (all) => told(all).includes("health down"));
    lpdb.answer = () => ({ status: 200, body: answer() });
    const missing = await takeUntil(events, (all) => told(all).includes("health stale"));
    expect(reasons(missing)).toContain(`no record ${RECORD}`);
    lpdb.answer = () => ({ status: 200, body: answer(leading) });
    await takeUntil(events, (all) => told(all).includes("health live"));
    lpdb.answer = () => ({ status: 200, body: answer() });
    const gone = await takeUntil(events, (all) => told(all).includes("health invalid"));
    expect(reasons(gone)).toContain("is gone");
    lpdb.answer = () => ({ status: 200, body: "<html>" });
    expect(told(await takeUntil(events, (all) => told(all).includes("health down")))).toContain(
      "frame_quarantined",
    );
  });

  it("ends with a key that is refused, without showing it", async () => {
    lpdb.answer = () => ({ status: 403, body: { error: [KEY] } });
    const seen = await takeUntil(listen(feed()), () => false);
    expect(reasons(seen)).toContain("refused the key");
    expect(JSON.stringify(seen)).not.toContain(KEY);
    expect(lpdb.asked).toHaveLength(1);
  });

  it("leaves aside what it has no wiki or no id for", async () => {
    const seen = await takeUntil(listen(feed(), [other("a", "other"), other("x]] OR [[y::1")]), () => false);
    expect(reasons(seen)).toContain("no wiki for other");
    expect(reasons(seen)).toContain("is no match2id");
    expect(lpdb.asked).toEqual([]);
  });

  it("stops at the signal", async () => {
    lpdb.answer = () => ({ status: 200, body: answer(leading) });
    await takeUntil(listen(feed()), (all) => told(all).includes("health live"));
    abort.abort();
    const { length } = lpdb.asked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(lpdb.asked.length - length).toBeLessThanOrEqual(1);
  });

  it("is of tier C whatever is asked of it", () => {
    expect(feed()).toMatchObject({ id: "liquipedia", tier: "C", upstream: "liquipedia" });
  });
});

it("two feeds of a key that was used up do not ask at once when they may again", async () => {
  const clock = new VirtualClock({ startsAt: EPOCH });
  const asked: number[] = [];
  const transport: Transport = {
    connect: () => ({ send: () => undefined, close: () => undefined }),
    request: (): Promise<HttpResponse> => {
      asked.push(clock.monotonic() / 1e9);
      return Promise.resolve(
        asked.length === 1
          ? { status: 429, headers: { "retry-after": "600" }, body: bytesOf({}) }
          : { status: 200, headers: {}, body: bytesOf(answer(leading)) },
      );
    },
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  };
  const stop = new AbortController();
  const follow = async (): Promise<void> => {
    const own = feed({ transport, clock, httpUrl: "http://lpdb" });
    for await (const event of own.events({ matches: [SERIES], signal: stop.signal }))
      expect(event).toBeDefined();
  };
  const first = follow();
  await settle();
  clock.advance(5_000);
  const second = follow();
  await settle();
  for (let passed = 5; passed < 610; passed++) {
    clock.advance(1_000);
    await settle();
  }
  expect(asked).toEqual([0, 600, 602]);
  stop.abort();
  await Promise.all([first, second]);
});
