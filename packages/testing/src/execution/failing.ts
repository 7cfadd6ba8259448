import assert from "node:assert/strict";
import type { ConformanceCase } from "../conformance/index.ts";
import type { MakeCase } from "./caseMaker.ts";
import type { Trial } from "./trial.ts";

/** What the network and the venue do to whoever trusts them. */
export function failingCases(make: MakeCase): ConformanceCase[] {
  return [
    make(
      "F01",
      "an answer that does not come, to an order that never came, is unknown; then nothing is found",
      async (trial) => {
        await trial.stage.arm("lost_before");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "unknown");
        await trial.until(
          "nothing is found",
          async () => (await look(trial, placed.order.orderId)) === "absent",
        );
        await gone(trial, placed);
      },
      "lost_before",
    ),
    make(
      "F02",
      "an answer that does not come, to an order that has come, is unknown; then the order is found",
      async (trial) => {
        await trial.stage.arm("lost_after");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "unknown");
        await trial.until(
          "the order is found",
          async () => (await look(trial, placed.order.orderId)) === "LIVE",
        );
        await trial.until("it is known to be live", () => trial.status(placed) === "LIVE");
      },
      "lost_after",
    ),
    make(
      "F03",
      "the fill of an order whose answer was lost is told once",
      async (trial) => {
        await trial.stage.arm("lost_after");
        const placed = await trial.placed({ price: 0.5, shares: 10 }, "unknown");
        await trial.until("the fill is told", () => trial.matched(placed) === 10);
        assert.equal(trial.trades(placed).length, 1);
      },
      "lost_after",
    ),
    make(
      "F04",
      "a server's error is no refusal",
      async (trial) => {
        await trial.stage.arm("error_after");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "unknown");
        await trial.until(
          "the order is found",
          async () => (await look(trial, placed.order.orderId)) === "LIVE",
        );
        await trial.until("it is known to be live", () => trial.status(placed) === "LIVE");
      },
      "error_after",
    ),
    make(
      "F05",
      "a page instead of an answer is no refusal either",
      async (trial) => {
        await trial.stage.arm("page");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "unknown");
        await trial.until(
          "nothing is found",
          async () => (await look(trial, placed.order.orderId)) === "absent",
        );
        await gone(trial, placed);
      },
      "page",
    ),
    make(
      "F06",
      "a refusal that calls itself a success is a refusal",
      async (trial) => {
        await trial.stage.arm("refused_as_success");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "rejected");
        assert.equal(trial.status(placed), "REJECTED");
        assert.deepEqual(await trial.adapter.fetchOpenOrders(), []);
      },
      "refused_as_success",
    ),
    make(
      "F07",
      "reports that come before the answer change nothing",
      async (trial) => {
        await trial.stage.arm("late_answer");
        const placed = await trial.placed({ price: 0.5, shares: 10 }, "matched");
        await trial.until(
          "it is filled, once",
          () => trial.status(placed) === "FILLED" && trial.trades(placed).length === 1,
        );
      },
      "late_answer",
    ),
    make(
      "F08",
      "a restart is told, and so is its end; orders go on then",
      async (trial) => {
        await trial.stage.arm("restarting");
        const placed = await trial.placed({ price: 0.45, shares: 10 }, "unknown", "rejected");
        await trial.until("the restart is told", () => modes(trial).includes("RESTARTING"));
        if (placed.outcome.kind === "unknown") await gone(trial, placed);
        await trial.until("the venue is open again", () => modes(trial).at(-1) === "OPEN", 600_000);
        await trial.placed({ price: 0.45, shares: 10 }, "live");
      },
      "restarting",
    ),
    make(
      "F09",
      "while the venue takes post-only orders alone, others are refused and the mode is told",
      async (trial) => {
        await trial.stage.arm("post_only");
        await trial.refused({ price: 0.45, shares: 10 }, "VENUE_MODE");
        await trial.until("the mode is told", () => modes(trial).includes("POST_ONLY"));
      },
      "post_only",
    ),
    make(
      "F10",
      "while the venue takes cancels alone, cancels work",
      async (trial) => {
        const resting = await trial.placed({ price: 0.45, shares: 10 }, "live");
        await trial.stage.arm("cancel_only");
        await trial.refused({ price: 0.45, shares: 10 }, "VENUE_MODE");
        await trial.until("the mode is told", () => modes(trial).includes("CANCEL_ONLY"));
        assert.equal((await trial.cancel(resting)).kind, "canceled");
      },
      "cancel_only",
    ),
    make(
      "F11",
      "too many orders are refused as such, and cancels still leave",
      async (trial) => {
        const resting = await trial.placed({ price: 0.45, shares: 10 }, "live");
        await trial.stage.arm("too_many");
        await trial.refused({ price: 0.45, shares: 10 }, "RATE_LIMITED");
        assert.equal((await trial.cancel(resting)).kind, "canceled");
      },
      "too_many",
    ),
    ...channelCases(make),
  ];
}

function channelCases(make: MakeCase): ConformanceCase[] {
  const missed = (fault: "channel_lost" | "channel_silent") => async (trial: Trial) => {
    const placed = await trial.placed({ postOnly: true, price: 0.49, shares: 20 }, "live");
    await trial.stage.arm(fault);
    await trial.stage.take(trial.market.marketId, "sell", 4_900 as never, 10_000_000 as never);
    await trial.until("the fill is told all the same", () => trial.matched(placed) === 10, 180_000);
    await trial.stage.take(trial.market.marketId, "sell", 4_900 as never, 10_000_000 as never);
    await trial.until("so is the next one", () => trial.status(placed) === "FILLED", 180_000);
    assert.equal(trial.trades(placed).length, 2);
  };
  return [
    make("F20", "fills while the channel was lost are told, once", missed("channel_lost"), "channel_lost"),
    make(
      "F21",
      "fills while the channel was silent are told, once",
      missed("channel_silent"),
      "channel_silent",
    ),
    make(
      "F22",
      "events that come twice, and exchanged, count once",
      async (trial) => {
        await trial.stage.arm("channel_repeats");
        const taken = await trial.placed({ price: 0.52, shares: 150 }, "matched");
        const rested = await trial.placed({ postOnly: true, price: 0.49, shares: 20 }, "live");
        await trial.stage.take(trial.market.marketId, "sell", 4_900 as never, 10_000_000 as never);
        await trial.until("all is told", () => trial.matched(taken) === 150 && trial.matched(rested) === 10);
        await trial.until("all is confirmed", () =>
          [...trial.trades(taken), ...trial.trades(rested)].every(({ status }) => status === "CONFIRMED"),
        );
      },
      "channel_repeats",
    ),
  ];
}

/** What a look at an order finds: its status, or `absent`. */
async function look(trial: Trial, orderId: Parameters<Trial["adapter"]["fetchOrder"]>[0]): Promise<string> {
  const found = await trial.adapter.fetchOrder(orderId);
  return found.kind === "found" ? found.status : found.kind;
}

/** Ends an order of unknown fate as a run does: cancelled by its hash, then looked for twice in vain. */
async function gone(trial: Trial, placed: Parameters<Trial["cancel"]>[0]): Promise<void> {
  await trial.cancel(placed);
  const { orderId } = placed.order;
  await trial.until("the order is held to be over", async () => {
    await trial.stage.wait(1_100);
    if ((await look(trial, orderId)) === "absent") trial.absent(placed);
    return trial.status(placed) === "CANCELED";
  });
}

function modes({ told }: Trial): string[] {
  return told.flatMap((report) => (report.type === "venue_mode" ? [report.mode] : []));
}
