import { type CancelTimer, type Clock, type VenueModeChanged } from "@matchpoint/sdk";
import { sortAnswer, type HttpExchange, type VenueHint } from "./answer.ts";

type Mode = VenueModeChanged["mode"];

/** Modes by what they still allow. */
const SEVERITY: Readonly<Record<Mode, number>> = {
  OPEN: 0,
  POST_ONLY: 1,
  CANCEL_ONLY: 2,
  RESTARTING: 3,
  DOWN: 4,
};

/** How a mode passes. Times in ms. */
export interface ModeTiming {
  /** After a restart the venue takes only post-only orders for so long. Source: docs.polymarket.com/trading/matching-engine. */
  readonly postOnlyMs: number;
  /** A mode without a stated end is taken to be over after this; the next order tells whether it is. */
  readonly assumeOpenMs: number;
  /** First and longest wait between looks at a venue that restarts. */
  readonly minProbeMs: number;
  readonly maxProbeMs: number;
}

/** What {@link VenueModes} needs. */
export interface ModePorts {
  readonly clock: Clock;
  readonly timing: ModeTiming;
  /** A request that changes nothing, to an endpoint that a restarting engine does not serve. */
  readonly probe: () => Promise<HttpExchange>;
  readonly say: (mode: Mode, detail: string) => void;
  /** The engine came back: nothing that rested before is known to rest. */
  readonly onRecovery: () => void;
}

/**
 * What orders the venue takes, by its own answers, and when to take it that it takes more again. A restart is looked at with a
 * back-off of 1 to 30 s and is followed by two minutes of post-only; other modes end when the venue said, or are tried again.
 */
export class VenueModes {
  readonly #ports: ModePorts;
  #venue: Mode = "OPEN";
  /** Why nothing new may be sent, whatever the venue's mode; the latest detail by cause. */
  readonly #stops = new Map<string, string>();
  #said: Mode = "OPEN";
  #timer: CancelTimer | undefined;
  #probes = 0;
  #closed = false;
  #since = 0;

  constructor(ports: ModePorts) {
    this.#ports = ports;
  }

  /** What is allowed now. */
  get mode(): Mode {
    return this.#stops.size > 0 && SEVERITY[this.#venue] < SEVERITY.CANCEL_ONLY ? "CANCEL_ONLY" : this.#venue;
  }

  /** Why an order may not be sent now; `undefined` when it may. */
  refusal(postOnly: boolean): string | undefined {
    for (const detail of this.#stops.values()) return detail;
    if (this.#venue === "OPEN" || (this.#venue === "POST_ONLY" && postOnly)) return undefined;
    return `the venue is in mode ${this.#venue}`;
  }

  /** Takes in what an answer says about the venue. */
  hint({ mode, retryAfterMs, blocked }: VenueHint): void {
    if (blocked === true) {
      this.stop(
        "blocked",
        "403 with a page of HTML: blocked by country or as a bot, there is no way around it",
      );
      return;
    }
    if (mode === undefined || this.#closed) return;
    if (mode === "RESTARTING") {
      if (this.#venue === "RESTARTING") return;
      this.#probes = 0;
      this.#enter(mode, "status 425: the matching engine restarts");
      this.#probeLater();
      return;
    }
    const { postOnlyMs, assumeOpenMs } = this.#ports.timing;
    const ms = retryAfterMs ?? (mode === "POST_ONLY" ? postOnlyMs : assumeOpenMs);
    this.#enter(mode, `the venue says so; looked at again in ${Math.ceil(ms / 1_000)} s`);
    this.#openLater(ms);
  }

  /** The venue took an order: proof of more than was assumed. `sentAt` is when it was sent, monotonic. */
  accepted(postOnly: boolean, sentAt: number): void {
    if (sentAt < this.#since) return;
    if (!postOnly && this.#venue !== "OPEN") this.#enter("OPEN", "the venue took an order");
    else if (postOnly && SEVERITY[this.#venue] > SEVERITY.POST_ONLY) {
      this.#enter("POST_ONLY", "the venue took a post-only order");
      this.#openLater(this.#ports.timing.postOnlyMs);
    }
  }

  /** Nothing new may be sent for a reason of our own. */
  stop(cause: string, detail: string): void {
    const news = !this.#stops.has(cause);
    this.#stops.set(cause, detail);
    if (news) this.#tell(detail, true);
  }

  /** A reason of {@link VenueModes.stop} is gone. */
  go(cause: string, detail: string): void {
    if (this.#stops.delete(cause)) this.#tell(detail, false);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.();
  }

  #enter(mode: Mode, detail: string): void {
    this.#timer?.();
    this.#timer = undefined;
    if (mode !== this.#venue) this.#since = this.#ports.clock.monotonic();
    this.#venue = mode;
    this.#tell(detail, false);
  }

  /** Says the mode where it changed, and a new reason to stop also where the mode stays. */
  #tell(detail: string, always: boolean): void {
    const { mode } = this;
    if (mode === this.#said && !always) return;
    this.#said = mode;
    this.#ports.say(mode, detail);
  }

  #openLater(ms: number): void {
    this.#timer?.();
    this.#timer = this.#ports.clock.after(ms, () => {
      this.#timer = undefined;
      this.#enter("OPEN", `assumed after ${Math.ceil(ms / 1_000)} s: the next order tells`);
    });
  }

  #probeLater(): void {
    const { minProbeMs, maxProbeMs } = this.#ports.timing;
    const ms = Math.min(maxProbeMs, minProbeMs * 2 ** Math.min(this.#probes++, 20));
    this.#timer?.();
    this.#timer = this.#ports.clock.after(ms, () => {
      this.#timer = undefined;
      void this.#probe();
    });
  }

  async #probe(): Promise<void> {
    const sorted = sortAnswer(await this.#ports.probe(), "probe");
    if (this.#closed || this.#venue !== "RESTARTING") return;
    if (
      sorted.kind === "unknown" &&
      (sorted.venue.mode === undefined || sorted.venue.mode === "RESTARTING")
    ) {
      this.#probeLater();
      return;
    }
    this.#ports.onRecovery();
    if (sorted.kind === "unknown") {
      this.hint(sorted.venue);
      return;
    }
    const { postOnlyMs } = this.#ports.timing;
    this.#enter("POST_ONLY", `the matching engine is back: post-only for ${Math.ceil(postOnlyMs / 1_000)} s`);
    this.#openLater(postOnlyMs);
  }
}
