import {
  Secret,
  VirtualClock,
  type HttpResponse,
  type MatchDescription,
  type Transport,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { MATCH_SOURCES } from "../../src/feeds/matchSources.ts";

const match: MatchDescription = {
  matchId: "m" as MatchDescription["matchId"],
  title: "lol",
  teams: [{ name: "Wolves" }, { name: "Otters" }],
  bestOf: 3,
  refs: { pandascore: { match: "7", teams: ["1", "2"] } },
};

const running = {
  id: 7,
  status: "running",
  games: [],
  results: [],
  live: { supported: true, opens_at: null },
};

/** Which sockets PandaScore's feed opens with these options, and how often it polls in ten minutes. */
async function follow(options: object): Promise<{ readonly sockets: string[]; readonly polls: number }> {
  const clock = new VirtualClock({ startsAt: 1_780_000_000_000 });
  const sockets: string[] = [];
  let polls = 0;
  const transport: Transport = {
    connect: (url) => {
      sockets.push(new URL(url).pathname);
      return { send: () => undefined, close: () => undefined };
    },
    request: (): Promise<HttpResponse> => {
      polls += 1;
      const body = new TextEncoder().encode(JSON.stringify(running));
      return Promise.resolve({ status: 200, headers: {}, body });
    },
  };
  const source = MATCH_SOURCES["pandascore"]!;
  const feed = source.create(
    source.schema.parse(options),
    { transport, clock },
    () => async () => new Secret("t"),
  );
  const abort = new AbortController();
  const reading = (async () => {
    let last = 0;
    for await (const { at } of feed.events({ matches: [match], signal: abort.signal })) last = at;
    return last;
  })();
  for (let second = 0; second < 600; second++) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    clock.advance(1_000);
  }
  abort.abort();
  await reading;
  return { sockets: [...new Set(sockets)], polls };
}

describe("PandaScore as a configuration names it", () => {
  it("listens to events only when it is told to, and to frames always", async () => {
    expect((await follow({})).sockets).toEqual(["/matches/7"]);
    expect((await follow({ events: true })).sockets).toEqual(["/matches/7", "/matches/7/events"]);
  });

  it("asks no more often than the plan allows", async () => {
    expect((await follow({})).polls).toBeGreaterThan(55);
    expect((await follow({ requests_per_hour: 100 })).polls).toBeLessThan(20);
  });
});

describe("what a plan or key allows", () => {
  it.each([
    ["pandascore", {}],
    ["liquipedia", { contact: "bots@example.org" }],
  ])("is a whole number of requests for %s", (name, options) => {
    const { schema } = MATCH_SOURCES[name]!;
    expect(schema.safeParse({ ...options, requests_per_hour: 30 }).success).toBe(true);
    for (const wrong of [0, -1, 1.5, "60", 1e6])
      expect(schema.safeParse({ ...options, requests_per_hour: wrong }).success).toBe(false);
  });
});
