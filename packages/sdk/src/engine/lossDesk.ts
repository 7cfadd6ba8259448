import type { Outcome, RiskNote } from "../events/index.ts";
import type { MarketId } from "../ids.ts";
import { drawdownScale, type RiskLimits } from "../risk/index.ts";
import {
  formatUsdc,
  mulDiv,
  NANOS_PER_MS,
  notional,
  USDC_ONE,
  type Millis,
  type Nanos,
  type Shares,
  type Usdc,
} from "../units/index.ts";
import type { Floor } from "./floor.ts";

const DAY_MS = 86_400_000;
/** A loss by bids alone has to stand for so long: a book may be swept for a moment. */
const STANDS = 5_000 * NANOS_PER_MS;
/** The highest value is moved in steps of this part of what was put in, so that each can be journaled. */
const PEAK_STEPS = 1_000;
const OUTCOMES: readonly Outcome[] = [0, 1];
/** So long after an account was taken over, what is held and was not priced yet counts as lost where entries are asked for. */
const PRICED_WITHIN = 10_000 * NANOS_PER_MS;

/** The day's profit and loss, as a run carries it to the next. */
export interface CarriedDay {
  readonly dayEnds: Millis;
  readonly realizedAtDayStart: number;
  readonly stopped?: string;
}

/** The desk of a core that only keeps the books, as plain JSON. */
export interface SavedLoss extends CarriedDay {
  readonly beyondSince?: Nanos;
  readonly peak?: number;
}

/** Where the account stands, for people. */
export interface LossStatus {
  /** Realized since the UTC day began. */
  readonly realizedToday: Usdc;
  /** What is held at its best bid (a pair at its dollar), less what it cost. */
  readonly unrealized: Usdc;
  /** Why there are no more entries today; `undefined`: there may be. */
  readonly stopped: string | undefined;
  /** What was put in, and won or lost since. */
  readonly value: Usdc;
  /** The most that was ever; `undefined` while no drawdown curve is configured. */
  readonly peak: Usdc | undefined;
  /** What part of its usual size an entry may have. */
  readonly scale: number;
}

/** Watches what the account loses: of the day, and from its highest value. */
export class LossDesk {
  readonly #floor: Floor;
  readonly #limits: RiskLimits;
  /** What each market's holdings would lose or win at the best bid; markets without any are left out. */
  readonly #open = new Map<MarketId, number>();
  #unrealized = 0;
  #dayEnds = 0;
  #realizedAtDayStart = 0;
  #stopped: string | undefined;
  /** Until when holdings without a price count as lost. */
  #pricedBy = -Infinity;
  /** Since when the day's loss has been beyond its limit by bids alone. */
  #beyondSince: Nanos | undefined;
  /** The most that was ever won, realized and at bids. */
  #peak: number | undefined;
  /** Kills the account; the stop desk's. */
  kill: (reason: string) => void = () => undefined;
  /** Takes back the entries that rest; the order desk's. */
  cancelEntries: (reason: string) => void = () => undefined;

  constructor(floor: Floor, limits: RiskLimits) {
    this.#floor = floor;
    this.#limits = limits;
  }

  /** Realized profit or loss since the UTC day began. */
  get dayRealized(): Usdc {
    return (this.#floor.ledger.realizedTotal - this.#realizedAtDayStart) as Usdc;
  }
  get unrealized(): Usdc {
    return this.#unrealized as Usdc;
  }

  /**
   * The same for whoever asks for an entry. A run that has just taken an account over has not seen every book yet: for some seconds what
   * it holds without a price counts as lost, so that a restart buys no room.
   */
  get unrealizedAtWorst(): Usdc {
    const { unrealized } = this;
    return this.#floor.now >= this.#pricedBy ? unrealized : ((unrealized - this.#unpriced) as Usdc);
  }

  /** What is held has cost where nothing says what it could be sold for. */
  get #unpriced(): number {
    const { now, ledger, markets } = this.#floor;
    let unpriced = 0;
    for (const marketId of this.#open.keys()) {
      const bids = markets.get(marketId)?.bids;
      if (ledger.payouts(marketId) !== undefined) continue;
      for (const outcome of OUTCOMES)
        if (bids?.of(outcome, now) === undefined)
          unpriced += Math.max(0, ledger.position(marketId, outcome).cost);
    }
    return unpriced;
  }

