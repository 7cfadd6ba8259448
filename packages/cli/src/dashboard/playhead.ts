import type { MoveFrame, PlayFrame } from "@matchpoint/dashboard";
import type { CoreEvent } from "@matchpoint/sdk";
import type { Follower, RunView } from "../view/index.ts";
import type { Waypoints } from "./waypoints.ts";

/** Whose view a page is shown, and where in time it stands. */
export interface PlayheadOptions {
  /** Follows the run itself. */
  readonly head: Follower;
  /** Makes one of the same run that is led by hand. */
  readonly fresh: () => Follower;
  /** Bytes of the journal that there are now. */
  readonly size: () => number;
  /** Where to begin in a long journal instead of its start. */
  readonly waypoints?: Waypoints;
}

type Goal =
  | { readonly kind: "time"; readonly t: number }
  | { readonly kind: "seq"; readonly seq: number }
  | { readonly kind: "event"; readonly after: number; readonly is: (event: CoreEvent) => boolean };

/** A run that grows is never so far ahead of who follows it. */
const FAR_BYTES = 1_000_000;
const SPEEDS: ReadonlySet<number> = new Set([0.25, 0.5, 1, 2, 5, 10, 25, 50, 100]);
const STEPS: Readonly<Record<string, (event: CoreEvent) => boolean>> = {
  event: () => true,
  truth: ({ type, ...event }) =>
    type === "match_claim" &&
    "claim" in event &&
    event.claim.kind !== "game_progress" &&
    event.replayed !== true,
  order: ({ type }) => type === "order_prepared",
  fill: ({ type, ...event }) => type === "trade_report" && "status" in event && event.status === "MATCHED",
};

/**
 * Where one page stands in the run's time: at its end, or somewhere in its past. What the run knew then is found by folding it again from
 * its start, which is the only way that shows what was known and nothing else.
 */
export class Playhead {
  readonly #options: PlayheadOptions;
  #past: Follower | undefined;
  #state: PlayFrame["state"] = "follow";
  #speed = 1;
  #goal: Goal | undefined;
  /** While seeking: what it was, and where it began. */
  #resume: "playing" | "paused" = "paused";
  /** While playing: the run's time that is to be shown now. */
  #due = 0;
  #told = "";
  #jumped = false;
  /** Stopped at the run's end as it was then: nothing is folded again before the page wants to see another moment. */
  #frozen: { readonly seq: number; readonly t: number } | undefined;

  constructor(options: PlayheadOptions) {
    this.#options = options;
  }

