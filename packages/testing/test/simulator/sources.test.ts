import { describe, expect, it } from "vitest";
import {
  FAULTS,
  simulateMatch,
  type FaultName,
  type SimFrame,
  type SimulationOptions,
} from "../../src/index.ts";
import { Outbox } from "../../src/simulator/outbox.ts";
import { Prng } from "../../src/simulator/prng.ts";
import { Link, type LinkOptions } from "../../src/simulator/sources/link.ts";
import type { Wire } from "./wire.ts";

const CLEAN = { duplicates: 0, swaps: 0, hostile: 0 } as const;
const decoder = new TextDecoder();

interface Seen {
  readonly at: number;
  readonly json: Wire;
  readonly fault: SimFrame["fault"];
}

/** The frames of one channel, read; hostile ones left out. */
function read(options: SimulationOptions, ...channels: string[]): Seen[] {
  const match = simulateMatch(options);
  const seen: Seen[] = [];
  for (const { receivedAtMs, channel, bytes, fault } of match.frames()) {
    if (!channels.includes(channel) || fault === "hostile") continue;
    seen.push({ at: receivedAtMs - match.startsAt, json: JSON.parse(decoder.decode(bytes)), fault });
  }
  return seen;
}

function only(fault: FaultName): Partial<Record<FaultName, boolean>> {
  return { [fault]: true };
}

const types = (seen: readonly Seen[]): string[] =>
  seen.flatMap(({ json }) => json.events.map((event: Wire) => event.type));

/** Applies signed deltas by the documented rules: numbers add up, flags and texts replace, lists are keyed by id. */
function patch(state: Wire, delta: Wire): Wire {
  const next: Wire = { ...state };
  for (const [key, value] of Object.entries<Wire>(delta)) {
    if (typeof value === "number" && key !== "sequenceNumber") next[key] = Number(next[key] ?? 0) + value;
    else if (Array.isArray(value)) {
      const list: Wire[] = [...(next[key] ?? [])];
      for (const item of value) {
        const index = list.findIndex((each) => each.id === item.id);
        if (index === -1) list.push(patch({}, item));
        else list[index] = patch(list[index], item);
      }
      next[key] = list;
    } else if (typeof value === "object" && value !== null) next[key] = patch(next[key] ?? {}, value);
    else next[key] = value;
  }
  return next;
}

