import type {
  ChartFrame,
  ChartMark,
  ChartPoints,
  HelloFrame,
  LadderFrame,
  LadderLevel,
  LogLine,
  MarketRow,
  OwnOrder,
} from "../../src/frames.ts";

/** A small generator: the same seed gives the same run. */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
}

const SHARE = 1_000_000;
export const FROM: number = Date.UTC(2026, 10, 21, 18, 0, 0);
export const SOURCES: readonly string[] = ["riot-live", "grid", "panda"];
const TEAMS = [
  "Aurora",
  "Bastion",
  "Cinder",
  "Dynasty",
  "Eclipse",
  "Fathom",
  "Granite",
  "Halcyon",
  "Ion",
  "Juniper",
];

/** One market of a made-up match: its points, marks and book, moved on step by step. */
export class FakeMarket {
  readonly id: string;
  readonly label: string;
  readonly teams: readonly [string, string];
  readonly points: {
    -readonly [K in keyof ChartPoints]: ChartPoints[K] extends readonly (infer V)[] ? V[] : never;
  };
  readonly marks: ChartMark[] = [];
  readonly spans: ChartFrame["spans"][number][] = [];
  readonly log: LogLine[] = [];
  readonly own: OwnOrder[] = [];
  t: number = FROM;
  p = 0.5;
  mid = 0.5;
  held = 0;
  pnl = 0;
  halted = false;
  readonly #random: () => number;
  readonly #index: number;
  readonly #seq: () => number;
  #gold = 0;
  #kills: [number, number] = [0, 0];

  constructor(index: number, seed: number, seq: () => number) {
    this.#index = index;
    this.#random = random(seed + index * 7_919);
    this.#seq = seq;
    const a = TEAMS[(index * 2) % TEAMS.length]!;
    const b = TEAMS[(index * 2 + 1 + Math.floor(index / 5)) % TEAMS.length]!;
    this.teams = [a, b];
    this.id = `0x${(index + 1).toString(16).padStart(4, "0")}`;
    this.label =
      index === 0
        ? `${a} v ${b}, game 2`
        : `${a} v ${b}, ${index % 3 === 0 ? "series" : `game ${String((index % 3) + 1)}`}`;
    this.p = this.mid = 0.35 + 0.3 * this.#random();
    this.points = {
      t: [],
      mid: [],
      microprice: [],
      bid: [],
      ask: [],
      p: [],
      sd: [],
      edge0: [],
      edge1: [],
      spread: [],
      position: [],
      bookAge: [],
      ages: SOURCES.map(() => []),
    };
  }

