import {
  VirtualClock,
  type CoreEvent,
  type HttpResponse,
  type MatchDescription,
  type Transport,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createPandascoreDecoder, createPandascoreFeed } from "../../src/index.ts";
import { bytesOf, CS, decode, EPOCH, stampAt, told } from "../support.ts";
import { game, match, results } from "./messages.ts";

const HOUR = 3_600;
const time = (seconds: number): string => new Date(EPOCH + seconds * 1000).toISOString();

const wolves = { ...results(2, 0), winner_id: 1 };
const otters = { ...results(1, 2), winner_id: 2 };
const finished = (winner: object, seconds: number, more: object = {}): object =>
  match("finished", [game(1, "finished", 1), game(2, "finished", winner === wolves ? 1 : 2)], {
    ...winner,
    modified_at: time(seconds),
    ...more,
  });
const change = (object: object, seconds: number, more: object = {}): object => ({
  change_type: "update",
  type: "match",
  id: 1616952,
  modified_at: time(seconds),
  object,
  ...more,
});

/** Lets promises run that wait for nothing else. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 300; turn++) await Promise.resolve();
};

/** PandaScore's REST, on a clock that is moved by hand. */
function stage(matches: readonly MatchDescription[] = [CS]) {
  const clock = new VirtualClock({ startsAt: EPOCH });
  const asked: { readonly at: number; readonly url: URL }[] = [];
  const world = {
    match: (ref: string): object => finished(wolves, 0, { id: Number(ref) }),
    log: (url: URL): { readonly status: number; readonly body: unknown } => ({
      status: url.pathname === "/incidents" ? 200 : 404,
      body: [],
    }),
  };
  const transport: Transport = {
    connect: () => ({ send: () => undefined, close: () => undefined }),
    request: (request): Promise<HttpResponse> => {
      const url = new URL(request.url);
      asked.push({ at: clock.monotonic() / 1e9, url });
      const isLog = url.pathname === "/incidents";
      const { status, body } = isLog
        ? world.log(url)
        : { status: 200, body: world.match(url.pathname.split("/").at(-1)!) };
      return Promise.resolve({ status, headers: {}, body: bytesOf(body) });
    },
  };
  const abort = new AbortController();
  const feed = createPandascoreFeed({
    transport,
    clock,
    apiToken: () => Promise.resolve({ reveal: () => "t" }),
  });
  const seen: CoreEvent[] = [];
  const reading = (async () => {
    for await (const event of feed.events({ matches, signal: abort.signal })) seen.push(event);
  })();
  /** Moves on to a time in seconds, from timer to timer. */
  const until = async (seconds: number): Promise<void> => {
    await settle();
    for (;;) {
      const next = clock.next();
      if (next === undefined || next / 1e9 > seconds) break;
      clock.advance((next - clock.monotonic()) / 1e6);
      await settle();
    }
    clock.advance(seconds * 1_000 - clock.monotonic() / 1e6);
    await settle();
  };
  const count = (path: RegExp, from: number, to: number): number =>
    asked.filter(({ at, url }) => path.test(url.pathname) && at >= from && at < to).length;
  return { clock, world, asked, seen, abort, reading, until, count };
}

describe("corrections after the end", () => {
  it("are heard for a day, by the log of changes", async () => {
    const { world, seen, until, reading, clock } = stage();
    await until(20 * HOUR);
    expect(told(seen)).toContain("series_won 0");
    world.log = () => ({ status: 200, body: [change(finished(otters, 20 * HOUR), 20 * HOUR)] });
    await until(20 * HOUR + 180);
    const steps = told(seen);
    expect(steps).toContain("retracted 2 correction");
    expect(steps.slice(steps.indexOf("retracted 2 correction"))).toContain("series_won 1");
    world.match = () => finished(otters, 20 * HOUR);
    await until(24 * HOUR + 60);
    await reading; // a day after the end it is over
    expect(clock.next()).toBeUndefined();
  });

  it("cost little: what is over takes nothing from what is played", async () => {
    const others = Array.from({ length: 40 }, (_, index): MatchDescription => ({
      ...CS,
      matchId: `over-${index}` as MatchDescription["matchId"],
      refs: { pandascore: { match: String(5000 + index), teams: ["1", "2"] } },
    }));
    const { world, until, count, abort, reading } = stage([CS, ...others]);
    world.match = (ref) =>
      ref === "1616952"
        ? match("running", [game(1, "running")], { live: { supported: false } })
        : finished(wolves, 0, { id: Number(ref) });
    await until(3 * HOUR);
    expect(count(/1616952/, 2 * HOUR, 3 * HOUR)).toBeGreaterThan(340); // every ten seconds
    expect(count(/./, 2 * HOUR, 3 * HOUR)).toBeLessThan(500);
    expect(count(/incidents/, 2 * HOUR, 3 * HOUR)).toBeGreaterThan(25);
    abort.abort();
    await reading;
  });

  it("ask the log for what is new, page by page, and for the match itself when there is too much", async () => {
    const { world, asked, until, count, abort, reading } = stage();
    await until(HOUR - 300);
    const busy = Array.from({ length: 100 }, (_, index) => ({
      change_type: "update",
      type: "player",
      id: index,
      modified_at: time(HOUR - 400),
      object: {},
    }));
    world.log = (url) => ({
      status: 200,
      body: Number(url.searchParams.get("page[number]")) < 3 ? busy : [],
    });
    await until(HOUR - 100);
    const pages = asked.filter(({ at, url }) => at > HOUR - 300 && url.pathname === "/incidents");
    expect(pages.slice(0, 3).map(({ url }) => url.searchParams.get("page[number]"))).toEqual(["1", "2", "3"]);
    await until(HOUR + 100);
    expect(asked.at(-1)!.url.searchParams.get("since")).toBe(time(HOUR - 400));
    const before = count(/matches/, 0, 2 * HOUR);
    world.log = () => ({ status: 200, body: busy });
    await until(HOUR + 300);
    expect(count(/matches/, 0, 2 * HOUR)).toBeGreaterThan(before);
    abort.abort();
    await reading;
  });

  it("are found by asking for the match more often when the log cannot be read", async () => {
    const { world, seen, until, abort, reading } = stage();
    await until(HOUR);
    world.log = () => ({ status: 404, body: { error: "not found" } });
    await until(2 * HOUR);
    world.match = () => finished(otters, 2 * HOUR);
    await until(2 * HOUR + 310);
    expect(told(seen)).toContain("series_won 1");
    abort.abort();
    await reading;
  });

  it("end with a match that is deleted, and say so", async () => {
    const { world, seen, until, reading } = stage();
    await until(HOUR);
    const deleted = change({ deleted_at: time(HOUR), reason: "duplicate", videogame_id: 3 }, HOUR, {
      change_type: "deletion",
    });
    world.log = () => ({ status: 200, body: [deleted] });
    await until(HOUR + 300);
    await reading;
    expect(seen.at(-1)).toMatchObject({ health: "down", reason: "PandaScore has deleted match 1616952" });
    expect(told(seen)).not.toContain("frame_quarantined");
  });
});

