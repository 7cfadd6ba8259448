import { LADDER, Mailbox, type CoreEvent, type MarketId } from "@matchpoint/sdk";
import type { FaultKind } from "../kernel/faults.ts";
import type { Ground } from "../kernel/ground.ts";
import type { SimVenue, Unstamped } from "../world/venue.ts";
import type { Life } from "./life.ts";

const SILENCE_MS = 8_000;
const LOOK_MS = 2_000;

/** A program's market data: a socket that carries frames, notices when it is lost or silent, and fetches whole books when asked. */
export class MarketFeed {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #venue: SimVenue;
  readonly #out = new Mailbox<CoreEvent>();
  readonly #markets = new Set<MarketId>();
  #connected = true;
  #stalled = false;
  #lastAt = 0;
  /** The newest frame that has come. */
  #newest = -1;
  #heardAt: number;

  constructor(ground: Ground, life: Life, venue: SimVenue, markets: readonly MarketId[]) {
    this.#ground = ground;
    this.#life = life;
    this.#venue = venue;
    this.#heardAt = ground.time.now;
    for (const marketId of markets) this.#markets.add(marketId);
    this.#subscribe();
    this.#watch();
  }

  events(signal: AbortSignal): AsyncIterable<CoreEvent> {
    return this.#out.read(signal);
  }

  close(): void {
    this.#out.close();
  }