  /** Moves on by some time, and adds a point. */
  step(ms: number): void {
    const r = this.#random;
    this.t += ms;
    const elapsed = (this.t - FROM) / 1_000;
    if (r() < ms / 45_000) this.#event();
    this.#gold += (r() - 0.5) * 0.06 * Math.sqrt(ms / 1_000);
    this.p = clamp(1 / (1 + Math.exp(-(this.#gold + (this.#kills[0] - this.#kills[1]) * 0.22))), 0.02, 0.98);
    // The market follows what the model sees, late.
    this.mid = clamp(this.mid + (this.p - this.mid) * (ms / 14_000) + (r() - 0.5) * 0.004, 0.02, 0.98);
    const gap = this.#index === 0 && elapsed > 400 && elapsed < 430;
    const silent = this.#index === 0 && elapsed > 700 && elapsed < 790;
    this.#halt(silent);
    const bid = Math.floor((this.mid - 0.006) * 100) / 100;
    const ask = bid + 0.01 + (r() < 0.3 ? 0.01 : 0);
    const quoted = (bid + ask) / 2;
    const known = !gap;
    const { points } = this;
    points.t.push(this.t);
    points.mid.push(known ? quoted : null);
    points.microprice.push(known ? quoted + (r() - 0.5) * 0.006 : null);
    points.bid.push(known ? bid : null);
    points.ask.push(known ? ask : null);
    points.p.push(this.p);
    points.sd.push(0.018 + 0.03 * Math.max(0, 1 - elapsed / 1_200));
    points.edge0.push(known ? this.p - ask - 0.007 : null);
    points.edge1.push(known ? 1 - this.p - (1 - bid) - 0.007 : null);
    points.spread.push(known ? ask - bid : null);
    points.position.push(this.held);
    points.bookAge.push(gap ? elapsed * 1_000 - 400_000 : r() * 900);
    (points.ages as unknown as (number | null)[][]).forEach((ages, i) => {
      ages.push(
        silent && i === 0
          ? (elapsed - 700) * 1_000
          : (ages.at(-1) ?? 0) > 2_000 * (i + 1)
            ? r() * 300
            : (ages.at(-1) ?? 0) + ms,
      );
    });
    const edge = this.p - ask;
    if (!this.halted && known && r() < 0.12 * (ms / 1_000) && Math.abs(edge) > 0.035)
      this.#trade(edge > 0 ? 0 : 1, ask, bid);
    if (gap && this.spans.every(({ kind }) => kind !== "gap"))
      this.spans.push({
        kind: "gap",
        from: FROM + 400_000,
        to: FROM + 430_000,
        text: "the book missed 214 changes",
      });
  }

  #halt(silent: boolean): void {
    if (silent && !this.halted) {
      this.halted = true;
      this.spans.push({ kind: "halt", from: this.t, text: "stale_truth: riot-live is silent" });
      this.say(
        "halt",
        "warn",
        "halted: riot-live has said nothing for 15 s; clears when it speaks again",
        "stale_truth",
      );
    } else if (!silent && this.halted) {
      this.halted = false;
      this.spans.splice(-1, 1, { ...this.spans.at(-1)!, to: this.t });
      this.say("halt", "info", "the halt is lifted: riot-live speaks again");
    }
  }

  #event(): void {
    const team = this.#random() < this.p ? 0 : 1;
    const what =
      ["kill", "kill", "tower", "dragon", "baron", "game_won"][Math.floor(this.#random() * 5.15)] ?? "kill";
    this.#kills[team] += what === "kill" ? 0.4 : 1.4;
    const text = `${this.teams[team]} ${what === "game_won" ? "won the game" : `takes a ${what}`}`;
    this.marks.push({
      kind: "truth",
      t: this.t,
      seq: this.#seq(),
      source: SOURCES[Math.floor(this.#random() * 3)]!,
      what,
      text,
      good: team,
    });
    this.say("truth", "info", text);
  }

  #trade(outcome: 0 | 1, ask: number, bid: number): void {
    const size = Math.round(10 + this.#random() * 60) * SHARE;
    const level = Math.round((outcome === 0 ? ask : bid) * 10_000);
    const price = outcome === 0 ? level : 10_000 - level;
    const intent = `i-${String(this.#seq())}`;
    const text = `buy ${String(size / SHARE)} ${this.teams[outcome]} @ ${(price / 10_000).toFixed(2)}`;
    const base = { t: this.t, seq: this.#seq(), outcome, side: "buy" as const, price, level, size };
    this.marks.push({ kind: "order", intent, text, ...base });
    this.marks.push({
      kind: "fill",
      trade: `t-${intent}`,
      fee: 31_000,
      maker: this.#random() < 0.3,
      failed: this.#random() < 0.04,
      strategy: "temporal-arb",
      text: `${text}, fee $0.03`,
      ...base,
      t: this.t + 1,
      seq: this.#seq(),
    });
    this.held += (outcome === 0 ? 1 : -1) * (size / SHARE);
    this.pnl += Math.round((this.#random() - 0.42) * 1_800_000);
    this.say("order", "info", text);
    this.say("fill", "info", `${text}: filled by the book`);
    if (this.#random() < 0.5)
      this.say(
        "denied",
        "warn",
        `refused: ${text}: exposure of the match would be $212.40 of $200`,
        "EXPOSURE_MATCH",
      );
  }

  say(kind: LogLine["kind"], level: LogLine["level"], text: string, code?: string): void {
    this.log.push({
      seq: this.#seq(),
      t: this.t,
      kind,
      level,
      text,
      market: this.id,
      ...(code === undefined ? {} : { code }),
    });
  }

  name(): HelloFrame["markets"][number] {
    return {
      id: this.id,
      title: `Will ${this.teams[0]} beat ${this.teams[1]}?`,
      label: this.label,
      outcomes: this.teams,
      game: 2,
    };
  }

  chart(from: number, marksFrom: number, to: number = this.points.t.length): ChartFrame {
    const { ages, ...columns } = this.points;
    const cut = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column.slice(from, to)]),
    );
    const until = this.points.t[to - 1] ?? 0;
    return {
      type: "chart",
      market: this.id,
      from,
      points: {
        ...cut,
        ages: (ages as unknown as number[][]).map((column) => column.slice(from, to)),
      } as unknown as ChartPoints,
      marksFrom,
      marks: this.marks.slice(marksFrom).filter(({ t }) => t <= until),
      spans: this.spans.filter(({ from: start }) => start <= until),
    };
  }

  ladder(): LadderFrame {
    const r = this.#random;
    const bid = Math.round((this.points.bid.findLast((each) => each !== null) ?? 0.5) * 100);
    const ask = Math.round((this.points.ask.findLast((each) => each !== null) ?? 0.51) * 100);
    const side = (from: number, by: 1 | -1): LadderLevel[] =>
      Array.from(
        { length: 12 },
        (_, i) => [(from + by * i) * 100, Math.round(40 + r() * 900 * (1 + i / 4)) * SHARE] as const,
      ).filter(([price]) => price > 0 && price < 10_000);
    const bids = side(bid, -1);
    const own: OwnOrder[] = this.halted
      ? []
      : ([
          { level: (bid - 1) * 100, outcome: 0, ahead: 312, size: 50, matched: 0, status: "LIVE" },
          {
            level: (ask + 2) * 100,
            outcome: 1,
            ahead: 96,
            size: 40,
            matched: 12,
            status: "PARTIALLY_FILLED",
          },
        ].map((each, i) => ({
          intent: `i-${String(i)}`,
          strategy: "model-maker",
          outcome: each.outcome as 0 | 1,
          side: "buy" as const,
          price: each.outcome === 0 ? each.level : 10_000 - each.level,
          level: each.level,
          onSide: each.outcome === 0 ? ("bid" as const) : ("ask" as const),
          size: each.size * SHARE,
          matched: each.matched * SHARE,
          status: each.status,
          purpose: "entry" as const,
          reason: "quote around the model, half a spread of 2.0¢",
          since: this.t - 41_000,
          ahead: each.ahead * SHARE,
        })) satisfies OwnOrder[]);
    return {
      type: "ladder",
      market: this.id,
      t: this.t,
      tick: 100,
      book: this.halted ? "stale" : "live",
      bookAgeMs: this.halted ? 17_400 : 240,
      mirrored: true,
      bids,
      asks: side(ask, 1),
      own,
      fair: this.p,
      sd: this.points.sd.at(-1) ?? 0.02,
      asksSum: 10_000 + (ask - bid) * 100,
      bidsSum: 10_000 - (ask - bid) * 100,
      trades: Array.from({ length: 14 }, (_, i) => ({
        t: this.t - i * 1_370,
        price: r() < 0.5 ? bid * 100 : ask * 100,
        size: Math.round(r() * 200) * SHARE,
        taker: r() < 0.5 ? ("buy" as const) : ("sell" as const),
      })),
    };
  }

  row(): MarketRow {
    const last = this.points.t.length - 1;
    const { points } = this;
    const edge0 = points.edge0[last];
    const edge1 = points.edge1[last];
    const better = (edge0 ?? -1) >= (edge1 ?? -1) ? 0 : 1;
    const bid = points.bid[last];
    const ask = points.ask[last];
    const mid = points.mid[last];
    const edge = better === 0 ? edge0 : edge1;
    const proven = this.#index !== 7;
    return {
      id: this.id,
      label: this.label,
      series: "1-0",
      score: `${String(Math.round(this.#kills[0] * 3))}-${String(Math.round(this.#kills[1] * 3))}`,
      progress: `${String(Math.floor((this.t - FROM) / 60_000))} min, ${this.#gold > 0 ? "+" : "\u2212"}${Math.abs(this.#gold * 3).toFixed(1)}k gold`,
      ...(proven
        ? { truth: "live", confidence: 0.97, singleSource: this.#index === 3 }
        : { unproven: "no match of these teams is known" }),
      ...(typeof bid !== "number" || typeof ask !== "number"
        ? {}
        : { bid: Math.round(bid * 10_000), ask: Math.round(ask * 10_000) }),
      ...(typeof mid !== "number" ? {} : { mid }),
      ...(proven ? { p: this.p, sd: points.sd[last]! } : {}),
      ...(typeof edge !== "number" ? {} : { edge, edgeOutcome: better }),
      liquidity: (400 + this.#index * 137) * SHARE,
      takerDelayMs: this.#index % 2 === 0 ? 3_000 : 0,
      feePpm: 30_000,
      book: this.halted ? "stale" : "live",
      bookAgeMs: 240,
      state:
        this.#index === 5 ? "RESOLVED" : this.halted ? "HALT" : this.held !== 0 ? "TEMPORAL_ACTIVE" : "IDLE",
      stateSince: this.t - 94_000,
      halts: this.halted
        ? [
            {
              cause: "stale_truth",
              since: this.t - 20_000,
              reason: "riot-live has said nothing for 15 s",
              clears: "when riot-live speaks again and has been heard for 5 s",
            },
          ]
        : this.#index === 11
          ? [
              {
                cause: "breaker",
                since: this.t - 50_000,
                reason: "3 of 5 orders were rejected",
                clears: "after a cool-down, or by matchpoint resume",
                until: this.t + 70_000,
              },
            ]
          : [],
      ...(this.#index === 2
        ? { warning: "rules pay 50-50 when the series is not played within 7 days" }
        : {}),
      held: this.held > 0 ? [this.held * SHARE, 0] : [0, -this.held * SHARE],
      openOrders: this.#index % 4 === 0 ? 2 : 0,
      pnl: this.pnl,
    };
  }
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(greatest, Math.max(least, value));
}
