import type { CoreEvent, MarketDescription, Runtime } from "@matchpoint/sdk";
import type { StartEntry } from "../history.ts";
import type { Account } from "./account.ts";
import { Breakers } from "./breakerChecks.ts";
import { Disputes } from "./disputeChecks.ts";
import { Drawdown } from "./drawdownChecks.ts";
import type { JournalFlaw } from "./journalText.ts";
import { OwnBook } from "./ownBook.ts";
import { Pace } from "./paceChecks.ts";
import { Statements } from "./statements.ts";
import type { Comparison } from "./resumeChecks.ts";
import type { TrueBooks } from "./truthOfVenue.ts";

/** What one start of the program has heard of a market. */
export interface HeardMarket {
  market: MarketDescription;
  readonly book: OwnBook;
  /** Since when it has its grid, on the program's clock. */
  gridSince: number;
  /** Times, on the program's own clock, at which orders were asked for within the last minute. */
  readonly orderTimes: number[];
}

/** How an order stood when it was last looked at, and what was heard that could end it without the venue's word. */
export interface WatchedOrder {
  readonly intentId: string;
  readonly orderId: string | undefined;
  status: string;
  /** When it was first asked to be cancelled, on the program's clock. */
  cancelAskedAt: number | undefined;
  /** And when last. */
  askedAgainAt: number | undefined;
  /** Looks that missed it after that, or after its expiry. */
  looks: number;
  lastLookAt: number;
}

/** Names an operator's word: several may come at the same time. */
export function nameOfWord({ at, command }: Extract<CoreEvent, { readonly type: "operator" }>): string {
  if (command.kind !== "resume") return `${at} ${command.kind}`;
  const { kind, marketId = "", strategyId = "", reason = "" } = command;
  return [at, kind, marketId, strategyId, reason].join(" ");
}

/** One start of the program, as far as it can be followed from outside. */
export class Life {
  readonly start: StartEntry;
  /** All starts that go on from one another have one account and one line of intents. */
  readonly lineage: number;
  readonly account: Account;
  readonly markets = new Map<string, HeardMarket>();
  /** Where the markets' machines have said that they went. */
  readonly states = new Map<string, string>();
  /** Markets in which something of the account is not its own, and no person has resumed since; `*`: it concerns all. */
  readonly foreign = new Set<string>();
  /** Somebody else has used the account, and nobody has resumed all of it since: that holds markets that are listed only later, too. */
  shared = false;
  readonly disputes = new Disputes();
  readonly drawdown = new Drawdown();
  /** Timers of strategies that are set and not due yet, by strategy and market. */
  readonly timers = new Map<string, Set<string>>();
  /** The UTC day's end by the wall clock of events, and what was realized when it began. */
  day: { readonly ends: number; readonly base: number } = { ends: 0, base: 0 };
  /** When a person has killed it, on its own clock. */
  killedAt: number | undefined;
  /** Resumes that it has not followed, by {@link nameOfWord}: of the journal alone nobody could tell. */
  readonly refused = new Set<string>();
  /** Questions after an order that the venue has answered, less the looks that were told to have found nothing. */
  readonly answers = new Map<string, number>();
  /** When each of its orders was prepared, on its own clock. */
  readonly preparedAt = new Map<string, number>();
  readonly watched = new Map<string, WatchedOrder>();
  /** Intents that are not over as far as was seen. */
  readonly open = new Set<string>();
  readonly pace = new Pace();
  readonly breakers = new Breakers();
  /** It was killed and told to go on, and has let no order out since. */
  comparison: Comparison | undefined;
  runtime: Runtime | undefined;
  /** Goes on from another run, and has not been told that all of it is found. */
  recovering: boolean;
  venueMode = "OPEN";
  /** Its channel of own orders was lost, and of the whole account so many comparisons in a row have agreed since it is back. */
  ownGap: { back: boolean; agreements: number } | undefined;
  /** How many cancels the venue takes at once, as it has told since the start; before that, as the run is configured. */
  cancelBurst: number | undefined;
  /** Until then, in the world's time, what it reads may have waited while its host did nothing. */
  oldUntil = 0;
  stopping = false;
  /** It was told to end before faults had stopped. */
  stoppedEarly = false;
  at = -1;
  /** What was realized after the event before. */
  realized = 0;
  /** What it took over was compared with the journal before it. */
  restored = false;
  /** What was wrong with the journal that it goes on from. */
  flaw: JournalFlaw | undefined;
  /** How it ended, when it did after faults had stopped. */
  ended: "killed" | "broke" | "stopped" | undefined;
  /** When the venue last listed its trades to it. */
  listedAt = -1;
  /** What truly was of it when it ended, where nobody goes on from it; `untold`: some of that it could not have been told. */
  left: TrueBooks | "untold" | undefined;
  readonly statements = new Statements();

