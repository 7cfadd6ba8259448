import { matchOf, type MarketDescription, type MarketSubject, type Outcome } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { worstCase, type Order } from "../orders/index.ts";
import type { RiskView } from "../risk/index.ts";
import type { TruthState, Verdict } from "../state/index.ts";
import { impliedProbability, type TruthSignal } from "../truth/index.ts";
import { venueAllows } from "../trading/index.ts";
import type { Nanos, Shares } from "../units/index.ts";
import type { Binding } from "./binding.ts";
import type { Floor } from "./floor.ts";
import type { MarketEntry } from "./marketEntry.ts";
import type { RiskDesk } from "./riskDesk.ts";
import { signalOf } from "./truthDesk.ts";
import { ownVerdict } from "./truthView.ts";

/** A window on the core for the risk gate: one object per strategy and market, read at the moment of the check. */
export function makeRiskView(floor: Floor, { loss, stops }: RiskDesk, binding: Binding): RiskView {
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
    strategy: {
      id: spec.id,
      posture: spec.use.posture,
      truthDriven: spec.truthDriven,
      get halted(): string | undefined {
        return stops.haltOf(spec.id);
      },
    },
    get truth(): RiskView["truth"] {
      const subject = entry.market.subject;
      const state = subject === undefined ? undefined : floor.truth.state(subject.matchId);
      if (subject === undefined || state === undefined) return undefined;
      return new TruthView(floor, entry, subject, state);
    },
    get capabilities(): RiskView["capabilities"] {
      return floor.capabilities;
    },
    get orders(): RiskView["orders"] {
      return floor.orders;
    },
    get ledger(): RiskView["ledger"] {
      return floor.ledger;
    },
    get stall(): RiskView["stall"] {
      return floor.stall;
    },
    get balanceHold(): RiskView["balanceHold"] {
      return floor.balanceHold;
    },
    get ownChannel(): RiskView["ownChannel"] {
      return floor.ownChannel;
    },
    get openChain(): boolean {
      return entry.chain !== undefined;
    },
    get matchMarkets(): RiskView["matchMarkets"] {
      const match = matchOf(entry.market);
      if (match === undefined) return [entry.market.marketId];
      return marketsWhere(floor, (other) => matchOf(other.market) === match);
    },
    get tournamentMarkets(): RiskView["tournamentMarkets"] {
      const league = leagueOf(floor, entry);
      return marketsWhere(floor, (other) => leagueOf(floor, other) === league);
    },
    get day(): RiskView["day"] {
      return { realized: loss.dayRealized, unrealized: loss.unrealizedAtWorst, stopped: loss.stopped };
    },
    get scale(): number {
      return loss.scale;
    },
    sellable: (outcome) => sellable(floor, entry.market.marketId, outcome),
    worstCase: (order) =>
      worstCase(order as Order, floor.markets.get(order.intent.marketId)?.fee ?? floor.unknownFee),
  };
}

/** Truth as a check sees it. Most checks ask for little of it, and none of it is worked out before. */
class TruthView implements NonNullable<RiskView["truth"]> {
  readonly state: TruthState;
  readonly #floor: Floor;
  readonly #entry: MarketEntry;
  readonly #subject: MarketSubject;

  constructor(floor: Floor, entry: MarketEntry, subject: MarketSubject, state: TruthState) {
    this.state = state;
    this.#floor = floor;
    this.#entry = entry;
    this.#subject = subject;
  }

  get own(): Verdict {
    return ownVerdict(this.#subject, this.state);
  }
  get signal(): TruthSignal | undefined {
    return signalOf(this.#floor, this.#entry);
  }
  get calibrated(): boolean {
    const { model, truth } = this.#floor.options;
    return impliedProbability(this.#subject, this.state, model, truth).calibrated;
  }
}

/** Shares that have passed the sell gate, and that no chain action has reserved; open sales are not taken off. */
export function sellable(floor: Floor, marketId: MarketId, outcome: Outcome): Shares {
  const { sell_gate: gate } = floor.options.engine;
  const reserved = floor.chains.reserved(marketId)[outcome];
  // A buy that is being retried may never have been: not even what may be sold as soon as it is matched counts on it.
  const doubted = gate === "matched" ? retriedBuys(floor, marketId, outcome) : 0;
  return Math.max(0, floor.ledger.sellable(marketId, outcome, gate) - doubted - reserved) as Shares;
}

function retriedBuys({ orders }: Floor, marketId: MarketId, outcome: Outcome): number {
  let shares = 0;
  for (const trade of orders.retrying(marketId))
    if (trade.outcome === outcome && trade.side === "buy") shares += trade.size;
  return shares;
}

function marketsWhere({ markets }: Floor, holds: (entry: MarketEntry) => boolean): readonly MarketId[] {
  const found: MarketId[] = [];
  for (const entry of markets.values()) if (holds(entry)) found.push(entry.market.marketId);
  return found;
}

/** The tournament that a market's match belongs to; `undefined`: nobody knows. */
function leagueOf({ truth }: Floor, { market }: MarketEntry): string | undefined {
  const match = matchOf(market);
  return match === undefined ? undefined : truth.state(match)?.match.league;
}
