import type { MarketPart } from "./reports.ts";
import { LagSketch, quantileOf, type LagSketchSnapshot } from "./sketch.ts";

/** What was measured of one source, as plain JSON. */
export interface MeasuredSnapshot {
  readonly plain: LagSketchSnapshot;
  readonly behind: LagSketchSnapshot;
  readonly stamped: LagSketchSnapshot;
  readonly last: number;
  readonly counts: MeasuredCounts;
}

interface MeasuredCounts {
  /** Plain samples against a source that is in time. */
  vouched: number;
  /** Statements that the market followed. */
  followed: number;
  /** Statements before which, or after which, the market moved the other way: as many of the others are chance. */
  chanceBefore: number;
  chanceAfter: number;
}

/**
 * What was measured of one source. Markets move all the time, so a move before a statement may have nothing to do with it.
 * Moves against the fact are counted beside: as many of those in its direction are chance, and weigh nothing.
 */
export class Measured {
  /** Against other sources. */
  readonly plain: LagSketch;
  /** Behind the market. */
  readonly behind: LagSketch;
  /** Age of claims by their origin's stamps. */
  readonly stamped: LagSketch;
  /** The latest sample, in ms. */
  last: number;
  readonly #counts: MeasuredCounts;

  constructor(snapshot?: MeasuredSnapshot) {
    this.plain = new LagSketch(snapshot?.plain);
    this.behind = new LagSketch(snapshot?.behind);
    this.stamped = new LagSketch(snapshot?.stamped);
    this.last = snapshot?.last ?? 0;
    this.#counts = { ...(snapshot?.counts ?? { vouched: 0, followed: 0, chanceBefore: 0, chanceAfter: 0 }) };
  }

  /** A sample against another source. @param vouched whether that source is in time */
  against(ms: number, vouched: boolean): void {
    this.plain.add(ms);
    this.last = ms;
    if (vouched) this.#counts.vouched += 1;
  }

  /** What the market did about a statement of this source, and what it did by chance. */
  market(part: MarketPart | undefined, ms: number, chance: MarketPart | undefined): void {
    if (part === "before") this.behind.add(ms);
    if (part !== undefined) this.last = part === "before" ? ms : 0;
    if (part === "after") this.#counts.followed += 1;
    if (chance === "before") this.#counts.chanceBefore += 1;
    if (chance === "after") this.#counts.chanceAfter += 1;
  }

  /** Samples, chance taken off. */
  get n(): number {
    return this.plain.n + this.#net();
  }

  /** Samples that prove something: the market took part, or a source in time. */
  get vouched(): number {
    return this.#counts.vouched + this.#net();
  }

  get max(): number {
    return this.#behindNet() > 0 ? Math.max(this.plain.max, this.behind.max) : this.plain.max;
  }

  quantile(q: number): number | undefined {
    const share = this.behind.n === 0 ? 0 : this.#behindNet() / this.behind.n;
    const parts = [
      { sketch: this.plain, share: 1 },
      { sketch: this.behind, share },
    ];
    return quantileOf(parts, this.#followedNet(), q);
  }

  snapshot(): MeasuredSnapshot {
    return {
      plain: this.plain.snapshot(),
      behind: this.behind.snapshot(),
      stamped: this.stamped.snapshot(),
      last: this.last,
      counts: { ...this.#counts },
    };
  }

  #behindNet(): number {
    return Math.max(0, this.behind.n - this.#counts.chanceBefore);
  }
  #followedNet(): number {
    return Math.max(0, this.#counts.followed - this.#counts.chanceAfter);
  }
  #net(): number {
    return this.#behindNet() + this.#followedNet();
  }
}
