import type { HttpResponse, Transport } from "@matchpoint/sdk";
import { NO, YES } from "./markets.ts";

/** A market record as Gamma sends it, typed from the documented fields. */
export function gammaMarket(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "1",
    question: "Counter-Strike: FaZe vs illwill (BO3) - Playoffs",
    conditionId: "0x202a",
    slug: "cs2-faze-ill-2026-04-05",
    description: "This market will resolve to FaZe if FaZe win.",
    resolutionSource: "https://hltv.org",
    outcomes: '["FaZe", "illwill"]',
    outcomePrices: '["0.61", "0.39"]',
    clobTokenIds: JSON.stringify([YES, NO]),
    active: true,
    closed: false,
    archived: false,
    acceptingOrders: true,
    enableOrderBook: true,
    negRisk: false,
    clearBookOnStart: true,
    orderPriceMinTickSize: 0.001,
    orderMinSize: 5,
    secondsDelay: 3,
    gameStartTime: "2026-04-05 15:10:00+00",
    feesEnabled: true,
    feeType: "sports_fees_v2",
    feeSchedule: { exponent: 1, rate: 0.03, rebateRate: 0.25, takerOnly: true },
    sportsMarketType: "moneyline",
    groupItemTitle: "Match Winner",
    gameId: "1427074",
    ...changes,
  };
}

/** The same market as `/clob-markets` tells it. */
export function clobMarket(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    c: "0x202a",
    t: [
      { t: NO, o: "illwill" },
      { t: YES, o: "FaZe" },
    ],
    mts: 0.01,
    mos: 5,
    sd: 1,
    gst: "2026-04-05T15:20:00Z",
    cbos: true,
    ao: true,
    fd: { r: 0.05, e: 1, to: true },
    mbf: 1000,
    tbf: 1000,
    r: null,
    ibce: true,
    itode: false,
    ...changes,
  };
}

/** A transport that answers by path; an answer is a record, a status, or an error to throw. */
export class FakeRest implements Transport {
  readonly calls: string[] = [];
  readonly answers = new Map<string, unknown>();
  /** Answers given once, before the others. */
  readonly once: unknown[] = [];

  connect(): never {
    throw new Error("no sockets here");
  }

  async request(options: { readonly url: string }): Promise<HttpResponse> {
    const url = new URL(options.url);
    const path = decodeURIComponent(url.pathname + url.search);
    this.calls.push(path);
    await Promise.resolve();
    const answer = this.once.length > 0 ? this.once.shift() : this.answers.get(path);
    if (answer instanceof Error) throw answer;
    const status = typeof answer === "number" ? answer : answer === undefined ? 404 : 200;
    const text = typeof answer === "string" ? answer : JSON.stringify(answer ?? { error: "not found" });
    return { status, headers: {}, body: new TextEncoder().encode(text) };
  }
}
