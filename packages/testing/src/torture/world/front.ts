import type { VenueModeChanged } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { SimVenue } from "./venue.ts";

type Mode = VenueModeChanged["mode"];
/** What a request is about, for those who may refuse it. */
export type RequestKind = "post" | "cancel" | "read";
/** Why the venue's front refuses a request; nothing was done then. */
export type Refusal = 425 | 429 | 503 | "html" | "post_only";

const DEAD_MAN_MS = 10_000;
const LOOK_MS = 5_000;
/** From one cancel that is taken to the next, once the burst is spent. */
const CANCEL_EVERY_MS = 400;

/** The venue's front: its modes, its limits and its dead man's switch. */
export class VenueFront {
  readonly #ground: Ground;
  readonly #venue: SimVenue;
  #era = 0;
  /** When the last heartbeat came, ns; `undefined` while nobody has sent any. */
  #beat: number | undefined;
  #burst: number | undefined;
  /** Cancels that are taken at once, and when that was last counted, ns. */
  #cancels = { left: 0, at: 0 };

  /** @param burst how many cancels are taken at once; absent: any number */
  constructor(ground: Ground, venue: SimVenue, burst?: number) {
    this.#burst = burst;
    this.#cancels.left = burst ?? 0;
    this.#ground = ground;
    this.#venue = venue;
    const draw = ground.dice.stream("front");
    ground.schedule("http_425", () => {
      const forMs = draw.between(5_000, 30_000);
      const purges = draw.chance(0.5);
      this.#enter("RESTARTING", forMs, () => {
        this.#enter("POST_ONLY", draw.between(5_000, 30_000));
      });
      if (purges && venue.cancelAll("the engine restarted", true) > 0)
        ground.fault("http_425", "orders did not survive the restart");
    });
    ground.schedule("http_503", () => {
      this.#enter(draw.chance(0.5) ? "DOWN" : "CANCEL_ONLY", draw.between(3_000, 20_000));
    });
    ground.schedule("balance_phantom", () => {
      venue.phantom = true;
      ground.time.after(draw.between(3_000, 20_000), () => (venue.phantom = false));
    });
    ground.schedule("venue_limits", () => {
      this.#burst = ground.dice.stream("venue limits").int(3, 12);
      this.#cancels = { left: Math.min(this.#burst, this.#cancels.left), at: ground.time.now };
    });
    const look = (): void => {
      this.#deadMan();
      ground.time.after(LOOK_MS, look);
    };
    look();
  }

  /** All is well again. */
  calm(): void {
    this.#era += 1;
    this.#setMode("OPEN");
    this.#venue.phantom = false;
  }

  /** Why a request that has come is not carried out. */
  refuses(kind: RequestKind, postOnly: boolean, life: number): Refusal | undefined {
    const { dice } = this.#ground;
    const { mode } = this.#venue;
    if (dice.strikes("http_html")) {
      this.#ground.fault("http_html", kind, life);
      return "html";
    }
    if (dice.strikes("http_429")) {
      this.#ground.fault("http_429", kind, life);
      return 429;
    }
    if (kind === "cancel" && dice.on && !this.#takesCancel()) {
      this.#ground.fault("cancel_burst", "no cancel is left", life);
      return 429;
    }
    if (kind === "read" || mode === "OPEN") return undefined;
    if (mode === "RESTARTING") {
      this.#ground.fault("http_425", kind, life);
      return 425;
    }
    if (mode === "DOWN" || (mode === "CANCEL_ONLY" && kind === "post")) {
      this.#ground.fault("http_503", kind, life);
      return 503;
    }
    return mode === "POST_ONLY" && kind === "post" && !postOnly ? "post_only" : undefined;
  }

  /** How many cancels it takes at once, as its answers say. */
  get burst(): number | undefined {
    return this.#burst;
  }

  heartbeat(): void {
    this.#beat = this.#ground.time.now;
  }

  #takesCancel(): boolean {
    if (this.#burst === undefined) return true;
    const { now } = this.#ground.time;
    const { left, at } = this.#cancels;
    const refilled = Math.min(this.#burst, left + (now - at) / (CANCEL_EVERY_MS * 1e6));
    const taken = refilled >= 1;
    this.#cancels = { left: taken ? refilled - 1 : refilled, at: now };
    return taken;
  }

  #deadMan(): void {
    if (this.#beat === undefined || this.#ground.time.now - this.#beat < DEAD_MAN_MS * 1e6) return;
    this.#beat = undefined;
    const count = this.#venue.cancelAll("no heartbeat", false);
    if (count > 0 && this.#ground.dice.has("heartbeat_lost"))
      this.#ground.fault("heartbeat_lost", `${count} orders cancelled by the venue`);
  }

  #enter(mode: Mode, forMs: number, then?: () => void): void {
    const era = ++this.#era;
    this.#setMode(mode);
    this.#ground.time.after(forMs, () => {
      if (era !== this.#era) return;
      this.#setMode("OPEN");
      then?.();
    });
  }

  #setMode(mode: Mode): void {
    if (this.#venue.mode === mode) return;
    this.#venue.mode = mode;
    this.#ground.history.add({ kind: "venue_mode", mode });
  }
}