describe("the source of GRID's shape", { timeout: 60_000 }, () => {
  it.each(["lol", "cs2"] as const)(
    "tells a series of %s whose deltas add up to the states that it gives",
    (title) => {
      const options = { seed: 3, title, bestOf: 3, faults: "none", grid: CLEAN } as const;
      const match = simulateMatch(options);
      const seen = read(options, "grid");
      expect(seen.map(({ json }) => json.sequenceNumber)).toEqual(seen.map((_, index) => index + 1));
      let state: Wire = {};
      let samples = 0;
      for (const { json, at } of seen) {
        const occurred = Date.parse(json.occurredAt) - match.startsAt;
        expect(at - occurred).toBeGreaterThanOrEqual(400);
        expect(at - occurred).toBeLessThanOrEqual(1_501);
        for (const event of json.events) {
          expect(event.type).toBe(`${event.actor.type}-${event.action}-${event.target.type}`);
          if (event.seriesStateDelta !== undefined) state = patch(state, event.seriesStateDelta);
          if (event.seriesState === undefined) continue;
          samples += 1;
          const given = event.seriesState.games.at(-1);
          const known = state.games.at(-1);
          expect(known.id).toBe(given.id);
          for (const team of given.teams) {
            const own = known.teams?.find((each: Wire) => each.id === team.id) ?? {};
            expect([own.score ?? 0, own.kills ?? 0]).toEqual([team.score, team.kills]);
          }
          for (const team of event.seriesState.teams) {
            expect(state.teams?.find((each: Wire) => each.id === team.id)?.score ?? 0).toBe(team.score);
          }
        }
      }
      expect(samples).toBeGreaterThan(50);
      const reference = match.reference();
      const teams = match.description.refs!.grid!.teams;
      expect(teams.map((id) => state.teams.find((team: Wire) => team.id === id)?.score ?? 0)).toEqual(
        reference.maps,
      );
      expect(state.teams.find((team: Wire) => team.id === teams[reference.winner]).won).toBe(true);
      expect([state.finished, types(seen).at(-1)]).toEqual([true, "grid-ended-feed"]);
    },
  );

  it("takes a game back and tells it again under a new id", () => {
    const seen = read({ seed: 3, title: "cs2", bestOf: 1, faults: only("rollback"), grid: CLEAN }, "grid");
    const names = types(seen);
    const [from, to] = [names.indexOf("grid-invalidated-series"), names.indexOf("grid-validated-series")];
    expect(from).toBeGreaterThan(0);
    const between = names.slice(from + 1, to);
    expect(between.length).toBeGreaterThan(20);
    expect(between.every((name) => name.includes("-!"))).toBe(true);
    expect(between.at(-1)).toBe("series-!started-game");
    expect(names[to + 1]).toBe("series-started-game");
    const events = seen.flatMap(({ json }) => json.events);
    const ids = new Map<string, Wire>();
    let state: Wire = {};
    for (const event of events) {
      if (event.revertedEventId !== undefined) {
        const first = ids.get(event.revertedEventId);
        expect(first.type).toBe(event.type.replace("!", ""));
      }
      ids.set(event.id, event);
      if (event.seriesStateDelta !== undefined) state = patch(state, event.seriesStateDelta);
    }
    const [old, fresh] = state.games;
    expect(old.id).not.toBe(fresh.id);
    expect(old.started).toBe(false);
    expect(old.teams.map((team: Wire) => [team.score ?? 0, team.kills ?? 0])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(Math.max(...fresh.teams.map((team: Wire) => team.score))).toBeGreaterThanOrEqual(13);
  });

  it("takes back a win that it has claimed too early", () => {
    const seen = read({ seed: 3, title: "lol", bestOf: 1, faults: only("false_win"), grid: CLEAN }, "grid");
    const words = types(seen).filter((name) => /won-game|ended-game|validated/.test(name));
    expect(words).toEqual([
      "team-won-game",
      "series-ended-game",
      "grid-invalidated-series",
      "series-!ended-game",
      "team-!won-game",
      "grid-validated-series",
      "team-won-game",
      "series-ended-game",
    ]);
  });

  it("loses transactions and has them sent again", () => {
    const seen = read({ seed: 4, title: "cs2", bestOf: 1, faults: only("gap"), grid: CLEAN }, "grid");
    const numbers = seen.map(({ json }) => json.sequenceNumber);
    const first = numbers.findIndex((number, index) => number !== index + 1);
    expect(first).toBeGreaterThan(0);
    const again = seen.filter(({ fault }) => fault === "replayed").map(({ json }) => json.sequenceNumber);
    expect(again[0]).toBe(first + 1);
    expect(again).toEqual(again.map((_, index) => first + 1 + index));
    expect(new Set(numbers).size).toBe(Math.max(...numbers));
  });

  it("sends a burst several times and out of order", () => {
    const seen = read({ seed: 4, title: "cs2", bestOf: 1, faults: only("burst"), grid: CLEAN }, "grid");
    const numbers = seen.map(({ json }) => json.sequenceNumber);
    expect(seen.filter(({ fault }) => fault === "duplicate").length).toBeGreaterThan(5);
    expect(numbers.some((number, index) => number < (numbers[index - 1] ?? 0))).toBe(true);
    expect(new Set(numbers).size).toBe(Math.max(...numbers));
  });

  it("plays a game again that was broken off", () => {
    const options = { seed: 5, title: "lol", bestOf: 1, faults: only("remake"), grid: CLEAN } as const;
    expect(simulateMatch(options).reference().games[0]!.starts).toBe(2);
    const seen = read(options, "grid", "pandascore.frames");
    const grid = seen.filter(({ json }) => json.events !== undefined);
    const words = types(grid).filter((name) => /(started|won|ended)-game$/.test(name));
    expect(words).toEqual([
      "series-started-game",
      "series-ended-game",
      "series-started-game",
      "team-won-game",
      "series-ended-game",
    ]);
    const clocks = seen
      .filter(({ json }) => json.blue !== undefined)
      .map(({ json }) => json.current_timestamp);
    expect(clocks.some((clock, index) => clock < (clocks[index - 1] ?? 0) - 60)).toBe(true);
  });
});

describe("the source of PandaScore's shape", { timeout: 60_000 }, () => {
  const options = { seed: 9, title: "lol", bestOf: 3, faults: "none", pandascore: CLEAN } as const;

  it("knows in the end what happened, and shows the running game every two seconds, late", () => {
    const match = simulateMatch(options);
    const reference = match.reference();
    const seen = read(options, "pandascore.match", "pandascore.frames");
    const last = seen.filter(({ json }) => json.opponents !== undefined).at(-1)!.json;
    const ids = match.description.refs!.pandascore!.teams.map(Number);
    expect([last.status, last.winner_id]).toEqual(["finished", ids[reference.winner]]);
    expect(last.results.find((each: Wire) => each.team_id === ids[0]).score).toBe(reference.maps[0]);
    expect(last.games.map((game: Wire) => game.winner.id)).toEqual(
      reference.games.map(({ winner }) => (winner === undefined ? null : ids[winner])),
    );
    expect(last.games.map((game: Wire) => game.status)).toEqual(
      reference.games.map(({ status }) => (status === "played" ? "finished" : "not_played")),
    );
    const frames = seen.filter(({ json }) => json.blue !== undefined);
    expect(seen.some(({ json }) => json.type === "hello" && json.payload.winner_id === "null")).toBe(true);
    const gaps = frames.slice(1).map(({ at }, index) => at - frames[index]!.at);
    expect(gaps.filter((gap) => gap > 1_500 && gap < 2_500).length / gaps.length).toBeGreaterThan(0.98);
    const wins = reference.games.filter(({ winner }) => winner !== undefined);
    wins.forEach(({ wonAtMs, winner, game }) => {
      const told = frames.find(({ json }) => json.game.id === last.games[game - 1].id && json.game.finished)!;
      expect(told.json.game.winner_id).toBe(ids[winner!]);
      expect(told.at + match.startsAt - wonAtMs!).toBeGreaterThan(4_000);
      expect(told.at + match.startsAt - wonAtMs!).toBeLessThan(15_000);
    });
  });

  it("never says who has won before the game is over", () => {
    const match = simulateMatch(options);
    const ends = match.reference().games.map(({ wonAtMs }) => wonAtMs ?? Infinity);
    const first = match.description.refs!.pandascore!.match;
    for (const { at, json } of read(options, "pandascore.match", "pandascore.frames")) {
      const now = at + match.startsAt;
      const over = ends.filter((end) => end < now).length;
      if (json.results !== undefined) {
        expect(String(json.id)).toBe(first);
        expect(Number(json.results[0].score) + Number(json.results[1].score)).toBeLessThanOrEqual(over);
      } else if (json.blue !== undefined) {
        expect(Number(json.blue.score) + Number(json.red.score)).toBeLessThanOrEqual(over);
        expect(json.game.winner_id === null || json.game.finished).toBe(true);
      }
    }
  });

  it("has a wrong winner for a while", () => {
    const wrong = { ...options, bestOf: 1, faults: only("wrong_winner") } as const;
    const match = simulateMatch(wrong);
    const ids = match.description.refs!.pandascore!.teams.map(Number);
    const told = read(wrong, "pandascore.match")
      .map(({ json }) => json.games[0].winner.id)
      .filter((id) => id !== null);
    const { winner } = match.reference();
    const turn = told.indexOf(ids[winner]);
    expect(turn).toBeGreaterThan(0);
    expect(told.slice(0, turn).every((id) => id === ids[1 - winner])).toBe(true);
    expect(told.slice(turn).every((id) => id === ids[winner])).toBe(true);
  });
});

describe("fault scripts", { timeout: 60_000 }, () => {
  it("stay away unless they are asked for", () => {
    const options = {
      seed: 14,
      title: "cs2",
      bestOf: 1,
      faults: "none",
      grid: CLEAN,
      pandascore: CLEAN,
      market: { hostile: 0 },
    } as const;
    const match = simulateMatch(options);
    let odd = 0;
    for (const frame of match.frames()) {
      if (frame.fault !== undefined || frame.event?.type === "book_continuity") odd += 1;
    }
    expect([odd, match.faults]).toEqual([0, []]);
  });

  it("are chosen by the seed when they come occasionally", () => {
    const chosen = Array.from(
      { length: 60 },
      (_, seed) => simulateMatch({ seed, title: "lol", bestOf: 1 }).faults,
    );
    expect(new Set(chosen.flat()).size).toBe(Object.keys(FAULTS).length);
    expect(chosen.flat().length).toBeLessThan(60 * Object.keys(FAULTS).length * 0.3);
    expect(simulateMatch({ seed: 1, title: "lol", bestOf: 1, faults: "all" }).faults.length).toBe(
      Object.keys(FAULTS).length,
    );
  });

  it("silence a source with its socket open", () => {
    for (const seed of [1, 2, 3, 4]) {
      const options = {
        seed,
        title: "lol",
        bestOf: 1,
        faults: only("stall"),
        grid: CLEAN,
        pandascore: CLEAN,
      } as const;
      const match = simulateMatch(options);
      const { startedAtMs, wonAtMs } = match.reference().games[0]!;
      const last = { grid: startedAtMs!, "pandascore.frames": startedAtMs! };
      const most = { grid: 0, "pandascore.frames": 0 };
      for (const { receivedAtMs: now, channel } of match.frames()) {
        if (!(channel in last) || now < startedAtMs! || now > wonAtMs!) continue;
        const source = channel as keyof typeof last;
        most[source] = Math.max(most[source], now - last[source]);
        last[source] = now;
      }
      const silences = Object.values(most);
      expect(silences.filter((silence) => silence > 40_000).length).toBe(1);
    }
  });

  it("keep a source away until the game is half over", () => {
    for (const seed of [1, 2, 3]) {
      const options = {
        seed,
        title: "lol",
        bestOf: 1,
        faults: only("late_source"),
        grid: CLEAN,
        pandascore: CLEAN,
      } as const;
      const firsts = ["grid", "pandascore.frames"].map((channel) => read(options, channel)[0]!.at);
      expect(firsts.filter((first) => first > 13 * 60_000).length).toBe(1);
    }
  });

  it("lose the market channel and bring it back with whole books", () => {
    const options = {
      seed: 2,
      title: "lol",
      bestOf: 1,
      faults: only("market_outage"),
      market: { hostile: 0 },
    } as const;
    const match = simulateMatch(options);
    const states: string[] = [];
    let lostAt = 0;
    let during = 0;
    let first = "";
    for (const { event, channel, receivedAtMs, bytes } of match.frames()) {
      if (event?.type === "book_continuity") {
        states.push(event.state);
        if (event.state === "disconnected") lostAt = receivedAtMs;
      } else if (channel === "polymarket.market" && lostAt > 0) {
        if (!states.includes("resynced") && receivedAtMs > lostAt + 1_000) during += 1;
        else if (states.includes("resynced") && first === "") first = decoder.decode(bytes.subarray(0, 20));
      }
    }
    expect(states).toEqual(["disconnected", "disconnected", "resynced", "resynced"]);
    expect(during).toBe(0);
    expect(first.startsWith('[{"event_type":"book')).toBe(true);
  });

  it.each([
    { seed: 0.5, title: "lol", bestOf: 1 },
    { seed: 1, title: "chess", bestOf: 1 },
    { seed: 1, title: "lol", bestOf: 2 },
    { seed: 1, title: "lol", bestOf: 1, faults: { meteor: true } },
    { seed: 1, title: "lol", bestOf: 1, grid: { lagMs: { min: 5, typical: 4, max: 9 } } },
    { seed: 1, title: "lol", bestOf: 1, grid: { hostile: 2 } },
    { seed: 1, title: "lol", bestOf: 1, takerDelayMs: NaN },
    { seed: 1, title: "lol", bestOf: 1, resolveAfterMs: { min: 9, max: 3 } },
  ])("cannot be asked for what does not exist: %j", (options) => {
    expect(() => simulateMatch(options as SimulationOptions)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});

describe("a link", () => {
  const link = (options: Partial<LinkOptions>): { outbox: Outbox; link: Link } => {
    const outbox = new Outbox();
    const tuning = { duplicates: 0, swaps: 0, hostile: 0, spoil: () => "x", ...options };
    return { outbox, link: new Link(outbox, "grid", new Prng(1, "link"), tuning) };
  };
  const received = (outbox: Outbox): string[] => {
    const bodies: string[] = [];
    for (let next = outbox.pop(); next !== undefined; next = outbox.pop()) bodies.push(String(next.body));
    return bodies;
  };

  it("keeps the order of what is sent, whatever the lag", () => {
    const { outbox, link: wire } = link({});
    [900, 100, 500, 5].forEach((lag, index) => {
      wire.send(index * 10, lag, String(index));
    });
    expect(received(outbox)).toEqual(["0", "1", "2", "3"]);
  });

  it("sends everything since the first lost frame again, and loses nothing after that", () => {
    const { outbox, link: wire } = link({});
    const send = (now: number): void => {
      wire.send(now, 50, String(now));
    };
    send(10);
    wire.lose(20, 5);
    [30, 40].forEach(send);
    wire.reconnect(1_000);
    [1_100, 1_200].forEach(send);
    expect(received(outbox)).toEqual(["10", "30", "40", "1100", "1200"]);
  });

  it("holds back while it is silent and drops or keeps what comes before it opens", () => {
    const silent = link({});
    silent.link.silence(100, 5_000);
    silent.link.send(150, 10, "a");
    silent.link.send(6_000, 10, "b");
    expect(silent.outbox.next).toBe(5_000);
    expect(received(silent.outbox)).toEqual(["a", "b"]);
    for (const keeps of [true, false]) {
      const late = link({});
      late.link.openAt(1_000, keeps);
      late.link.send(10, 10, "early");
      late.link.send(2_000, 10, "later");
      expect(received(late.outbox)).toEqual(keeps ? ["early", "later"] : ["later"]);
    }
  });

  it("doubles, holds up and spoils as many frames as it is told to", () => {
    const all = link({ duplicates: 1, hostile: 1 });
    all.link.send(0, 10, "a");
    expect(received(all.outbox).sort()).toEqual(["a", "a", "x"]);
    const slow = link({ swaps: 1 });
    slow.link.send(0, 10, "a");
    expect(slow.outbox.next).toBeGreaterThan(39);
  });
});
