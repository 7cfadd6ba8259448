import type { OperatorCommand } from "@matchpoint/sdk";
import type { HistoryEntry } from "../history.ts";
import { WORLD_STARTS_AT } from "../kernel/ground.ts";
import type { World } from "../world/world.ts";
import type { Supervisor } from "./supervisor.ts";

/** What the venue says of an order that it has taken. */
const TAKEN: ReadonlySet<string> = new Set(["live", "delayed", "matched"]);

/** What goes wrong around the programs at drawn moments: on their channels, their host and at their operator's. */
export class Troubles {
  readonly #world: World;
  readonly #keeper: Supervisor;

  constructor(world: World, keeper: Supervisor) {
    this.#world = world;
    this.#keeper = keeper;
    this.#plan();
  }

  #plan(): void {
    const { ground } = this.#world;
    const { time } = ground;
    const draw = ground.dice.stream("troubles of the program");
    const each = (
      kind: "md_disconnect" | "md_stall" | "own_disconnect" | "own_stall",
      low: number,
      high: number,
    ): void => {
      ground.schedule(kind, () => {
        const forMs = draw.between(low, high);
        const bot = this.#keeper.bot;
        if (bot === undefined) return;
        if (kind === "md_disconnect") bot.feed.drop(forMs);
        else if (kind === "md_stall") bot.feed.stall(forMs);
        else bot.adapter()?.disturb?.(kind === "own_disconnect" ? "disconnect" : "stall", forMs);
      });
    };
    each("md_disconnect", 500, 12_000);
    each("md_stall", 2_000, 25_000);
    each("own_disconnect", 500, 12_000);
    each("own_stall", 2_000, 25_000);
    ground.schedule("truth_stall", () => this.#keeper.bot?.truth.stall(draw.between(5_000, 40_000)));
    ground.schedule("truth_rollback", () => this.#rollBack());
    ground.schedule("clock_step", () => {
      const stepMs = draw.int(-5_000, 5_000);
      this.#keeper.host.offsetMs += stepMs;
      ground.history.add({ kind: "clock", stepMs });
      const since = time.now;
      ground.injected("clock_step", (entry) => stepMs !== 0 && this.#isStampedAnew(entry, since));
    });
    ground.schedule("loop_stall", () => {
      const forMs = draw.between(300, 10_000);
      if (this.#keeper.bot === undefined) return;
      this.#keeper.host.stall(time.now, forMs);
      ground.history.add({ kind: "stall", life: this.#keeper.bot.life.number, ms: Math.floor(forMs) });
    });
    ground.schedule("operator_kill", () => {
      if (!this.#order("operator_kill", { kind: "kill" })) return;
      // Some come too soon: the cool-down is drawn too.
      const resume: OperatorCommand = { kind: "resume", reason: "looked at it" };
      if (draw.chance(0.6)) time.after(draw.between(500, 12_000), () => this.#keeper.operate(resume));
    });
    ground.schedule("operator_halt", () => {
      const { listed } = this.#world;
      if (listed.length === 0) return;
      const { marketId } = draw.pick(listed);
      const where = draw.chance(0.5) ? {} : { marketId };
      if (!this.#order("operator_halt", { kind: "halt", ...where })) return;
      time.after(draw.between(2_000, 10_000), () => this.#keeper.operate({ kind: "resume", ...where }));
    });
    ground.schedule("stop_entries", () => {
      if (!this.#order("stop_entries", { kind: "stop_entries" })) return;
      time.after(draw.between(2_000, 10_000), () => this.#keeper.operate({ kind: "resume" }));
    });
    // A person frees the disk, and lets the run go on that it had stopped.
    this.#world.drive.room.onBack = () => {
      time.after(ground.dice.stream("disk room").between(500, 4_000), () =>
        this.#keeper.operate({ kind: "resume" }),
      );
    };
    ground.schedule("second_bot", () => {
      // It is gone before the good times begin.
      const mostMs = ground.safetyMs - time.now / 1e6 - 4_000;
      if (mostMs < 1_000) return;
      ground.injected("second_bot", (entry) => {
        if (entry.kind !== "venue_order" || !TAKEN.has(entry.status)) return false;
        const sender = this.#world.venue.senderOf(entry.orderId);
        return sender !== undefined && this.#keeper.seconds.has(sender);
      });
      this.#keeper.startSecond();
      time.after(Math.min(mostMs, draw.between(5_000, 25_000)), () => {
        for (const { life, program } of this.#keeper.running.values()) if (life.bot === "b") program.stop();
      });
    });
  }

  /** An operator's word, which counts when the core has done something for it. */
  #order(fault: "operator_kill" | "operator_halt" | "stop_entries", command: OperatorCommand): boolean {
    this.#world.ground.injected(
      fault,
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "operator" &&
        entry.event.command === command &&
        entry.effects.some(({ type }) => type === "transition"),
    );
    return this.#keeper.operate(command);
  }

  /** Whether a program on the bot's host was told something that its clock has stamped since a moment, as far off as it is by now. */
  #isStampedAnew(entry: HistoryEntry, since: number): boolean {
    if (entry.kind !== "step") return false;
    const life = this.#keeper.running.get(entry.life)?.life;
    if (life === undefined || life.host !== this.#keeper.host) return false;
    const stampedAt = life.startedAt + entry.event.at;
    const off = entry.event.receivedAt - (WORLD_STARTS_AT + Math.floor(stampedAt / 1e6));
    return stampedAt > since && off === this.#keeper.host.offsetMs && off !== 0;
  }

  #rollBack(): void {
    const { ground, told } = this.#world;
    const started = told.findLast(({ claim }) => claim.kind === "game_started");
    const bot = this.#keeper.bot;
    if (started?.claim.kind !== "game_started" || bot === undefined) return;
    const { game } = started.claim;
    const since = told.filter(
      ({ matchId, claim }) => matchId === started.matchId && "game" in claim && claim.game === game,
    );
    if (since.some(({ claim }) => claim.kind === "game_won" || claim.kind === "retracted")) return;
    ground.injected(
      "truth_rollback",
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "match_claim" &&
        entry.event.matchId === started.matchId &&
        entry.event.claim.kind === "retracted" &&
        entry.event.claim.reason === "rollback",
    );
    bot.truth.rollBack(
      started.matchId,
      game,
      since.slice(-4).map(({ claim }) => claim),
    );
  }
}