  /** A market that was listed while it runs. */
  follow(marketId: MarketId): void {
    this.#markets.add(marketId);
    if (this.#connected) this.resync(marketId);
  }

  /** The venue sends a frame. */
  push(frame: number, event: Unstamped): void {
    const { dice, time } = this.#ground;
    const { number } = this.#life;
    if (!this.#markets.has((event as { readonly marketId: MarketId }).marketId)) return;
    if (!this.#connected || this.#stalled) {
      if (dice.on)
        this.#ground.fault(this.#connected ? "md_stall" : "md_disconnect", `frame ${frame}`, number);
      return;
    }
    if (this.#strikes("md_gap", frame)) return;
    const draw = dice.stream("market channel");
    const at = Math.max(this.#lastAt, time.now + draw.between(2, 60) * 1e6);
    const wrong = wrongly(event);
    if (wrong !== undefined && dice.strikes("md_wrong")) {
      this.#lastAt = at;
      this.#deliver(frame, 1, wrong, at, "md_wrong");
      return;
    }
    const late = dice.strikes("md_late");
    if (!late) this.#lastAt = at;
    this.#deliver(
      frame,
      1,
      event,
      late ? at + draw.between(100, 5_000) * 1e6 : at,
      late ? "md_late" : undefined,
    );
    if (dice.strikes("md_twice"))
      this.#deliver(frame, 2, event, at + draw.between(0, 2_000) * 1e6, "md_twice");
    const { marketId } = event as { readonly marketId: MarketId };
    if (dice.strikes("md_crossed")) this.#inject(at, crossed(marketId), "md_crossed");
    if (dice.strikes("md_garbage")) this.#inject(at, garbage(marketId, draw.int(0, 3)), "md_garbage");
  }

  /** The socket is lost. */
  drop(forMs: number): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#ground.time.after(
      Math.min(forMs, this.#ground.dice.stream("market channel").between(50, 1_500)),
      () => {
        this.#life.gate(() => this.#say("disconnected", "socket closed with code 1006"));
      },
    );
    this.#ground.time.after(forMs, () => this.#reconnect());
  }

  stall(forMs: number): void {
    this.#stalled = true;
    this.#ground.time.after(forMs, () => (this.#stalled = false));
  }

  calm(): void {
    this.#stalled = false;
  }

  /** Fetches a market's whole book. */
  resync(marketId: MarketId): void {
    const { dice, time } = this.#ground;
    const draw = dice.stream("market channel");
    const answered = !dice.strikes("question_lost");
    this.#ground.history.add({ kind: "ask", life: this.#life.number, what: "book", answered });
    if (!answered) {
      this.#ground.fault("question_lost", `book of ${marketId}`, this.#life.number);
      return;
    }
    time.after(draw.between(20, 200), () => {
      this.#lastAt = Math.max(this.#lastAt, time.now + draw.between(10, 100) * 1e6);
      const frame = this.#venue.nextFrame(marketId);
      const event = this.#venue.snapshot(marketId);
      this.#ground.history.add({ kind: "frame_sent", frame, marketId, event: event as CoreEvent });
      time.at(this.#lastAt, () => {
        this.#life.gate(() => {
          this.#hear({ type: "book_continuity", marketId, state: "resynced", reason: "fetched" });
        });
      });
      this.#deliver(frame, 1, event, this.#lastAt);
    });
  }

  #strikes(kind: FaultKind, frame: number): boolean {
    if (!this.#ground.dice.strikes(kind)) return false;
    this.#ground.fault(kind, `frame ${frame}`, this.#life.number);
    return true;
  }

  #inject(at: number, event: Unstamped, fault?: FaultKind): void {
    this.#ground.time.at(at, () => {
      this.#life.gate(() => {
        if (fault !== undefined) this.#ground.fault(fault, event.type, this.#life.number);
        this.#hear(event);
      });
    });
  }

  #deliver(
    frame: number,
    copy: number,
    event: Unstamped,
    at: number,
    fault?: "md_late" | "md_twice" | "md_wrong",
  ): void {
    this.#ground.time.at(at, () => {
      this.#life.gate(() => {
        const { number } = this.#life;
        // Late is what a newer one has overtaken.
        if (fault !== undefined && (fault !== "md_late" || frame < this.#newest))
          this.#ground.fault(fault, `frame ${frame}`, number);
        this.#newest = Math.max(this.#newest, frame);
        this.#ground.history.add({ kind: "frame_delivered", life: number, frame, copy });
        this.#hear(event);
      });
    });
  }

  #hear(event: Unstamped): void {
    this.#heardAt = this.#ground.time.now;
    this.#out.push({ ...event, ...this.#life.stamp() });
  }

  /** Whole books of all markets. */
  #subscribe(): void {
    for (const marketId of this.#markets) this.resync(marketId);
  }

  #reconnect(): void {
    this.#connected = true;
    this.#stalled = false;
    this.#life.gate(() => {
      this.#heardAt = this.#ground.time.now;
      this.#subscribe();
    });
  }

  #say(state: "disconnected" | "stale", reason: string): void {
    for (const marketId of this.#markets)
      this.#out.push({ type: "book_continuity", marketId, state, reason, ...this.#life.stamp() });
  }

  /** A socket on which nothing comes is given up for a new one. */
  #watch(): void {
    this.#life.clock.after(LOOK_MS, () => {
      this.#watch();
      if (!this.#connected || this.#ground.time.now - this.#heardAt < SILENCE_MS * 1e6) return;
      if (this.quiet()) return;
      this.#say("stale", "nothing came for eight seconds");
      this.#connected = false;
      this.#ground.time.after(this.#ground.dice.stream("market channel").between(200, 2_000), () =>
        this.#reconnect(),
      );
    });
  }

  /** Whether it is no wonder that nothing comes: nobody trades any more. */
  quiet: () => boolean = () => false;
}

/** A book with a level that is not what it is: one that is there is lacking, one that is gone is kept. Best prices are stated as they are. */
function wrongly(event: Unstamped): Unstamped | undefined {
  const { type, levels = [] } = event as { readonly type: string; readonly levels?: readonly number[] };
  if ((type !== "book_delta" && type !== "book_snapshot") || levels.length < 3) return undefined;
  const [ladder, price, size] = levels;
  const first = type === "book_delta" && size !== 0 ? [ladder!, price!, 0] : [];
  return { ...event, levels: [...first, ...levels.slice(3)] } as Unstamped;
}

function crossed(marketId: MarketId): Unstamped {
  const levels = [LADDER.BID_0, 6_000, 5_000_000, LADDER.ASK_0, 5_500, 5_000_000];
  return { type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false };
}

function garbage(marketId: MarketId, kind: number): Unstamped {
  const level = [
    [LADDER.BID_0, 55_000, 5_000_000],
    [LADDER.ASK_0, 5_000, Number.NaN],
    [LADDER.BID_0, -100, 5_000_000],
    [LADDER.ASK_0, 5_000, 1e300],
  ][kind]!;
  return { type: "book_delta", marketId, levels: level, bestBid: -1, bestAsk: -1 };
}