  constructor(start: StartEntry, lineage: number, account: Account) {
    this.start = start;
    this.lineage = lineage;
    this.account = account;
    this.recovering = start.recovers !== undefined;
  }

  /** Takes what the core took in, as far as it concerns the markets and the system. */
  take(event: CoreEvent, refused = false): void {
    this.statements.take(event);
    this.disputes.take(event, this, refused);
    switch (event.type) {
      case "market_listed":
        this.#list(event.market, event.at);
        return;
      case "terms_changed": {
        const known = this.markets.get(event.marketId);
        if (known === undefined) return;
        this.#regrid(known, event.terms.tick, event.at);
        known.market = { ...known.market, ...event.terms };
        return;
      }
      case "tick_size_changed":
      case "book_snapshot":
      case "book_delta":
      case "best_quote":
      case "book_continuity": {
        const known = this.markets.get(event.marketId);
        if (known === undefined) return;
        if (event.type === "tick_size_changed") {
          this.#regrid(known, event.tick, event.at);
          known.market = { ...known.market, tick: event.tick };
        }
        known.book.take(event);
        return;
      }
      case "venue_mode":
        this.venueMode = event.mode;
        return;
      case "venue_limits":
        this.cancelBurst = event.cancelBurst;
        return;
      case "own_channel":
        if (event.state === "lost") this.ownGap = { back: false, agreements: 0 };
        else if (this.ownGap !== undefined) this.ownGap.back = true;
        return;
      case "reconciled":
        this.#compared(event.agrees, event.marketId === undefined);
        return;
      case "adopted":
        if (event.what.kind === "complete") this.recovering = false;
        return;
      case "run_stopping":
        this.stopping = true;
        return;
      case "order_prepared":
        this.preparedAt.set(event.orderId, event.at);
        return;
      case "order_report":
        if (!this.account.orders.has(event.orderId)) this.#stranger("*");
        return;
      case "trade_report":
        if (this.account.orders.has(event.orderId) || this.account.owns(event)) return;
        this.#stranger(this.markets.has(event.marketId) ? event.marketId : "*");
        return;
      case "operator":
        if (event.command.kind === "resume" && event.command.strategyId === undefined)
          this.#resumed(event.command.marketId, refused);
        return;
      default:
        return;
    }
  }

  /** A comparison: two in a row that agree, after the channel is back, and nothing that it missed is unknown. */
  #compared(agrees: boolean, whole: boolean): void {
    const gap = this.ownGap;
    if (gap?.back !== true) return;
    if (!agrees) gap.agreements = 0;
    else if (whole) gap.agreements += 1;
    if (gap.agreements >= 2) this.ownGap = undefined;
  }

  /** Something of the account is not its own. */
  #stranger(where: string): void {
    this.foreign.add(where);
    this.shared = true;
  }

  #resumed(marketId: string | undefined, refused: boolean): void {
    if (marketId === undefined) {
      if (refused) return;
      this.foreign.clear();
      this.shared = false;
    } else if (this.foreign.delete("*")) {
      // The others wait for their own word.
      for (const each of this.markets.keys()) if (each !== marketId) this.foreign.add(each);
    }
    if (marketId !== undefined) this.foreign.delete(marketId);
  }

  #regrid(known: HeardMarket, tick: number | undefined, at: number): void {
    if (tick === undefined || tick === known.market.tick) return;
    known.gridSince = at;
    known.book.bids.regrid(tick);
    known.book.asks.regrid(tick);
  }

  #list(market: MarketDescription, at: number): void {
    const known = this.markets.get(market.marketId);
    if (known === undefined) {
      const fresh = { market, book: new OwnBook(), gridSince: at, orderTimes: [] };
      this.markets.set(market.marketId, fresh);
      // Also where a person had let this one go on before a restart: the account was not.
      if (this.shared) this.foreign.add(market.marketId);
      return;
    }
    this.#regrid(known, market.tick, at);
    known.market = market;
  }
}