  /** An account that was taken over may be traded from now on. */
  began(): void {
    this.#pricedBy = this.#floor.now + PRICED_WITHIN;
  }
  /** Why there are no more entries today. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** What part of its usual size an entry may have. */
  get scale(): number {
    if (this.#peak === undefined || this.#limits.drawdown.curve === "none") return 1;
    const { deposits } = this.#floor.ledger;
    const { realizedTotal } = this.#floor.ledger;
    const value = deposits + realizedTotal + this.unrealizedAtWorst;
    return drawdownScale(this.#limits.drawdown, value, deposits + this.#peak);
  }

  get status(): LossStatus {
    const { deposits } = this.#floor.ledger;
    return {
      realizedToday: this.dayRealized,
      unrealized: this.unrealized,
      stopped: this.#stopped,
      value: (deposits + this.#profit()) as Usdc,
      peak: this.#peak === undefined ? undefined : ((deposits + this.#peak) as Usdc),
      scale: this.scale,
    };
  }

  /**
   * Starts a new UTC day's profit and loss when the wall clock has passed midnight. Called before anything else of an event, so that the
   * day's first loss is the day's; a wall clock that is set back starts no day twice.
   */
  rollDay(): void {
    const { wall, ledger } = this.#floor;
    if (!(wall >= this.#dayEnds)) return;
    this.#dayEnds = (Math.floor(wall / DAY_MS) + 1) * DAY_MS;
    this.#realizedAtDayStart = ledger.realizedTotal;
    this.#stopped = undefined;
    this.#beyondSince = undefined;
  }

  /** Time has passed: a loss by bids may have stood long enough. */
  tick(): void {
    if (this.#beyondSince !== undefined && this.#floor.now - this.#beyondSince >= STANDS) this.#look();
  }

  /** What a market holds is worth something else, or is not what it was. */
  moved(marketId: MarketId): void {
    if (this.#floor.options.bookkeeping === true) return;
    const before = this.#open.get(marketId);
    const after = this.#openOf(marketId);
    if (before === undefined && after === undefined) return;
    if (after === undefined) this.#open.delete(marketId);
    else this.#open.set(marketId, after);
    this.#unrealized += (after ?? 0) - (before ?? 0);
    this.#look();
  }

  /** Anything may have changed. */
  movedAll(): void {
    for (const marketId of this.#floor.ledger.markets()) this.moved(marketId);
    this.#look();
  }

  /** What holdings would win or lose at the best bid; `undefined`: there are none. Pairs are worth the dollar that they pay. */
  #openOf(marketId: MarketId): number | undefined {
    const { ledger, markets, now } = this.#floor;
    // Asked at every change of a book: nothing is made where nothing is held.
    const [first, second] = [ledger.position(marketId, 0), ledger.position(marketId, 1)];
    if (first.matched === 0 && second.matched === 0 && first.cost === 0 && second.cost === 0)
      return undefined;
    const payouts = ledger.payouts(marketId);
    const bids = markets.get(marketId)?.bids;
    const pairs = payouts === undefined ? Math.max(0, Math.min(first.matched, second.matched)) : 0;
    let open: number = pairs - first.cost - second.cost;
    for (const outcome of OUTCOMES) {
      const { matched, cost } = outcome === 0 ? first : second;
      const rest = matched - pairs;
      if (rest === 0) continue;
      const size = Math.abs(rest) as Shares;
      const rounding = rest > 0 ? "down" : "up";
      const payout = payouts?.[outcome];
      const bid = bids?.of(outcome, now);
      const value =
        payout !== undefined
          ? mulDiv(size, payout, USDC_ONE, rounding)
          : bid !== undefined
            ? notional(size, bid, rounding)
            : Math.abs(matched === rest ? cost : mulDiv(Math.max(0, cost), size, Math.abs(matched), "down"));
      open += rest > 0 ? value : 0 - value;
    }
    return open;
  }

  #profit(): number {
    return this.#floor.ledger.realizedTotal + this.#unrealized;
  }

  #look(): void {
    this.#day();
    this.#raisePeak();
  }

  #day(): void {
    if (this.#stopped !== undefined) return;
    const { maxDailyLoss: most } = this.#limits;
    const made = 0 - this.dayRealized;
    const loss = made + Math.max(0, 0 - this.#unrealized);
    if (loss < most || loss <= 0) {
      this.#beyondSince = undefined;
      return;
    }
    const { now } = this.#floor;
    this.#beyondSince ??= now;
    if (made < most && now - this.#beyondSince < STANDS) return;
    this.#beyondSince = undefined;
    const words = `$${formatUsdc(loss as Usdc)} lost in a day ($${formatUsdc(made as Usdc)} of it realized), the limit is $${formatUsdc(most)}`;
    this.#stopped = words;
    this.#floor.effect({ type: "risk", note: { kind: "day_stopped", reason: words, at: now } });
    this.#floor.alarm("DAILY_LOSS", words);
    this.cancelEntries("no more entries today");
    if (this.#limits.killOnDailyLoss) this.kill(words);
  }

  /** The account was worth what was put in at least. What bids have not priced raises nothing: it may be worth less than it cost. */
  #raisePeak(): void {
    const { ledger, now, options } = this.#floor;
    // What is held is not priced by a core that only keeps the books: each step is in the journal.
    if (this.#limits.drawdown.curve === "none" || options.bookkeeping === true) return;
    const step = Math.max(1, Math.floor(ledger.deposits / PEAK_STEPS));
    const due = this.#peak === undefined ? -Infinity : this.#peak + step;
    if (this.#profit() < due) return;
    const profit = this.#profit() - this.#unpriced;
    if (profit < due) return;
    this.#peak = this.#peak === undefined ? Math.max(0, profit) : profit;
    this.#floor.effect({ type: "risk", note: { kind: "peak", profit: this.#peak as Usdc, at: now } });
  }

  /** What the journal of an earlier run says of this desk's latches. */
  note(note: RiskNote): void {
    if (note.kind === "day_stopped") this.#stopped = note.reason;
    if (note.kind === "peak") this.#peak = note.profit;
  }

  /** Goes on from an earlier run of the account. */
  goOn(day: CarriedDay, peak: number | undefined): void {
    this.#dayEnds = day.dayEnds;
    this.#realizedAtDayStart = day.realizedAtDayStart;
    this.#stopped = day.stopped;
    this.#peak = peak;
    this.rollDay();
    this.movedAll();
  }

  save(): SavedLoss {
    return {
      dayEnds: this.#dayEnds as Millis,
      realizedAtDayStart: this.#realizedAtDayStart,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      ...(this.#beyondSince === undefined ? {} : { beyondSince: this.#beyondSince }),
      ...(this.#peak === undefined ? {} : { peak: this.#peak }),
    };
  }
  /** Takes up what {@link LossDesk.save} gave. */
  load({ dayEnds, realizedAtDayStart, stopped, beyondSince, peak }: SavedLoss): void {
    this.#dayEnds = dayEnds;
    this.#realizedAtDayStart = realizedAtDayStart;
    this.#stopped = stopped;
    this.#beyondSince = beyondSince;
    this.#peak = peak;
  }

  /** What {@link LossDesk.goOn} takes. */
  get goingOn(): { readonly day: CarriedDay; readonly peak: number | undefined } {
    const { wall } = this.#floor;
    this.rollDay();
    return {
      day: {
        dayEnds: Number.isFinite(this.#dayEnds) ? (this.#dayEnds as Millis) : wall,
        realizedAtDayStart: this.#realizedAtDayStart,
        ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
      },
      peak: this.#peak,
    };
  }
}
