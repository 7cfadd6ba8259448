/** What lasts for a while and then is over by itself. */
export type Spell = "outage" | "rate_limit" | "silence";

/** Until when each of them lasts, in ms of a clock. */
export class FaultSpells {
  readonly #until = new Map<Spell, number>();

  begin(spell: Spell, until: number): void {
    this.#until.set(spell, until);
  }

  /** How long it still lasts; 0 when it is over. */
  left(spell: Spell, now: number): number {
    return Math.max(0, (this.#until.get(spell) ?? now) - now);
  }
}
