import { AdoptDesk } from "./adoptDesk.ts";
import type { Floor } from "./floor.ts";
import { MarketDesk } from "./marketDesk.ts";
import { OperatorDesk } from "./operatorDesk.ts";
import { OrderDesk } from "./orderDesk.ts";
import { OwnChannelDesk } from "./ownChannelDesk.ts";
import { PnlDesk } from "./pnlDesk.ts";
import { ReconcileDesk } from "./reconcileDesk.ts";
import { RiskDesk } from "./riskDesk.ts";
import { makeRiskView } from "./riskView.ts";
import { SettlementDesk } from "./settlementDesk.ts";
import { StrategyHost } from "./strategyHost.ts";
import { TermsDesk } from "./termsDesk.ts";
import { TradingDesk } from "./tradingDesk.ts";
import { TruthDesk } from "./truthDesk.ts";

/** Who works on the floor: each event goes to the desk that it concerns. */
export interface Desks {
  readonly trading: TradingDesk;
  readonly settlement: SettlementDesk;
  readonly pnl: PnlDesk;
  readonly risk: RiskDesk;
  readonly orders: OrderDesk;
  readonly truth: TruthDesk;
  readonly reconcile: ReconcileDesk;
  readonly market: MarketDesk;
  readonly adopt: AdoptDesk;
  readonly terms: TermsDesk;
  readonly operator: OperatorDesk;
  readonly ownChannel: OwnChannelDesk;
}

/** Puts the desks on a floor, each with those that it needs. */
export function makeDesks(floor: Floor): Desks {
  const trading = new TradingDesk(floor);
  const settlement = new SettlementDesk(floor, trading);
  const pnl = new PnlDesk(floor);
  const risk = new RiskDesk(floor, trading);
  const orders = new OrderDesk(floor, trading, settlement, pnl, risk);
  const truth = new TruthDesk(floor, trading);
  const reconcile = new ReconcileDesk(floor, trading, orders, settlement);
  const host = new StrategyHost(floor, orders, risk);
  const market = new MarketDesk(floor, { trading, truth, orders, risk }, host, (binding) => {
    risk.show(binding, makeRiskView(floor, risk, binding));
  });
  const adopt = new AdoptDesk(floor, { trading, orders, settlement, risk });
  market.onListed = (entry) => {
    adopt.listed(entry);
    settlement.listed(entry);
  };
  const terms = new TermsDesk(floor, market, trading);
  const operator = new OperatorDesk(floor, { trading, truth, orders, settlement, reconcile, risk });
  const ownChannel = new OwnChannelDesk(floor);
  return {
    ...{ trading, settlement, pnl, risk, orders, truth, reconcile, market, adopt, terms, operator },
    ownChannel,
  };
}
