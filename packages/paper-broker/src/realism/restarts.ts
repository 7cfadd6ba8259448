import type { VenueModeChanged } from "@matchpoint/sdk";
import { luck } from "../luck.ts";

/** How the venue's engine restarts. Milliseconds. */
export interface PaperRestarts {
  /** Once in each such span, at a time drawn from the seed; 0: never. */
  readonly every_ms: number;
  /** How long it answers nothing (HTTP 425). */
  readonly down_ms: number;
  /** How long it takes only post-only orders and cancels afterwards. */
  readonly post_only_ms: number;
}

/**
 * Once a week, 90 seconds, then two minutes post-only. Source: docs.polymarket.com/trading/matching-engine, which for long named
 * Tuesdays at 7:00 ET and about 90 seconds, and now says that restarts may come at any time and that two minutes of post-only
 * follow.
 */
export const DEFAULT_RESTARTS: PaperRestarts = {
  every_ms: 7 * 86_400_000,
  down_ms: 90_000,
  post_only_ms: 120_000,
};

/** What the venue takes, and until when in Unix ms (of OPEN: until it has to be asked again). */
export interface Openness {
  readonly mode: Extract<VenueModeChanged["mode"], "OPEN" | "RESTARTING" | "POST_ONLY">;
  readonly until: number;
  /** When it takes everything again. */
  readonly open: number;
}

const ALWAYS: Openness = { mode: "OPEN", until: Infinity, open: -Infinity };

/** When the venue restarts: a function of the seed and the wall clock, so that a replay meets the same restarts. */
export class RestartCalendar {
  readonly #restarts: PaperRestarts;
  readonly #seed: number;
  #known: Openness;
  #from = Infinity;

  constructor(restarts: PaperRestarts, seed: number) {
    this.#restarts = restarts;
    this.#seed = seed;
    this.#known = ALWAYS;
    if (restarts.every_ms > 0) this.#known = { mode: "OPEN", until: -Infinity, open: -Infinity };
    else this.#from = -Infinity;
  }

  /** What it takes at a time, Unix ms. Asked again for the same while it looks nothing up. */
  at(wall: number): Openness {
    if (wall >= this.#from && wall < this.#known.until) return this.#known;
    const { every_ms: every } = this.#restarts;
    const span = Math.floor(wall / every);
    // A restart of the span before may reach into this one.
    this.#known = this.#of(span - 1, wall) ?? this.#of(span, wall) ?? this.#openUntilNext(span, wall);
    this.#from = wall;
    return this.#known;
  }

  #start(span: number): number {
    const { every_ms: every } = this.#restarts;
    return Math.floor((span + luck(this.#seed, "restart", String(span))) * every);
  }

  #of(span: number, wall: number): Openness | undefined {
    const start = this.#start(span);
    const up = start + this.#restarts.down_ms;
    const open = up + this.#restarts.post_only_ms;
    if (wall < start || wall >= open) return undefined;
    return wall < up ? { mode: "RESTARTING", until: up, open } : { mode: "POST_ONLY", until: open, open };
  }

  #openUntilNext(span: number, wall: number): Openness {
    const here = this.#start(span);
    const until = wall < here ? here : this.#start(span + 1);
    return { mode: "OPEN", until, open: -Infinity };
  }
}
