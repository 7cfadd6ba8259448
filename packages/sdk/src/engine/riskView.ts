import type { MarketDescription, Outcome } from "../events/index.ts";
import { worstCase, type Order } from "../orders/index.ts";
import type { RiskView } from "../risk/index.ts";
import { impliedProbability } from "../truth/index.ts";
import { venueAllows } from "../trading/index.ts";
import type { Nanos, Shares } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import type { Floor } from "./floor.ts";
import type { OrderDesk } from "./orderDesk.ts";
import { signalOf } from "./truthDesk.ts";
import { ownVerdict } from "./truthView.ts";

/** A window on the core for the risk gate: one object per strategy and market, read at the moment of the check. */
export function makeRiskView(floor: Floor, desk: OrderDesk, binding: Binding): RiskView {
  const { entry, spec } = binding;
  return {
    get now(): Nanos {
      return floor.now;
    },
    get market(): MarketDescription {
      return entry.market;
    },
    get fee(): RiskView["fee"] {
      return entry.fee;
    },
    get resolution(): RiskView["resolution"] {
      return entry.resolution;
    },
    get staleTerms(): string | undefined {
      return entry.staleTerms;
    },
    book: entry.book,
    trading: entry.trading,
    system: floor.system,
    venue: { allows: (action, postOnly) => venueAllows(floor.venueMode, action, postOnly) },
    strategy: { id: spec.id, posture: spec.use.posture, truthDriven: spec.truthDriven },
    get truth(): RiskView["truth"] {
      const subject = entry.market.subject;
      const state = subject === undefined ? undefined : floor.truth.state(subject.matchId);
      return subject === undefined || state === undefined
        ? undefined
        : {
            state,
            own: ownVerdict(subject, state),
            signal: signalOf(floor, entry),
            get calibrated(): boolean {
              const { model, truth } = floor.options;
              return impliedProbability(subject, state, model, truth).calibrated;
            },
          };
    },
    capabilities: floor.options.capabilities,
    orders: floor.orders,
    ledger: floor.ledger,
    get openChain(): boolean {
      return entry.chain !== undefined;
    },
    get matchMarkets(): RiskView["matchMarkets"] {
      const subject = entry.market.subject;
      return subject === undefined
        ? [entry.market.marketId]
        : (floor.marketsByMatch.get(subject.matchId) ?? []);
    },
    get day(): RiskView["day"] {
      return { realized: desk.dayRealized };
    },
    sellable(outcome: Outcome): Shares {
      const { marketId } = entry.market;
      const reserved = floor.chains.reserved(marketId)[outcome];
      return Math.max(
        0,
        floor.ledger.sellable(marketId, outcome, floor.options.engine.sell_gate) - reserved,
      ) as Shares;
    },
    worstCase: (order) => worstCase(order as Order, floor.markets.get(order.intent.marketId)!.fee),
  };
}
