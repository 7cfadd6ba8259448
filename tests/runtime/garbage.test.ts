import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  defaultConfig,
  id,
  JournalWriter,
  LADDER,
  MemoryStorage,
  ModelMaker,
  pause,
  readJournal,
  runLive,
  VirtualClock,
  type CoreEvent,
  type MarketId,
} from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { testMarket } from "./tape.ts";

const MARKET = id<MarketId>("m1");
const BOOK = [LADDER.BID_0, 4_900, 100_000_000, LADDER.ASK_0, 5_100, 100_000_000];

/** What a feed's adapter that errs may say. */
const GARBAGE: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["a size that is no number", { levels: [LADDER.ASK_0, 5_000, Number.NaN] }],
  ["a size beyond all numbers", { levels: [LADDER.ASK_0, 5_000, 1e300] }],
  ["a price in another scale", { levels: [LADDER.BID_0, 55_000, 5_000_000] }],
  ["a best price that is none", { levels: BOOK, bestBid: Number.NaN }],
  ["levels that are no list", { levels: "none" }],
];

it.each(GARBAGE)("goes on when a feed states %s, and has the book fetched anew", async (_what, stated) => {
  const clock = new VirtualClock();
  const storage = new MemoryStorage();
  const journal = new JournalWriter({ storage, runId: id("r"), bootId: "b" });
  const runtime = createRuntime({
    config: defaultConfig(),
    strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
    execution: createPaperBroker({ runId: "r", seed: 1, realism: "off" }),
    runId: "r",
    startsAt: clock.wall(),
    journal,
  });
  const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
  const whole = (): CoreEvent => {
    const book = {
      type: "book_snapshot",
      marketId: MARKET,
      outcome: 0,
      levels: BOOK,
      synthetic: false,
    } as const;
    return { ...book, ...stamp() };
  };
  const statuses: (string | undefined)[] = [];
  const look = (): number => statuses.push(runtime.core.market(MARKET)?.book.status);
  let asked = 0;
  async function* feed(): AsyncGenerator<CoreEvent> {
    yield { type: "market_listed", market: testMarket(), ...stamp() };
    yield whole();
    await pause(clock, 50);
    look();
    const delta = { type: "book_delta", marketId: MARKET, levels: [], bestBid: -1, bestAsk: -1 };
    yield { ...delta, ...stated, ...stamp() } as never;
    yield { ...delta, ...stamp(), at: Number.NaN } as never;
    yield null as never;
    while (asked === 0) {
      await pause(clock, 50);
      look();
    }
    yield whole();
    await pause(clock, 50);
    look();
  }
  const state = { ended: false };
  const run = runLive(runtime, {
    clock,
    sources: [feed()],
    signal: new AbortController().signal,
    resync: () => {
      asked += 1;
    },
  }).finally(() => {
    state.ended = true;
  });
  for (let i = 0; i < 200 && !state.ended; i++) {
    clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await run;
  runtime.finish("the feed has ended");
  journal.flush();
  expect([statuses[0], ...new Set(statuses.slice(1, -1)), statuses.at(-1)]).toEqual([
    "live",
    "gapped",
    "live",
  ]);
  const kinds = [...readJournal(storage.bytes())].map(({ event }) => event.type);
  expect(kinds.filter((kind) => kind === "frame_quarantined")).toHaveLength(3);
  expect(kinds).toContain("book_continuity");
});
