import type { CoreEvent } from "@matchpoint/sdk";
import type { Life } from "./life.ts";
import type { Seen } from "./seen.ts";

/** What is disputed at the venue's oracle: I12 (held back until a person resumes), I17 (worth half a dollar a share at most). @module */

/** Markets of which a start has heard that their outcome is disputed. */
export class Disputes {
  /** Nobody knows what they will pay. */
  readonly now = new Set<string>();
  /** No person has resumed them since. */
  readonly held = new Set<string>();

  /** @param refused it is a resume, and was not followed */
  take(event: CoreEvent, { markets }: Pick<Life, "markets">, refused: boolean): void {
    if (event.type === "terms_changed" || event.type === "market_listed") {
      const { marketId, disputed } =
        event.type === "market_listed"
          ? event.market
          : { marketId: event.marketId, disputed: event.terms.disputed };
      if (!markets.has(marketId) && event.type === "terms_changed") return;
      if (disputed === true && !this.now.has(marketId)) this.held.add(marketId);
      if (disputed === true) this.now.add(marketId);
      else if (disputed === false || event.type === "market_listed") this.now.delete(marketId);
    } else if (event.type === "market_resolution") {
      this.now.delete(event.marketId);
    } else if (event.type === "operator" && event.command.kind === "resume" && !refused) {
      const { marketId, strategyId } = event.command;
      if (marketId !== undefined) this.held.delete(marketId);
      else if (strategyId === undefined) this.held.clear();
    }
  }
}

/** After news of a disputed market: what is held of it counts as half a dollar a share, or less. */
export function judgeDisputed({ life, core, step: { event }, verdicts }: Seen): void {
  if (life.disputes.now.size === 0 || !("marketId" in event)) return;
  const { marketId } = event;
  if (!life.disputes.now.has(marketId) || life.account.payouts.has(marketId)) return;
  const line = core.pnl.markets.get(marketId);
  if (line === undefined) return;
  let [most, cost] = [0, 0];
  for (const outcome of [0, 1] as const) {
    most += Math.max(0, life.account.position(marketId, outcome).shares) / 2;
    cost += life.account.costsOf(marketId).cost[outcome];
  }
  for (const worth of [line.unrealized + cost, line.unrealizedAtModel + cost])
    verdicts.holds("I17", worth <= most, `disputed ${marketId}`, () => {
      return `what is held of ${marketId} is disputed, and valued at ${worth} micro-dollars; half a dollar a share is ${most}`;
    });
}
