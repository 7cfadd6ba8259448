import type { OwnChannelChanged, Reconciled } from "../events/index.ts";
import type { Floor } from "./floor.ts";
import { AGREEMENTS_NEEDED } from "./foreignLatch.ts";

/** What holds entries back since the channel of own orders was lost: it still is, or what it missed is still to be compared. */
export interface OwnChannelGap {
  readonly state: "LOST" | "COMPARING";
  /** Why it was lost. */
  readonly detail: string;
  /** Comparisons of the whole account in a row that have agreed since it is back. */
  readonly agreements: number;
}

/** Holds entries back while nobody tells of our own orders and trades, and until what was missed meanwhile is known. */
export class OwnChannelDesk {
  readonly #floor: Floor;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  changed({ state, detail }: OwnChannelChanged): void {
    const gap = this.#floor.ownChannel;
    if (state === "back") {
      if (gap?.state !== "LOST") return;
      this.#move({ ...gap, state: "COMPARING", agreements: 0 }, detail);
      return;
    }
    if (gap?.state === "LOST") return;
    this.#move({ state: "LOST", detail, agreements: 0 }, detail);
    this.#floor.alarm(
      "OWN_CHANNEL_LOST",
      `our own orders and trades are not heard of at once (${detail}): no entries until they are, and two comparisons in a row agree`,
    );
  }

  /** A comparison was made: a difference begins the row anew, and one of a single market says nothing of the others. */
  reconciled({ agrees, marketId }: Reconciled): void {
    const gap = this.#floor.ownChannel;
    if (gap?.state !== "COMPARING") return;
    const agreements = !agrees ? 0 : marketId === undefined ? gap.agreements + 1 : gap.agreements;
    if (agreements >= AGREEMENTS_NEEDED) this.#move(undefined, `${agreements} comparisons in a row agree`);
    else this.#floor.ownChannel = { ...gap, agreements };
  }

  #move(gap: OwnChannelGap | undefined, reason: string): void {
    const floor = this.#floor;
    const from = floor.ownChannel?.state ?? "OPEN";
    floor.ownChannel = gap;
    const to = gap?.state ?? "OPEN";
    floor.effect({ type: "transition", machine: "system", subject: "own_channel", from, to, reason });
  }
}
