import {
  eventProblem,
  NANOS_PER_MS,
  SystemClock,
  type CancelTimer,
  type Clock,
  type CoreEvent,
  type FrameDecoder,
  type MatchClaim,
  type MatchDescription,
  type Millis,
  type Nanos,
  type ReceiveStamp,
  type SourceEvent,
} from "@matchpoint/sdk";

const encoder = new TextEncoder();

/** 2026-05-01T10:00:00Z. */
export const EPOCH = Date.UTC(2026, 4, 1, 10);

export const CS: MatchDescription = {
  matchId: "cs2-wolves-otters" as MatchDescription["matchId"],
  title: "cs2",
  teams: [{ name: "Wolves", aliases: ["WLV"] }, { name: "Sea Otters" }],
  bestOf: 3,
  refs: {
    grid: { match: "2700001", teams: ["96", "97"] },
    pandascore: { match: "1616952", teams: ["1", "2"] },
  },
};

export const LOL: MatchDescription = {
  ...CS,
  matchId: "lol-wolves-otters" as MatchDescription["matchId"],
  title: "lol",
};

/** A stamp `ms` after {@link EPOCH}. */
export function stampAt(ms: number): ReceiveStamp {
  return { at: Math.round(ms * NANOS_PER_MS) as Nanos, receivedAt: (EPOCH + Math.round(ms)) as Millis };
}

/** Decodes text, or anything else as JSON, and returns the events. */
export function decode(decoder: FrameDecoder, frame: unknown, stamp: ReceiveStamp = stampAt(0)): CoreEvent[] {
  const events: CoreEvent[] = [];
  const bytes = encoder.encode(typeof frame === "string" ? frame : JSON.stringify(frame));
  decoder.decode(bytes, 0, bytes.length, stamp, (event) => events.push(event));
  return events;
}

export function bytesOf(value: unknown): Uint8Array {
  return encoder.encode(typeof value === "string" ? value : JSON.stringify(value));
}

export function isClaim(event: CoreEvent): event is SourceEvent {
  return event.type === "match_claim";
}

/** What keeps events from being read back from a journal. */
export function problemsOf(events: readonly CoreEvent[]): string[] {
  return events.flatMap((event) => eventProblem(event) ?? []);
}

/** The claims of the events, in short: `game_won 2 0`, `retracted 1 rollback`. */
export function told(events: readonly CoreEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "match_claim") return brief(event.claim);
    if (event.type === "source_health") return `health ${event.health}`;
    return event.type;
  });
}

export function brief(claim: MatchClaim): string {
  switch (claim.kind) {
    case "game_progress": {
      const { score, round } = claim.progress;
      return `progress ${claim.game}${score === undefined ? "" : ` ${score.join("-")}`}${round === undefined ? "" : ` r${round}`}`;
    }
    case "game_won":
      return `game_won ${claim.game} ${claim.winner}${claim.forfeit === true ? " forfeit" : ""}`;
    case "series_won":
      return `series_won ${claim.winner}${claim.forfeit === true ? " forfeit" : ""}`;
    case "series_score":
      return `series_score ${claim.maps.join("-")}`;
    case "cancelled":
      return `cancelled ${claim.reason}`;
    case "retracted":
      return `retracted ${claim.game ?? "series"} ${claim.reason}`;
    case "game_started":
      return `game_started ${claim.game}${claim.ref === undefined ? "" : ` ${claim.ref}`}`;
    case "game_paused":
    case "game_resumed":
    case "game_ended":
      return `${claim.kind} ${claim.game}`;
    default:
      return claim.kind;
  }
}

/** Real time, `factor` times as fast: feeds with waits of minutes are tested over real sockets in a moment. */
export class FastClock implements Clock {
  readonly #system = new SystemClock();
  readonly #factor: number;

  constructor(factor: number) {
    this.#factor = factor;
  }

  wall(): Millis {
    return (EPOCH + Math.floor(this.monotonic() / NANOS_PER_MS)) as Millis;
  }

  monotonic(): Nanos {
    return (this.#system.monotonic() * this.#factor) as Nanos;
  }

  after(ms: number, callback: () => void): CancelTimer {
    return this.#system.after(ms / this.#factor, callback);
  }
}

/** Takes events of a feed until a condition holds; fails after `limitMs` of real time. */
export async function takeUntil<T>(
  events: AsyncIterable<T>,
  done: (seen: readonly T[]) => boolean,
  limitMs = 8_000,
): Promise<T[]> {
  const seen: T[] = [];
  const iterator = events[Symbol.asyncIterator]();
  const deadline = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), limitMs).unref());
  for (;;) {
    const next = await Promise.race([iterator.next(), deadline]);
    if (next === "late") throw new Error(`not seen within ${limitMs} ms; seen: ${JSON.stringify(seen)}`);
    if (next.done === true) return seen;
    seen.push(next.value);
    if (done(seen)) return seen;
  }
}