  get view(): RunView {
    return (this.#past ?? this.#options.head).view;
  }
  /** Whether the page has to be shown everything anew; told once. */
  takeJump(): boolean {
    const jumped = this.#jumped;
    this.#jumped = false;
    return jumped;
  }
  get state(): PlayFrame["state"] {
    return this.#state;
  }
  /** Whether there is nothing new to be shown: it is on its way, or the page looks at what it has. */
  get isStill(): boolean {
    return this.isSeeking || this.#frozen !== undefined;
  }
  /** Whether it is on its way somewhere: the sooner it is there the better. */
  get isSeeking(): boolean {
    return this.#state === "seeking";
  }

  /** Moves. Returns why it cannot. */
  move(frame: MoveFrame): string | undefined {
    switch (frame.type) {
      case "follow":
        this.#follow();
        return undefined;
      case "pause":
        if (this.#state === "follow") this.#frozen = { seq: this.view.seq, t: this.view.t };
        if (this.#state !== "seeking") this.#state = "paused";
        this.#resume = "paused";
        return undefined;
      case "play":
        if (this.#state === "follow") return undefined;
        this.#resume = "playing";
        if (this.#frozen !== undefined) this.#seek({ kind: "seq", seq: this.#frozen.seq });
        else if (this.#state === "paused") this.#play();
        return undefined;
      case "speed":
        if (!SPEEDS.has(frame.speed)) return "there is no such speed";
        this.#speed = frame.speed;
        return undefined;
      case "seek":
        if (!Number.isFinite(frame.t)) return "that is no time";
        this.#seek({ kind: "time", t: frame.t });
        return undefined;
      case "seek_seq":
        if (!Number.isSafeInteger(frame.seq) || frame.seq < 0) return "that is no line";
        this.#seek({ kind: "seq", seq: frame.seq });
        return undefined;
      case "step":
        return this.#step(frame);
    }
  }

  /** Goes on, for so long at most. `passedMs`: since the last time. */
  tick(passedMs: number, withinMs: number): void {
    const past = this.#past;
    if (past === undefined) return;
    if (this.#state === "playing") {
      this.#due += passedMs * this.#speed;
      const due = this.#due;
      if (past.lead(withinMs, (_, t) => t > due) === "end") this.#state = "paused";
      return;
    }
    const goal = this.#goal;
    if (this.#state !== "seeking" || goal === undefined) return;
    let found = false;
    const how = past.lead(withinMs, ({ event, seq }, t) => {
      if (found) return true;
      if (goal.kind === "time") return t > goal.t;
      if (goal.kind === "seq") return seq > goal.seq;
      found = seq > goal.after && goal.is(event);
      return false;
    });
    if (how === "time") return;
    this.#goal = undefined;
    this.#jumped = true;
    this.#state = "paused";
    if (this.#resume === "playing") this.#play();
  }

  /** What the page is told of it; `undefined` when that is what it was told last. */
  frame(): PlayFrame | undefined {
    const { head } = this.#options;
    if (head.view.isEmpty) return undefined;
    const { view } = this;
    const from = head.view.started.receivedAt;
    const to = head.view.t;
    const t = this.#frozen?.t ?? (view.isEmpty ? from : view.t);
    const goal = this.#goal === undefined ? undefined : (this.#past?.bytes ?? 0) / Math.max(1, head.bytes);
    const done = goal ?? this.#behind();
    const frame: PlayFrame = {
      type: "play",
      state: done === undefined ? this.#state : "seeking",
      t,
      seq: this.#frozen?.seq ?? view.seq,
      from,
      to,
      speed: this.#speed,
      ...(done === undefined ? {} : { done: Math.min(1, done) }),
    };
    const text = JSON.stringify(frame);
    if (text === this.#told) return undefined;
    this.#told = text;
    return frame;
  }

  /** How far a long journal has been read that was just opened; nothing once its end is near. */
  #behind(): number | undefined {
    if (this.#state !== "follow") return undefined;
    const size = this.#options.size();
    const { bytes } = this.#options.head;
    return size - bytes > FAR_BYTES ? bytes / size : undefined;
  }

  #follow(): void {
    if (this.#past !== undefined || this.#frozen !== undefined) this.#jumped = true;
    this.#past = undefined;
    this.#frozen = undefined;
    this.#goal = undefined;
    this.#state = "follow";
    this.#resume = "paused";
  }

  #play(): void {
    this.#state = "playing";
    this.#due = this.view.t;
  }

  #seek(goal: Goal): void {
    if (this.#state === "playing") this.#resume = "playing";
    this.#frozen = undefined;
    const isBefore = (view: RunView): boolean => {
      if (view.isEmpty || goal.kind === "event") return true;
      return goal.kind === "time" ? view.t <= goal.t : view.seq <= goal.seq;
    };
    const here = this.#past !== undefined && isBefore(this.#past.view) ? this.#past : undefined;
    // A step goes on from where the page stands.
    const nearer =
      goal.kind === "event" ? undefined : this.#options.waypoints?.take(isBefore, here?.view.seq ?? 0);
    this.#past = nearer ?? here ?? this.#options.fresh();
    this.#goal = goal;
    this.#state = "seeking";
  }

  #step({ to, back }: Extract<MoveFrame, { type: "step" }>): string | undefined {
    const is = Object.hasOwn(STEPS, to) ? STEPS[to] : undefined;
    if (is === undefined) return "there is no such step";
    this.#resume = "paused";
    if (this.#state === "playing") this.#state = "paused";
    const seq = this.#frozen?.seq ?? this.view.seq;
    if (back !== true) {
      if (this.#state !== "follow") this.#seek({ kind: "event", after: seq, is });
      return undefined;
    }
    const kinds: readonly string[] = [to];
    const line =
      to === "event"
        ? seq - 1
        : this.view.log().lines.findLast((each) => kinds.includes(each.kind) && each.seq < seq)?.seq;
    if (line === undefined) return "there is nothing before";
    this.#seek({ kind: "seq", seq: Math.max(1, line) });
    return undefined;
  }
}
