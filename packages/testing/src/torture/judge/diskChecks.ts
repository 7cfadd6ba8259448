import type { DiskErrorEntry, DiskLookEntry, DiskRoomEntry, StallEntry } from "../history.ts";
import type { History } from "../record.ts";
import type { Life } from "./life.ts";
import type { Seen } from "./seen.ts";
import { seconds, type Verdicts } from "./verdicts.ts";

/** A disk that grows short: part of I12. @module */

const GIB = 1_073_741_824;
/** What is seen is told at once; the word waits for what was heard before it. */
const TOLD = 50_000_000;
/** Two looks, and a little: who fills a disk faster than this is seen by nobody. */
const SLOWLY = 5_000_000_000;

/** Follows the room on the disk, what each program has seen of it, and whether it has stopped by then. */
export class Disks {
  /** Since when the disk truly has less room than the limit. */
  #shortSince: number | undefined;
  /** By life: since when it sees that. */
  readonly #seenSince = new Map<number, number>();
  /** By life: when it has last ended entries, or more. */
  readonly #stoppedAt = new Map<number, number>();
  #stalledUntil = 0;

  room(entry: DiskRoomEntry, history: History): void {
    this.#shortSince = isShort(entry, history) ? (this.#shortSince ?? entry.at) : undefined;
  }

  /** A run that is not ready begins nothing, and is told at the first look that finds it ready. */
  look(entry: DiskLookEntry, history: History, life: Life | undefined): void {
    if (!isShort(entry, history)) this.#seenSince.delete(entry.life);
    else if (!this.#seenSince.has(entry.life) && life?.states.get("") === "READY")
      this.#seenSince.set(entry.life, entry.at);
  }

  stall({ at, ms }: StallEntry): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, at + ms * 1e6);
  }

  /** Nothing is begun on a disk that was seen to be short, until a person says so: then until it is looked at again. */
  step({ life, step, verdicts }: Seen): void {
    const { life: number } = life.start;
    const { event, effects, at } = step;
    if (isStopped(life)) this.#stoppedAt.set(number, at);
    if (event.type === "operator" && event.command.kind === "resume") this.#seenSince.delete(number);
    const since = this.#seenSince.get(number);
    if (since === undefined) return;
    for (const effect of effects) {
      if (effect.type !== "place" || effect.intent.purpose !== "entry") continue;
      const { intentId, marketId } = effect.intent;
      verdicts.holds("I12", at <= since + TOLD, `disk ${intentId}`, () => {
        return `entry ${intentId} in ${marketId} was let out ${seconds(at - since)} after the disk was seen to be short of room`;
      });
    }
  }

  /** A journal that runs out of room while somebody had time to see it coming. */
  refused({ life: number, code, at }: DiskErrorEntry, life: Life | undefined, verdicts: Verdicts): void {
    const since = this.#shortSince;
    if (code !== "ENOSPC" || since === undefined || life === undefined || life.recovering) return;
    if (at < Math.max(since, life.start.at, this.#stalledUntil) + SLOWLY) return;
    const stopped = (this.#stoppedAt.get(number) ?? -1) >= since;
    verdicts.holds("I12", stopped || isStopped(life), `disk of ${number}`, () => {
      return `the journal of life ${number} was refused ${seconds(at - since)} after the disk had grown short of room, and entries had not ended`;
    });
  }
}

/** Whether entries have ended, by a person's word or by the state of the system: only one that is ready begins anything. */
function isStopped({ account, states }: Life): boolean {
  const { entriesStopped, halted, killed } = account.person;
  return entriesStopped || halted || killed || states.get("") !== "READY";
}

function isShort({ free, total }: DiskRoomEntry | DiskLookEntry, history: History): boolean {
  const { min_free_gib: least, min_free_part: part } = history.world.config.journal;
  return free < least * GIB || free < total * part;
}
