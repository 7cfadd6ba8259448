import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_STRATEGIES, type StrategyClass } from "@matchpoint/sdk";
import type { PlayFrame, ServerFrame } from "@matchpoint/dashboard";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Follower } from "../../src/view/index.ts";
import { Playhead } from "../../src/dashboard/playhead.ts";
import { Search } from "../../src/dashboard/search.ts";
import { Seat } from "../../src/dashboard/seat.ts";
import { Waypoints, type WaypointsOptions } from "../../src/dashboard/waypoints.ts";
import { recordedRun, viewOf, type RecordedRun } from "../view/support.ts";

const KNOWN: Readonly<Record<string, StrategyClass>> = { ...DEFAULT_STRATEGIES };
const find = (use: string): StrategyClass | undefined => KNOWN[use];

let run: RecordedRun;
let folder: string;
let journal: string;
beforeAll(async () => {
  run = await recordedRun();
  folder = mkdtempSync(join(tmpdir(), "matchpoint-seat-"));
  journal = join(folder, "run.journal.jsonl");
  writeFileSync(journal, run.journal);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function headOf(path = journal): Follower {
  const head = new Follower(path, find);
  while (head.lead(1_000) === "time");
  return head;
}

function playhead(head = headOf()): Playhead {
  return new Playhead({ head, fresh: () => new Follower(journal, find), size: () => run.journal.length });
}

function arrive(head: Playhead): PlayFrame {
  while (head.isSeeking) head.tick(0, 1_000);
  return head.frame()!;
}

describe("a follower", () => {
  it("goes on as the journal grows, also in the middle of a line", () => {
    const growing = join(folder, "growing.jsonl");
    const half = Math.floor(run.journal.length / 2);
    writeFileSync(growing, run.journal.subarray(0, half));
    const head = headOf(growing);
    const before = head.view.seq;
    expect(before).toBeGreaterThan(10);
    writeFileSync(growing, run.journal);
    while (head.lead(1_000) === "time");
    expect(head.view.seq).toBe(run.entries.length);
    expect(head.view.tables()).toEqual(viewOf(run.entries).tables());
  });

  it("shows the books when the run decided otherwise than the code that is here", () => {
    const other = new Follower(journal, (use) =>
      use === "pair-arb" ? KNOWN["model-maker"] : KNOWN["pair-arb"],
    );
    while (other.lead(1_000) === "time");
    expect(other.view.lacks.join()).toMatch(/cannot be/);
    expect(other.view.tables().header.fills).toBe(run.summary["fills"]);
  });
});

describe("a place in a run's time", () => {
  it("shows at a moment exactly what the run knew then, before and after, again and again", () => {
    const place = playhead();
    const { from, to } = arrive(place);
    for (const part of [0.7, 0.2, 0.9, 0.2, 0]) {
      const t = Math.round(from + (to - from) * part);
      expect(place.move({ type: "seek", t })).toBeUndefined();
      const at = arrive(place);
      expect(at.state).toBe("paused");
      const known = run.entries.slice(0, at.seq);
      expect(place.view.tables()).toEqual(viewOf(known).tables());
      expect(at.t).toBeLessThanOrEqual(t);
      // The next line would have been too late.
      if (at.seq < run.entries.length) expect(viewOf(run.entries.slice(0, at.seq + 1)).t).toBeGreaterThan(t);
    }
    place.move({ type: "follow" });
    expect(arrive(place)).toMatchObject({ state: "follow", seq: run.entries.length });
  });

  it("plays as fast as it is told, and stops at the end", () => {
    const place = playhead();
    const { from } = arrive(place);
    place.move({ type: "seek", t: from });
    arrive(place);
    place.move({ type: "speed", speed: 10 });
    place.move({ type: "play" });
    place.tick(1_000, 10_000);
    const { t, state } = place.frame()!;
    expect(state).toBe("playing");
    expect(t).toBeLessThanOrEqual(from + 10_000);
    expect(viewOf(run.entries.slice(0, place.view.seq + 1)).t).toBeGreaterThan(from + 10_000);
    place.tick(100_000_000, 60_000);
    expect(place.frame()).toMatchObject({ state: "paused", seq: run.entries.length });
  });

  it("stops where it is without going through the past, and steps from there", () => {
    const place = playhead();
    place.move({ type: "pause" });
    expect(place.isStill).toBe(true);
    expect(place.frame()).toMatchObject({ state: "paused", seq: run.entries.length });
    place.move({ type: "step", to: "fill", back: true });
    const fill = arrive(place);
    expect(run.entries[fill.seq - 1]!.event.type).toBe("trade_report");
    place.move({ type: "step", to: "order", back: true });
    place.move({ type: "step", to: "fill" });
    const event = run.entries[arrive(place).seq - 1]!.event;
    expect(event).toMatchObject({ type: "trade_report", status: "MATCHED" });
  });

  it("refuses what is no move", () => {
    const place = playhead();
    for (const frame of [
      { type: "speed", speed: 3 },
      { type: "seek", t: "now" },
      { type: "seek", t: NaN },
      { type: "seek_seq", seq: -1 },
      { type: "seek_seq", seq: 1e300 },
      { type: "step", to: "constructor" },
    ])
      expect(place.move(frame as never)).toMatch(/no such|that is no/);
    expect(place.state).toBe("follow");
  });
});

describe("a search", () => {
  function all(frame: object): ReturnType<Search["tick"]> {
    return new Search(journal, run.journal.length, { type: "search", id: 1, text: "", ...frame }).tick(
      60_000,
      true,
    );
  }

  it("finds lines by text, kind and market, newest first, and says when there are more", () => {
    const told = run.entries.filter(({ event }) => event.type === "trade_report");
    const fills = all({ event: "trade_report" })!;
    expect(fills).toMatchObject({ done: 1, more: false });
    expect(fills.hits.map(({ seq }) => seq)).toEqual(told.map(({ seq }) => seq).reverse());
    expect(all({ text: "TRADE_report" })!.hits).toEqual(fills.hits);
    const { event } = told[0]!;
    const market = event.type === "trade_report" ? event.marketId : "";
    expect(all({ event: "trade_report", market: "no-such" })!.hits).toEqual([]);
    expect(all({ event: "trade_report", market })!.hits.length).toBeGreaterThan(0);
    expect(all({ from: fills.hits[0]!.t, event: "trade_report" })!.hits[0]).toEqual(fills.hits[0]);
    const many = all({})!;
    expect([many.hits.length, many.more]).toEqual([200, true]);
    expect(many.hits[0]!.seq).toBe(run.entries.length);
  });

  it("refuses what is none", () => {
    for (const frame of [
      { id: "1", text: "" },
      { id: 1 },
      { id: 1, text: "x".repeat(201) },
      { id: 1, text: "", from: "a" },
    ])
      expect(Search.refusal(frame as never)).toMatch(/search/);
    expect(Search.refusal({ type: "search", id: 1, text: "ok" })).toBeUndefined();
  });
});

describe("waypoints of a journal that is over", () => {
  const all = (waypoints: Waypoints): number => {
    let turns = 0;
    while (waypoints.tick(1_000)) turns += 1;
    return turns;
  };

  it("are where it is gone back from, and what is shown there is what the run knew then", () => {
    const waypoints = new Waypoints({
      fresh: () => new Follower(journal, find),
      size: () => run.journal.length,
      longBytes: 0,
    });
    expect(all(waypoints)).toBe(3);
    let begun = 0;
    const fresh = (): Follower => {
      begun += 1;
      return new Follower(journal, find);
    };
    const place = new Playhead({ head: headOf(), fresh, size: () => run.journal.length, waypoints });
    for (const part of [0.9, 0.6, 0.3, 0.1, 0.95, 0.7]) {
      const seq = Math.round(run.entries.length * part);
      place.move({ type: "seek_seq", seq });
      expect(arrive(place)).toMatchObject({ state: "paused", seq });
      expect(place.view.tables()).toEqual(viewOf(run.entries.slice(0, seq)).tables());
    }
    // From three quarters, a half and a quarter; from the start for what is before, and when none is left.
    expect(begun).toBe(2);
    expect(all(waypoints)).toBe(3);
  });

  it("are none while it grows, or where it is short or cannot be read", () => {
    const none = (options: Partial<WaypointsOptions>): number =>
      all(new Waypoints({ fresh: () => new Follower(journal, find), size: () => 1_000, ...options }));
    expect([none({}), none({ size: () => undefined, longBytes: 0 })]).toEqual([0, 0]);
    const gone = (): Follower => new Follower(join(folder, "no such.jsonl"), find);
    expect(none({ fresh: gone, longBytes: 0 })).toBe(0);
  });
});

describe("a page's seat", () => {
  interface Fake {
    readonly sent: ServerFrame[];
    buffered: number;
    ended: number | "gone" | undefined;
    time: number;
  }

  function sit(searched = journal): { readonly seat: Seat; readonly fake: Fake } {
    const fake: Fake = { sent: [], buffered: 0, ended: undefined, time: 0 };
    const socket = {
      send: (text: string) => void fake.sent.push(JSON.parse(text) as ServerFrame),
      close: (code: number) => void (fake.ended = code),
      terminate: () => void (fake.ended = "gone"),
      get bufferedAmount() {
        return fake.buffered;
      },
    };
    const about = { state: "ended", controls: false, journal: "j", from: 0, to: 0 } as const;
    const seat = new Seat({
      socket: socket,
      playhead: playhead(),
      journal: searched,
      size: () => run.journal.length,
      about: () => about,
      now: () => fake.time,
    });
    return { seat, fake };
  }

  it("sends what there is once, and nothing while nothing changes", () => {
    const { seat, fake } = sit();
    seat.tick(0);
    const kinds = fake.sent.map(({ type }) => type);
    expect(kinds).toEqual(["play", "hello", "tables", "equity", "log"]);
    const [market] = (fake.sent[1] as Extract<ServerFrame, { type: "hello" }>).markets;
    seat.take(JSON.stringify({ type: "look", market: market!.id }));
    fake.time += 1_000;
    seat.tick(1_000);
    expect(fake.sent.slice(5).map(({ type }) => type)).toEqual(["chart", "ladder"]);
    for (let i = 0; i < 20; i++) {
      fake.time += 1_000;
      seat.tick(1_000);
    }
    expect(fake.sent).toHaveLength(7);
  });

  it("tells why a search failed, and shows the run all the same", () => {
    const { seat, fake } = sit(join(folder, "taken away.jsonl"));
    seat.tick(0);
    seat.take(JSON.stringify({ type: "search", id: 4, text: "x".repeat(300) }));
    seat.take(JSON.stringify({ type: "search", id: 5, text: "fill" }));
    for (let i = 0; i < 3; i++) seat.tick((fake.time += 1_000));
    const errors = fake.sent.filter(({ type }) => type === "error");
    expect(errors).toEqual([
      expect.objectContaining({ code: "SEARCH_REFUSED", search: 4, last: false }),
      expect.objectContaining({ code: "SEARCH_FAILED", search: 5, last: false }),
    ]);
    seat.take('{"type":"seek_seq","seq":20}');
    for (let i = 0; i < 50; i++) seat.tick((fake.time += 1_000));
    expect(fake.sent.findLast(({ type }) => type === "play")).toMatchObject({ state: "paused", seq: 20 });
  });

  it("sends a slow page nothing more until it has caught up, and lets go of one that never does", () => {
    const { seat, fake } = sit();
    fake.buffered = 1_000_000;
    seat.tick(0);
    expect(fake.sent).toEqual([]);
    fake.buffered = 0;
    fake.time = 5_000;
    seat.tick(0);
    expect(fake.sent.length).toBeGreaterThan(3);
    fake.buffered = 1_000_000;
    seat.tick(0);
    fake.time = 40_000;
    seat.tick(0);
    expect(fake.ended).toBe("gone");
  });

  it("ends a page that sends what no page sends, or too much", () => {
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"type":"kill"}',
      '{"type":"look","market":5}',
      '{"type":["look"]}',
    ]) {
      const { seat, fake } = sit();
      seat.take(text);
      expect(fake.ended, text).toBe(1008);
    }
    const { seat, fake } = sit();
    for (let i = 0; i < 60; i++) seat.take('{"type":"look","market":null}');
    expect(fake.ended).toBeUndefined();
    seat.take('{"type":"look","market":null}');
    expect(fake.ended).toBe(1008);
  });
});