describe("a deletion", () => {
  const deletion = (seconds: number): object =>
    change({ deleted_at: time(seconds), reason: "duplicate", videogame_id: 3 }, seconds, {
      change_type: "deletion",
    });

  it.each([
    ["after a change", 50, true],
    ["before a change, which is of a match that was put back", 80, false],
  ])("%s counts, in whatever order the log has them", (_when, changedAt, deleted) => {
    for (const page of [
      [change(finished(wolves, changedAt), changedAt), deletion(60)],
      [deletion(60), change(finished(wolves, changedAt), changedAt)],
    ]) {
      const decoder = createPandascoreDecoder({ matches: [CS] });
      decode(decoder, finished(wolves, 0), stampAt(1_000));
      decode(decoder, page, stampAt(100_000));
      expect(decoder.status(CS.matchId)?.deleted).toBe(deleted);
    }
  });
});

describe("a match that is far off", () => {
  it("is asked for rarely until shortly before it, and so is one without a date", async () => {
    const { world, until, count, abort, reading } = stage();
    world.match = () =>
      match("not_started", [], { scheduled_at: time(6 * HOUR), live: { supported: false, opens_at: null } });
    await until(5 * HOUR);
    expect(count(/matches/, 0, 5 * HOUR)).toBeLessThan(70);
    await until(6 * HOUR);
    expect(count(/matches/, 5.75 * HOUR, 6 * HOUR)).toBeGreaterThan(80);
    world.match = () => match("postponed", [], { scheduled_at: null });
    await until(8 * HOUR);
    expect(count(/matches/, 7 * HOUR, 8 * HOUR)).toBeLessThan(14);
    abort.abort();
    await reading;
  });
});

describe("older statements", () => {
  it("take nothing back: a cache, or an earlier entry of the log, in any order", () => {
    const decoder = createPandascoreDecoder({ matches: [CS] });
    const said = [
      ...decode(decoder, finished(wolves, 10), stampAt(20_000)),
      ...decode(decoder, finished(otters, 30), stampAt(40_000)),
      ...decode(
        decoder,
        [change(finished(otters, 30), 30), change(finished(wolves, 10), 10)],
        stampAt(50_000),
      ),
      ...decode(decoder, finished(wolves, 10), stampAt(60_000)),
    ];
    expect(told(said).filter((step) => step.startsWith("series_won"))).toEqual([
      "series_won 0",
      "series_won 1",
    ]);
    expect(decoder.stats.late).toBe(2);
    expect(decoder.status(CS.matchId)?.polledAt).toBe(stampAt(60_000).at);
  });

  it("are not all that comes after a time from the future", () => {
    const decoder = createPandascoreDecoder({ matches: [CS] });
    decode(decoder, finished(wolves, 0, { modified_at: "2999-01-01T00:00:00Z" }), stampAt(20_000));
    const said = decode(decoder, finished(otters, 30), stampAt(40_000));
    expect(told(said)).toContain("series_won 1");
  });

  it("of other matches are not looked into", () => {
    const decoder = createPandascoreDecoder({ matches: [CS] });
    const said = decode(
      decoder,
      [change({ id: 9, status: 7 }, 0, { id: 9 }), finished(wolves, 0)],
      stampAt(1_000),
    );
    expect(told(said)).toContain("series_won 0");
    expect(told(said)).not.toContain("frame_quarantined");
    expect(decoder.stats.foreign).toBe(1);
  });
});
