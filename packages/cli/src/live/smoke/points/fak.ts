import { formatPrice, formatUsdc, PRICE_ONE, USDC_ONE, type Usdc } from "@matchpoint/sdk";
import { filled, msBetween, told, type Bench } from "../bench.ts";
import { bestOf, isFar } from "../market.ts";
import { Surprise } from "../finding.ts";

/** The smallest marketable buy that the venue takes. */
export const SPEND = 1_000_000 as Usdc;

/** A FAK buy at the lowest price, which finds nothing: what the venue answers, and whether it keeps a record. */
export async function tryFak(bench: Bench): Promise<void> {
  const { config, probe, market, outcome, price, ports } = bench.options;
  const did = `posted a FAK buy of $${formatUsdc(SPEND)} at $${formatPrice(price)}, far below every ask`;
  const expected =
    'HTTP 400 "no orders found to match with FAK order…", with its id in the answer; whether it has a record is not documented';
  const skip = (why: string): void => {
    bench.note({
      point: "unfilled FAK",
      did: "posted nothing",
      found: why,
      expected,
      verdict: "not shown",
      means: "Try it on another market, or with other limits.",
    });
  };
  const best = await bestOf(market, outcome, ports);
  if (!isFar(best, price)) {
    skip("the best ask is not far above the lowest price any more");
    return;
  }
  const { max_order_usdc: most, max_order_shares: shares } = config.execution.limits;
  if (most < SPEND / USDC_ONE || shares < SPEND / USDC_ONE / (price / PRICE_ONE)) {
    skip("execution.limits allows no order of one dollar at this price");
    return;
  }
  const order = await probe.takingBuy({ outcome, price, spend: SPEND });
  const { answer, placed } = await bench.post(order);
  if (placed.kind === "matched") throw filled(`FAK order ${order.orderId} was matched`);
  if (placed.kind === "live")
    throw new Surprise(
      `FAK order ${order.orderId} rests`,
      "Use no strategy that takes until this is understood: a FAK order must never rest.",
    );
  await bench.wait(placed.kind === "delayed" ? market.takerDelayMs + bench.options.waits.lookMs : 0);
  const record = await bench.read(order.orderId);
  if (record.matched > 0 || record.status.startsWith("MATCHED"))
    throw filled(`FAK order ${order.orderId} is ${record.status}`);
  if (record.status === "LIVE" || placed.kind === "unknown") await bench.remove(order.orderId);
  const { orderID: named } = (answer.value ?? {}) as { readonly orderID?: unknown };
  const named400 = typeof named === "string" && named !== "";
  bench.note({
    point: "unfilled FAK",
    did,
    found: `${told(answer)} after ${msBetween(answer.sentAt, answer.answeredAt)} ms, ${named400 ? "with" : "without"} its id; its record: ${record.status}`,
    expected,
    verdict: placed.kind === "no_fill" ? "as assumed" : "differs",
    means:
      placed.kind === "no_fill"
        ? `The adapter reads this as over and unfilled.${record.status === "absent" ? " There is no record of it: a lost answer is resolved by trades alone." : " Its record can be read: a lost answer is resolved by it."}`
        : placed.kind === "delayed" || placed.kind === "unmatched"
          ? "FAK orders go through the venue's delay even where nothing matches. The adapter follows them to their end; strategies learn of a miss that much later."
          : `The adapter reads this as ${placed.kind}: look at rejectionTable.ts before FAK orders are used.`,
  });
}
