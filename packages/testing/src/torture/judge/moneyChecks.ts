import type { CoreEvent } from "@matchpoint/sdk";
import type { Seen } from "./seen.ts";

/** Money: I4 (whole safe numbers), I7 (the books are the sum of what was heard), I8 (said again changes nothing), I17 (payouts). @module */

const MONEY: ReadonlySet<CoreEvent["type"]> = new Set<CoreEvent["type"]>([
  "trade_report",
  "chain_report",
  "balance_report",
  "adopted",
  "market_resolution",
  "operator",
]);

const OUTCOMES = [0, 1] as const;

/** Compares the core's books with the judge's own, where a step may have changed them. */
export function judgeMoney(seen: Seen): void {
  const { life, core, step, verdicts, effect } = seen;
  const { event } = step;
  judgeChain(seen);
  if (!MONEY.has(event.type)) return;
  // An account that is taken over is compared when it is there.
  if (event.type === "adopted" && event.what.kind === "account") return;
  const { account } = life;
  const { ledger } = core;
  const invariant = effect === "repeated" ? "I8" : "I7";
  verdicts.holds(invariant, ledger.cash === account.cash, "cash", () => {
    return `the books have ${ledger.cash} micro-dollars, what was heard adds up to ${account.cash} (after ${nameOf(event)}, ${effect})`;
  });
  verdicts.holds(invariant, ledger.realizedTotal === account.realized, "realized", () => {
    return `the books have realized ${ledger.realizedTotal} micro-dollars, what was heard adds up to ${account.realized} (after ${nameOf(event)}, ${effect})`;
  });
  const { cash, realizedTotal, feesTotal, deposits } = ledger;
  verdicts.holds(invariant, feesTotal === account.fees, "fees", () => {
    return `the books have paid ${feesTotal} micro-dollars of fees, what was heard adds up to ${account.fees} (after ${nameOf(event)}, ${effect})`;
  });
  const putIn = account.deposited + account.depositedInKind;
  verdicts.holds(invariant, deposits === putIn, "deposits", () => {
    return `the books say that ${deposits} micro-dollars were put in, what was heard adds up to ${putIn} (after ${nameOf(event)}, ${effect})`;
  });
  const whole = [cash, realizedTotal, feesTotal, deposits].every(Number.isSafeInteger);
  verdicts.holds("I4", whole, "ledger", () => {
    return `after ${nameOf(event)} the ledger has cash ${cash}, realized ${realizedTotal}, fees ${feesTotal}, deposits ${deposits}`;
  });
  const marketId =
    marketOf(event) ??
    (event.type === "chain_report" ? account.actions.get(event.actionId)?.action.marketId : undefined);
  if (marketId === undefined) return;
  for (const outcome of OUTCOMES) {
    const own = account.position(marketId, outcome);
    const { matched, settled, cost } = ledger.position(marketId as never, outcome);
    verdicts.holds(invariant, matched === own.shares, `${marketId} ${outcome}`, () => {
      return `the books hold ${matched} of ${marketId} outcome ${outcome}, what was heard adds up to ${own.shares} (after ${nameOf(event)}, ${effect})`;
    });
    const paid = account.costsOf(marketId).cost[outcome];
    verdicts.holds(invariant, cost === paid, `${marketId} ${outcome} cost`, () => {
      return `what is held of ${marketId} outcome ${outcome} is booked at ${cost} micro-dollars, what was heard adds up to ${paid} (after ${nameOf(event)}, ${effect})`;
    });
    const confirmed = account.settled(marketId, outcome);
    verdicts.holds(invariant, settled === confirmed, `${marketId} ${outcome} settled`, () => {
      return `the books hold ${settled} of ${marketId} outcome ${outcome} to be settled, ${confirmed} are confirmed (after ${nameOf(event)})`;
    });
    const sound = [matched, settled, cost].every(Number.isSafeInteger);
    verdicts.holds("I4", sound, `${marketId} ${outcome}`, () => {
      return `${marketId} outcome ${outcome}: ${matched} shares, ${settled} settled, cost ${cost}`;
    });
  }
  if (event.type === "market_resolution") judgeResolution(seen, event);
}

/** What is asked of the chain is there: confirmed shares, in pairs for a merge, none of them reserved twice. */
function judgeChain({ life, core, step, verdicts }: Seen): void {
  for (const effect of step.effects) {
    if (effect.type !== "chain") continue;
    const { actionId, kind, marketId, amounts } = effect.action;
    const { account } = life;
    // One that an earlier run has asked for is asked for again by its name: the chain takes it once.
    if (account.actions.has(actionId)) continue;
    for (const outcome of OUTCOMES) {
      if (kind === "split") continue;
      const reserved = account.reserved(marketId, outcome);
      let promised = 0;
      for (const { intent, orderId } of core.orders.open(marketId)) {
        if (kind === "redeem" || intent.side !== "sell" || intent.outcome !== outcome) continue;
        promised += Math.max(0, intent.size - (orderId === undefined ? 0 : account.filled(orderId).shares));
      }
      // What is sold may be what is not confirmed yet, where the sell gate lets it.
      const free = Math.min(
        account.settled(marketId, outcome) - reserved,
        account.position(marketId, outcome).shares - reserved - promised,
      );
      verdicts.holds(
        "I7",
        amounts[outcome] <= Math.max(0, free) && amounts[outcome] >= 0,
        `${actionId} ${outcome}`,
        () => {
          return `${kind} ${actionId} takes ${amounts[outcome]} of ${marketId} outcome ${outcome}, ${free} are confirmed and free`;
        },
      );
    }
    if (kind === "merge" && amounts[0] !== amounts[1])
      verdicts.wrong(
        "I7",
        actionId,
        `merge ${actionId} takes ${amounts[0]} of one outcome and ${amounts[1]} of the other`,
      );
    account.asked(effect.action);
  }
}

/** A resolution values by what the venue pays. */
function judgeResolution(
  { core, verdicts }: Seen,
  event: Extract<CoreEvent, { readonly type: "market_resolution" }>,
): void {
  const { marketId, payouts } = event;
  if (!payouts.every((each) => Number.isInteger(each) && each >= 0 && each <= 1_000_000)) return;
  const booked = core.ledger.payouts(marketId);
  const same = booked !== undefined && booked[0] === payouts[0] && booked[1] === payouts[1];
  verdicts.holds("I17", same, marketId, () => {
    return `${marketId} pays ${payouts.join("/")}, and is booked at ${booked?.join("/") ?? "nothing"}`;
  });
}

function marketOf(event: CoreEvent): string | undefined {
  return "marketId" in event ? event.marketId : undefined;
}

export function nameOf(event: CoreEvent): string {
  if (event.type === "trade_report") return `trade ${event.tradeId} of ${event.orderId} ${event.status}`;
  if (event.type === "chain_report") return `chain action ${event.actionId} ${event.status}`;
  return event.type;
}
