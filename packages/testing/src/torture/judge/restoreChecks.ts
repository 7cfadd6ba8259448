import type { Seen } from "./seen.ts";

/** I9: the account that a start takes over is the one that the journal before it tells of. I7: it trades on what was filled meanwhile too. @module */

const OUTCOMES = [0, 1] as const;

/** Compares once, on the first thing that a recovering program takes in. */
export function judgeRestored({ life, core, verdicts, step }: Seen): void {
  if (life.restored || life.start.recovers === undefined || step.event.type === "run_started") return;
  life.restored = true;
  const { account } = life;
  const from = `life ${life.start.life} takes over from life ${life.start.recovers}`;
  const { flaw } = life;
  verdicts.holds(
    "I9",
    flaw === undefined,
    `flaw ${life.start.life}`,
    () => `${from}, whose journal is damaged: line ${flaw!.line} ${flaw!.what}`,
  );
  // The event itself is in the judge's books already; nothing of an account's is heard before its markets.
  verdicts.holds("I9", core.ledger.cash === account.cash, `cash ${life.start.life}`, () => {
    return `${from} with ${core.ledger.cash} micro-dollars, its journal adds up to ${account.cash}`;
  });
  verdicts.holds("I9", core.ledger.realizedTotal === account.realized, `realized ${life.start.life}`, () => {
    return `${from} with ${core.ledger.realizedTotal} micro-dollars won, its journal adds up to ${account.realized}`;
  });
  for (const [key, { shares }] of account.positions) {
    const [marketId, outcome] = key.split(" ");
    const held = core.ledger.position(marketId as never, Number(outcome) as 0 | 1).matched;
    verdicts.holds(
      "I9",
      held === shares,
      `${key} ${life.start.life}`,
      () => `${from} with ${held} of ${key}, its journal adds up to ${shares}`,
    );
  }
  for (const marketId of core.ledger.markets()) {
    for (const outcome of OUTCOMES) {
      const held = core.ledger.position(marketId, outcome).matched;
      if (held !== 0 && !account.positions.has(`${marketId} ${outcome}`))
        verdicts.wrong(
          "I9",
          `${marketId} ${life.start.life}`,
          `${from} with ${held} of ${marketId} outcome ${outcome}, of which its journal says nothing`,
        );
    }
  }
  for (const { orderId, matched } of core.orders.allOpen()) {
    if (orderId === undefined) continue;
    const known = account.orders.has(orderId);
    const { shares } = account.filled(orderId);
    verdicts.holds("I9", known && matched === shares, orderId, () => {
      return `${from} with order ${orderId} filled by ${matched}, its journal ${known ? `adds up to ${shares}` : "does not have it"}`;
    });
  }
}

/** Whoever says that it has recovered has booked what had happened before it began: it trades on these books from now on. */
export function judgeRecovered({ life, truth, verdicts, step: { event } }: Seen): void {
  if (event.type !== "adopted" || event.what.kind !== "complete") return;
  const { account, lineage, start } = life;
  for (const [{ orderId, tradeId }, stands] of truth.tradesOf(lineage, start.at)) {
    const heard = account.orders.get(orderId)?.trades.get(tradeId)?.status;
    const counted = heard !== undefined && heard !== "FAILED";
    verdicts.holds("I7", counted === stands, `${tradeId} ${start.life}`, () => {
      return `life ${start.life} has recovered with trade ${tradeId} of ${orderId} ${heard ?? "not heard of"}; it ${stands ? "was matched" : "had failed"} before it began`;
    });
  }
}
