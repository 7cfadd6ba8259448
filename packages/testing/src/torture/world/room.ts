import type { DiskSpace } from "@matchpoint/sdk/node";
import type { Ground } from "../kernel/ground.ts";

const MIB = 1_048_576;
const GIB = 1_024 * MIB;
const TOTAL = 20 * GIB;
const RESERVE = 64 * MIB;
/** What is left when others have written a file more, and another: below the first bound by the third, below the last by the sixth. */
const LEVELS = [8 * GIB, 3 * GIB, 1.5 * GIB, 0.8 * GIB, 0.4 * GIB, 100 * MIB, 9 * MIB, 0] as const;
const [PLENTY] = LEVELS;
/** Where it stops shrinking: short, nearly gone, gone. */
const ENDS = [4, 6, 7] as const;

/** The room on the world's disk: other programs fill it now and then, and it comes back. The bot keeps a reserve there. */
export class DiskRoom {
  readonly #ground: Ground;
  #free: number = PLENTY;
  #reserve = RESERVE;
  /** Lives that have given their reserve back. */
  readonly #used = new Set<number>();
  #shrinking = false;
  /** Somebody takes what the reserve has given back, too. */
  #greedy = false;
  /** There is room again. */
  onBack: () => void = () => undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
    ground.schedule("disk_low", () => {
      this.#shrink();
    });
  }

  /** What the disk says of itself. */
  get space(): DiskSpace {
    return { free: this.#free, total: TOTAL };
  }

  get isFull(): boolean {
    return this.#free === 0;
  }

  /** A program takes its reserve at its start, where there is room for one. */
  fill(): void {
    if (this.#reserve === 0 && this.#free > RESERVE) this.#reserve = RESERVE;
  }

  /** A program gives the reserve back; says whether there was any. */
  give(life: number): boolean {
    if (this.#reserve === 0) return false;
    this.#used.add(life);
    this.#set(this.#free + this.#reserve);
    this.#reserve = 0;
    const { time, dice } = this.#ground;
    if (this.#greedy)
      time.after(dice.stream("disk room").between(200, 4_000), () => {
        if (this.#shrinking) this.#set(0);
      });
    return true;
  }

  /** Whether this program has given its reserve back. */
  wasFull(life: number): boolean {
    return this.#used.has(life);
  }

  calm(): void {
    if (this.#shrinking) this.#comeBack();
  }

  #shrink(): void {
    if (this.#shrinking) return;
    const ground = this.#ground;
    const draw = ground.dice.stream("disk room");
    const end = draw.pick(ENDS);
    const everyMs = draw.between(100, 3_000);
    const lastsMs = draw.between(2_000, 10_000);
    this.#shrinking = true;
    this.#greedy = draw.chance(0.5);
    ground.injected(
      "disk_low",
      (entry) =>
        entry.kind === "step" &&
        entry.event.type === "operator" &&
        entry.event.operator === "disk" &&
        entry.effects.some(({ type }) => type === "transition"),
    );
    for (let level = 1; level <= end; level++)
      ground.time.after(level * everyMs, () => {
        if (this.#shrinking) this.#set(LEVELS[level]!);
      });
    ground.time.after(end * everyMs + lastsMs, () => {
      if (this.#shrinking) this.#comeBack();
    });
  }

  #comeBack(): void {
    this.#shrinking = false;
    this.#set(PLENTY);
    this.onBack();
  }

  #set(free: number): void {
    this.#free = free;
    this.#ground.history.add({ kind: "disk_room", free, total: TOTAL });
  }
}
