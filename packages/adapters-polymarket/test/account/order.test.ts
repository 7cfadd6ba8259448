import { eventProblem, type OrderReport } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { ORDER_STATUSES } from "../../src/account/status.ts";
import { hear, newDecoder, ORDER, orderFrame, OTHER_ADDRESS, OTHER_KEY } from "./frames.ts";

function report(changes: Record<string, unknown>): OrderReport {
  const said = hear(newDecoder(), orderFrame(changes));
  expect(said).toHaveLength(1);
  expect(eventProblem(said[0])).toBeUndefined();
  const [only] = said;
  if (only?.type !== "order_report") throw new TypeError(JSON.stringify(only));
  return only;
}

describe("orders of the user channel", () => {
  it.each(ORDER_STATUSES)("understand the status $text", ({ text, meaning }) => {
    for (const status of [text, `ORDER_STATUS_${text}`, text.toLowerCase()])
      expect(report({ type: "UPDATE", status, size_matched: "100" })).toMatchObject({
        orderId: ORDER,
        status: meaning.report,
      });
  });

  it.each([
    [{ type: "PLACEMENT", status: "LIVE" }, "live", undefined],
    [{ type: "PLACEMENT", status: "DELAYED" }, "delayed", undefined],
    [{ type: "PLACEMENT", status: "UNMATCHED" }, "unmatched", undefined],
    [{ type: "UPDATE", status: "LIVE", size_matched: "25" }, "live", undefined],
    [{ type: "UPDATE", status: "MATCHED", size_matched: "100" }, "matched", undefined],
    [{ type: "UPDATE", status: "MATCHED", size_matched: "99.99" }, "matched", undefined],
    // A GTC order that is called matched but is not whole still rests.
    [{ type: "UPDATE", status: "MATCHED", size_matched: "25" }, "live", undefined],
    [{ type: "UPDATE", status: "MATCHED", size_matched: "25", order_type: "FAK" }, "matched", undefined],
    [{ type: "CANCELLATION", status: "CANCELED" }, "canceled", undefined],
    [{ type: "CANCELLATION", status: "LIVE" }, "canceled", undefined],
    [{ type: "CANCELLATION", status: "" }, "canceled", undefined],
    [{ type: "CANCELLATION", status: "INVALID" }, "invalid", undefined],
    [{ type: "CANCELLATION", status: "CANCELED_MARKET_RESOLVED" }, "canceled", "MARKET_CLOSED"],
    [
      {
        type: "CANCELLATION",
        status: "CANCELED_order couldn't be fully filled. FOK orders are fully filled or killed.",
        size_matched: "",
        outcome: "",
        created_at: "",
      },
      "canceled",
      "FOK_NOT_FILLED",
    ],
    [
      { type: "CANCELLATION", status: "CANCELED", order_type: "GTD", expiration: "1790000060" },
      "expired",
      undefined,
    ],
    [
      { type: "CANCELLATION", status: "CANCELED", order_type: "GTD", expiration: "1790000061" },
      "canceled",
      undefined,
    ],
  ])("%o is %s", (changes, status, code) => {
    const said = report(changes);
    expect(said.status).toBe(status);
    expect(said.code).toBe(code);
  });

  it("keep the venue's words, and the time of the frame", () => {
    expect(report({ type: "UPDATE", size_matched: "25" })).toMatchObject({
      detail: "LIVE (25 of 100)",
      publishedAt: 1_790_000_000_001,
      receivedAt: 1_790_000_000_500,
    });
  });

  it.each([
    [{ status: "HALTED" }, "status"],
    [{ status: "" }, "status"],
    [{ side: "HOLD" }, "side"],
    [{ price: "1.2" }, "price"],
    [{ price: 0.5 }, "price"],
    [{ original_size: "-1" }, "original_size"],
    [{ size_matched: "1e3" }, "size_matched"],
    [{ id: "" }, "id"],
    [{ type: "MAYBE" }, "type"],
    [{ owner: OTHER_KEY, order_owner: OTHER_KEY, maker_address: OTHER_ADDRESS }, "owner is not us"],
  ])("%o is quarantined for its %s", (changes, reason) => {
    const said = hear(newDecoder(), orderFrame(changes));
    expect(said).toMatchObject([
      { type: "frame_quarantined", reason: expect.stringContaining(reason) as string },
    ]);
  });

  it.each([
    ["1790000000"],
    ["1790000000000"],
    [1_790_000_000],
    [""],
    ["0"],
    [null],
    ["2026-09-21T14:13:20Z"],
  ])("take the time of creation %o", (time) => {
    const decoder = newDecoder();
    expect(hear(decoder, orderFrame({ created_at: time }))).toMatchObject([{ status: "live" }]);
    expect(decoder.stats.unreadableTimes).toBe(0);
  });

  it("count a time that cannot be read, and go on", () => {
    const decoder = newDecoder();
    expect(hear(decoder, orderFrame({ created_at: "yesterday" }))).toMatchObject([{ status: "live" }]);
    expect(decoder.stats.unreadableTimes).toBe(1);
  });

  it("take the hash in any case", () => {
    const upper = `0x${"AB".repeat(32)}`;
    expect(report({ id: upper }).orderId).toBe(upper.toLowerCase());
  });
});
