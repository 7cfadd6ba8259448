import type { CoreEvent } from "../events/index.ts";
import type { TopicPolicy } from "./topics.ts";

/** How many references or trades are remembered; the oldest is forgotten first. */
const MEMORY = 65_536;

/** Recognises what arrives twice. */
export class Repetitions {
  /** Keys seen, oldest first: claims with an empty value, trades with their last status. */
  readonly #seen = new Map<string, string>();

  /** Whether an event repeats one from before; if not, it is remembered. */
  isOne(event: CoreEvent, rule: TopicPolicy["dedup"]): boolean {
    const key = rule === undefined ? undefined : keyOf(event);
    if (key === undefined) return false;
    const value = rule === "same_as_last" && event.type === "trade_report" ? event.status : "";
    if (this.#seen.get(key) === value) return true;
    this.#seen.delete(key);
    this.#seen.set(key, value);
    if (this.#seen.size > MEMORY) this.#forgetOldest();
    return false;
  }

  #forgetOldest(): void {
    for (const oldest of this.#seen.keys()) {
      this.#seen.delete(oldest);
      return;
    }
  }
}

/** What a repetition is recognised by; `undefined` when the event cannot be one. */
function keyOf(event: CoreEvent): string | undefined {
  if (event.type === "match_claim") {
    // Several claims may share a source's reference (one frame, many facts): only the same claim is the same fact.
    if (event.ref === undefined) return undefined;
    return JSON.stringify([event.matchId, event.source, event.ref, event.replayed === true, event.claim]);
  }
  if (event.type === "trade_report") return JSON.stringify([event.tradeId, event.orderId]);
  return undefined;
}
