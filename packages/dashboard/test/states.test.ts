import { describe, expect, it } from "vitest";
import type { PlayFrame, ServerFrame } from "../src/frames.ts";
import { Store } from "../src/store/index.ts";
import { chartState, equityState, ladderState, searchState, staleness, stateOf } from "../src/ui/state.ts";
import { FakeMarket } from "./support/fakeRun.ts";
import { tablesOf } from "./support/fakeTables.ts";

const SEARCH = 3;
/** What each kind of panel says, of what the page knows. */
const PANELS = {
  tables: (store: Store) => stateOf(store, store.tables?.markets.length, "none"),
  log: (store: Store) => stateOf(store, store.tables && store.log.length, "none", "log"),
  chart: (store: Store) => chartState(store),
  equity: (store: Store) => equityState(store),
  ladder: (store: Store) => ladderState(store, undefined),
  search: (store: Store) => searchState(store, SEARCH),
};

let seq = 0;
const market = new FakeMarket(0, 7, () => seq++);
for (let i = 0; i < 60; i++) market.step(1_000);
const play: PlayFrame = { type: "play", state: "follow", t: 1, seq: 1, from: 0, to: 1, speed: 1 };
const FRAMES = [
  {
    type: "hello",
    version: 1,
    run: "run-1",
    mode: "paper",
    state: "growing",
    controls: true,
    from: 0,
    to: 1,
    journal: "j",
    strategies: [],
    markets: [market.name()],
    sources: ["grid"],
    lacks: [],
  },
  play,
  tablesOf([market], false, false),
  market.chart(0, 0),
  market.ladder(),
  { type: "log", whole: true, lines: [{ seq: 1, t: 1, kind: "run", level: "info", text: "begun" }] },
  {
    type: "equity",
    from: 0,
    points: { t: [1, 2], equity: [1, 2], drawdown: [0, 0], realized: [0, 0], exposure: [0, 0] },
  },
  { type: "found", id: SEARCH, hits: [], more: false, done: 1 },
] as const satisfies readonly ServerFrame[];

/** A page that is connected, with all that a run sends or with nothing yet. */
function page(full: boolean): Store {
  const store = new Store(() => undefined);
  store.setLink({ kind: "open" });
  if (full) for (const frame of FRAMES) store.take(frame);
  store.flush();
  return store;
}

function said(store: Store): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PANELS).map(([name, of]) => {
      const state = of(store);
      return [name, "text" in state ? `${state.kind}: ${state.text}` : state.kind];
    }),
  );
}

const all = (text: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.keys(PANELS).map((name) => [name, text]));
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const last: ServerFrame = { type: "error", code: "JOURNAL_CORRUPT", text: "line 7", last: true };

describe("a panel", () => {
  it("shows what it has when everything came, and waits for what may still come", () => {
    expect(said(page(true))).toEqual(all("good"));
    expect(said(page(false))).toEqual({ ...all("empty: Waiting for the run…"), search: "good" });
  });

  it.each<[string, (store: Store) => unknown, RegExp, RegExp]>([
    [
      "the connection is lost",
      (store) => {
        store.setLink({ kind: "lost", since: 0 });
      },
      /^error: Not connected to the run since 00:00:00; it is tried again/,
      /^stale: not connected · as of \d\d:/,
    ],
    [
      "the page is refused",
      (store) => {
        store.setLink({ kind: "refused", text: "why" });
      },
      /^error: Not connected: see above/,
      /^stale: not connected · as of/,
    ],
    [
      "the thread cannot go on",
      (store) => store.take(last),
      /^error: Nothing more comes \(JOURNAL_CORRUPT\): see above/,
      /^stale: nothing more comes · as of/,
    ],
    [
      "what comes cannot be read",
      (store) => {
        for (const { type } of FRAMES) if (type !== "play" && type !== "hello") store.take({ type } as never);
      },
      /^error: What came cannot be read: see above/,
      /^stale: what came cannot be read · as of/,
    ],
  ])("says that %s, and as of when what it shows is", (_, happens, without, before) => {
    const bare = page(false);
    happens(bare);
    expect(said(bare)).toEqual(all(like(without)));
    const full = page(true);
    happens(full);
    expect(said(full)).toEqual(all(like(before)));
    // Of what was nothing it says so too.
    expect(stateOf(full, 0, "Nothing is held.")).toMatchObject({
      kind: "empty",
      text: like(/^Nothing is held\. \(.* · as of \d\d:/),
    });
  });

  it("is good again when the run can be reached again, and what comes can be read", () => {
    const store = page(true);
    store.take(last);
    store.take({ type: "tables" } as never);
    // That nothing more comes is not said over by what else is wrong.
    expect(store.error?.code).toBe("JOURNAL_CORRUPT");
    store.restart();
    for (const frame of FRAMES) store.take(frame);
    store.flush();
    expect(said(store)).toEqual(all("good"));
    expect(store.error).toBeUndefined();
  });

  it("says that it is on its way in time, and that a run that goes on says nothing", () => {
    const store = page(true);
    const drawn: string[] = [];
    store.subscribe("link", () => drawn.push("again"));
    store.take({ ...play, state: "seeking" });
    store.flush();
    expect(said(store)).toEqual(all("stale: moving in time"));
    store.take(play);
    store.heardAt = 1_000;
    store.watch(9_500);
    store.flush();
    expect(said(store)).toEqual(all(like(/^stale: nothing new comes · as of/)));
    // Whoever looks at the past does not wait for anything.
    store.take({ ...play, state: "paused" });
    expect(said(store)).toEqual(all("good"));
    store.heardAt = 9_600;
    store.watch(9_700);
    store.flush();
    expect([store.quiet, drawn.length]).toEqual([false, 3]);
    expect(staleness(store)).toBeUndefined();
  });

  it("of a search says why that one failed, and no other", () => {
    const store = page(true);
    store.take({
      type: "error",
      code: "SEARCH_FAILED",
      text: "there is no file",
      last: false,
      search: SEARCH,
    });
    expect(searchState(store, SEARCH)).toEqual({
      kind: "error",
      text: "The search failed: there is no file.",
    });
    expect(searchState(store, SEARCH + 1)).toEqual({ kind: "good" });
    expect(store.error).toBeUndefined();
  });

  it("of a book says that the run does not trust it", () => {
    expect(ladderState(page(true), "book gapped")).toEqual({ kind: "stale", text: "book gapped" });
  });
});
