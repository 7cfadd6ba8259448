// Somebody else's program that embeds the runtime: its own loop, its own data, one default strategy, paper orders.
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  createRuntime,
  defaultConfig,
  id,
  LADDER,
  ModelMaker,
  type MarketDescription,
  type Millis,
  type Nanos,
  type Price,
  type Shares,
} from "@matchpoint/sdk";

const startsAt = 1_780_000_000_000;
const market: MarketDescription = {
  marketId: id("m1"),
  title: "A vs B",
  outcomes: [
    { tokenId: id("1"), name: "A" },
    { tokenId: id("2"), name: "B" },
  ],
  tick: 100 as Price,
  minSize: 5_000_000 as Shares,
  fee: { ratePpm: 50_000, exponent: 1, takerOnly: true },
  takerDelayMs: 0,
  mirrored: true,
  negRisk: false,
  acceptingOrders: true,
  clearBookOnStart: false,
};

const runtime = createRuntime({
  config: defaultConfig(),
  strategies: [{ use: ModelMaker, params: { reference: "microprice" } }],
  execution: createPaperBroker({ runId: "foreign", seed: 1 }),
  runId: "foreign",
  startsAt,
});

let fills = 0;
runtime.on("fill", () => {
  fills += 1;
});

const stamp = (ms: number): { at: Nanos; receivedAt: Millis } => ({
  at: (ms * 1_000_000) as Nanos,
  receivedAt: (startsAt + ms) as Millis,
});
const marketId = market.marketId;
const size = 100_000_000;
runtime.offer({ type: "market_listed", market, ...stamp(0) });
runtime.offer({
  type: "book_snapshot",
  marketId,
  outcome: 0,
  levels: [LADDER.BID_0, 4_900, size, LADDER.ASK_0, 5_100, size],
  synthetic: false,
  ...stamp(10),
});
runtime.advanceTo(stamp(1_000).at);
const print = { type: "market_trade", marketId, outcome: 0, size: (5 * size) as Shares } as const;
runtime.offer({ ...print, side: "sell", price: 4_700 as Price, ...stamp(1_000) });
runtime.offer({ ...print, side: "buy", price: 5_300 as Price, ...stamp(1_200) });
runtime.advanceTo(stamp(30_000).at);

const summary = runtime.finish("done");
if (fills === 0 || summary.fills !== fills || summary.realized <= 0) {
  console.error("the embedded bot did not trade as expected", summary);
  process.exit(1);
}
console.log(`embedded: ${fills} fills, ${summary.realized} micro-dollars`);
