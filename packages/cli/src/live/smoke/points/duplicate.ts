import { filled, told, type Bench } from "../bench.ts";
import { Surprise } from "../finding.ts";

/** The same signed order posted twice: what a retry would do. */
export async function tryDuplicate(bench: Bench): Promise<void> {
  const { probe, outcome, price } = bench.options;
  const order = await probe.restingBuy({ outcome, price, size: bench.size });
  const first = await bench.rest(order);
  if (first.placed.kind !== "live")
    throw new Surprise(
      `an order like one before is refused: ${told(first.answer)}`,
      "Nothing rests. Start again; if it stays, do what the venue's words say.",
    );
  const { answer: second, placed } = await bench.post(order);
  if (placed.kind === "matched") throw filled(`order ${order.orderId}, posted again, was matched`);
  const open = (await bench.options.gateway.fetchOpenOrders()).length;
  await bench.remove(order.orderId);
  const duplicated = placed.kind === "rejected" && placed.rejection.code === "DUPLICATE";
  bench.note({
    point: "duplicate",
    did: "posted the same signed post-only order twice",
    found: `${told(second).replace(order.orderId, "{id}")}; ${open} resting`,
    expected: "HTTP 400 that says Duplicated, and one resting",
    verdict: duplicated && open === 1 ? "as assumed" : "differs",
    means:
      open > 1
        ? "A retry makes a second order: never let anything send an order again."
        : duplicated
          ? "An order cannot be doubled by sending it again."
          : "An order is not doubled, but the answer is another than the adapter knows: look at rejectionTable.ts.",
  });
}
