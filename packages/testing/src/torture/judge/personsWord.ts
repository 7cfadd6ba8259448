import type { OperatorCommand } from "@matchpoint/sdk";

/** What a person has ordered and not taken back, and what waits for a person's word. */
export class PersonsWord {
  killed = false;
  halted = false;
  entriesStopped = false;
  readonly haltedStrategies = new Set<string>();
  readonly haltedMarkets = new Set<string>();
  /** Markets that were resumed by themselves while all were halted. */
  readonly resumedMarkets = new Set<string>();
  /** Markets of which more was sold than ever came, and no person has resumed since. */
  readonly short = new Set<string>();

  /** The same, to go on from. */
  copy(): PersonsWord {
    const next = new PersonsWord();
    next.killed = this.killed;
    next.halted = this.halted;
    next.entriesStopped = this.entriesStopped;
    for (const kind of ["haltedStrategies", "haltedMarkets", "resumedMarkets", "short"] as const)
      for (const each of this[kind]) next[kind].add(each);
    return next;
  }

  /** Why a market is held back: the account by a kill, all markets, or this one; `undefined` when it is not. */
  heldBack(marketId: string): string | undefined {
    if (this.killed) return "the bot was killed";
    if (this.short.has(marketId)) return "more of its shares were sold than ever came";
    if (this.haltedMarkets.has(marketId)) return "its market was halted by an operator";
    if (this.halted && !this.resumedMarkets.has(marketId)) return "all markets were halted by an operator";
    return undefined;
  }

  take(command: OperatorCommand): void {
    switch (command.kind) {
      case "kill":
        this.killed = true;
        return;
      case "stop_entries":
        this.entriesStopped = true;
        return;
      case "halt":
        if (command.marketId !== undefined) this.haltedMarkets.add(command.marketId);
        else {
          this.halted = true;
          this.resumedMarkets.clear();
        }
        return;
      case "resume":
        if (command.strategyId !== undefined) this.haltedStrategies.delete(command.strategyId);
        else if (command.marketId !== undefined) this.#resumed(command.marketId);
        else this.#allResumed(command.reason);
        return;
      default:
        return;
    }
  }

  #resumed(marketId: string): void {
    this.haltedMarkets.delete(marketId);
    this.short.delete(marketId);
    this.resumedMarkets.add(marketId);
  }

  #allResumed(reason: string | undefined): void {
    if (reason !== undefined) this.haltedStrategies.clear();
    // A resume lifts the kill first, and what was stopped before it by another word.
    if (!this.killed) this.entriesStopped = false;
    this.killed = false;
    this.halted = false;
    this.haltedMarkets.clear();
    this.short.clear();
  }
}
