import { createPaperBroker, paperExecution } from "@matchpoint/paper-broker";
import { LADDER, VirtualClock, type CoreEvent, type Millis, type Nanos } from "@matchpoint/sdk";
import type { ExecutionSubject, ShownLevel } from "@matchpoint/testing";

/** The paper broker behind the asynchronous contract. Its answers do not get lost: there is no network. */
export const paperSubject: ExecutionSubject = {
  name: "paper broker",
  faults: [],
  open: async ({ collateral }) => {
    const clock = new VirtualClock({ startsAt: 1_780_000_000_000 });
    const adapter = paperExecution(
      createPaperBroker({ runId: "suite", seed: 1, collateral, realism: "off" }),
      clock,
    );
    const tell = (event: Untimed): void => {
      adapter.observe({ ...event, at: clock.monotonic(), receivedAt: clock.wall() });
    };
    return {
      adapter,
      settlement: adapter.settlement,
      clock,
      wait: async (ms) => {
        clock.advance(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
      list: async (market) => {
        tell({ type: "market_listed", market });
      },
      show: async (marketId, bids, asks) => {
        const flat = (ladder: number, side: readonly ShownLevel[]): number[] =>
          side.flatMap(({ price, size }) => [ladder, price, size]);
        const levels = [...flat(LADDER.BID_0, bids), ...flat(LADDER.ASK_0, asks)];
        tell({ type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false });
      },
      take: async (marketId, side, price, size) => {
        tell({ type: "market_trade", marketId, outcome: 0, side, price, size });
      },
      resolve: async (marketId, payouts) => {
        tell({ type: "market_resolution", marketId, payouts, source: "suite" });
      },
      arm: async () => undefined,
      close: async () => {
        adapter.close();
      },
    };
  },
};

type Stamps = { readonly at: Nanos; readonly receivedAt: Millis };
type Untimed = CoreEvent extends infer Event
  ? Event extends CoreEvent
    ? Omit<Event, keyof Stamps>
    : never
  : never;
