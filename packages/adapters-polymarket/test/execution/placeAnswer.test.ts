import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchAnswer, placeAnswer, placeOutcome, rejectionOf } from "../../src/index.ts";
import { answer, ORDER, SECOND, taken } from "./answers.ts";

const NO_MATCH =
  "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";

describe("answers to POST /order", () => {
  it.each(["live", "matched", "delayed", "unmatched"] as const)("%s is what it says", (status) => {
    expect(placeAnswer(answer(200, taken({ status })), ORDER)).toEqual({
      kind: status,
      orderId: ORDER,
      making: undefined,
      taking: undefined,
      tradeIds: [],
    });
  });

  it("state what was given and got, exactly", () => {
    const body = taken({
      status: "matched",
      makingAmount: "10.000001",
      takingAmount: "20.5",
      tradeIDs: ["t-1"],
    });
    expect(placeAnswer(answer(200, body), ORDER)).toMatchObject({
      making: 10_000_001,
      taking: 20_500_000,
      tradeIds: ["t-1"],
    });
  });

  it("a delay that is told as an error is a delay when the order is named, else unknown", () => {
    const errorMsg = "order match delayed due to market conditions";
    expect(placeAnswer(answer(200, taken({ status: "", errorMsg })), ORDER).kind).toBe("delayed");
    expect(placeAnswer(answer(400, { error: errorMsg, orderID: ORDER }), ORDER).kind).toBe("delayed");
    expect(placeAnswer(answer(400, { error: errorMsg }), ORDER).kind).toBe("unknown");
  });

  it("a FAK order without a match is a clean end, however it is told", () => {
    for (const exchange of [
      answer(400, { error: NO_MATCH, orderID: ORDER }),
      answer(400, { error: NO_MATCH }),
      answer(200, taken({ status: "", errorMsg: NO_MATCH })),
      answer(200, taken({ orderID: "", status: "", errorMsg: NO_MATCH })),
    ]) {
      const said = placeAnswer(exchange, ORDER);
      expect(said.kind).toBe("no_fill");
      expect(placeOutcome(said, "FAK")).toMatchObject({ kind: "rejected", code: "FAK_NO_MATCH" });
    }
  });

  it.each([
    ["a time-out", { failed: new Error("timed out") }],
    ["a reset of anything", { failed: "reset" }],
    ["425", answer(425, { error: "restarting" })],
    ["425 without JSON", answer(425, "")],
    ["408", answer(408, { error: "timeout" })],
    ["500", answer(500, { error: "Internal server error" })],
    ["500 could not insert order", answer(500, { error: "could not insert order" })],
    ["502 of a proxy", answer(502, "<html>Bad gateway</html>")],
    ["503 without words of its own", answer(503, { error: "Service Unavailable" })],
    ["a mode that is told with 500", answer(500, { error: "post-only mode: only post-only orders" })],
    ["403 HTML", answer(403, "<!DOCTYPE html><title>Just a moment...</title>")],
    ["429 HTML", answer(429, "<html></html>")],
    ["200 HTML", answer(200, "<html></html>")],
    ["200 without a body", answer(200, "")],
    ["204", answer(204, "")],
    ["302", answer(302, {})],
    ["400 without words", answer(400, {})],
    ["null", answer(200, null)],
    ["a list", answer(200, [taken()])],
    ["a status that is left out", answer(200, taken({ status: undefined }))],
    ["a status that is empty", answer(200, taken({ status: "" }))],
    ["a status that nobody knows", answer(200, taken({ status: "parked" }))],
    ["no orderID and no errorMsg", answer(200, taken({ orderID: "" }))],
    ["success:false without a reason", answer(200, { success: false, orderID: null, errorMsg: null })],
    ["another order", answer(200, taken({ orderID: SECOND }))],
    ["a live order with an error", answer(200, taken({ errorMsg: "not enough balance / allowance" }))],
    ["an order with an error that nobody knows", answer(200, taken({ status: "", errorMsg: "what" }))],
    ["more than a venue says", answer(200, " ".repeat(1_000_001))],
  ])("%s is unknown", (_, exchange) => {
    const said = placeAnswer(exchange, ORDER);
    expect(said.kind).toBe("unknown");
    expect(placeOutcome(said, "GTC").kind).toBe("unknown");
  });

  it.each([
    [400, { error: "Invalid order payload" }, "OTHER"],
    [400, { error: "some new rule" }, "OTHER"],
    [401, { error: "Unauthorized/Invalid api key" }, "AUTH"],
    [401, { error: "nope" }, "AUTH"],
    [403, { error: "'0xf39F' address banned" }, "AUTH"],
    [429, { error: "Too Many Requests" }, "RATE_LIMITED"],
    [429, { error: "slow down" }, "RATE_LIMITED"],
    [400, { error: "order 0xab is invalid. Duplicated." }, "DUPLICATE"],
    [200, { success: false, orderID: null, errorMsg: "Insufficient balance" }, "BALANCE"],
    [
      200,
      taken({ orderID: "", status: "", errorMsg: "post-only mode: only post-only orders" }),
      "VENUE_MODE",
    ],
  ])("%d %o is a refusal: %s", (status, body, code) => {
    const said = placeAnswer(answer(status, body), ORDER);
    expect(said).toMatchObject({ kind: "rejected", rejection: { code } });
    expect(placeOutcome(said, "GTC")).toMatchObject({ kind: "rejected", code });
  });

  it("say what the venue is up to, even when they prove nothing about the order", () => {
    const mode = {
      error: "post-only mode: only post-only orders",
      code: "post_only_mode",
      retry_after_seconds: 79,
    };
    expect(placeAnswer(answer(503, mode), ORDER)).toMatchObject({
      kind: "rejected",
      rejection: { code: "VENUE_MODE" },
      venue: { mode: "POST_ONLY", retryAfterMs: 79_000 },
    });
    expect(placeAnswer(answer(425, "", { "Retry-After": "2" }), ORDER)).toMatchObject({
      venue: { mode: "RESTARTING", retryAfterMs: 2_000 },
    });
    expect(placeAnswer(answer(403, "<html>"), ORDER)).toMatchObject({ venue: { blocked: true } });
    const cancelOnly = { error: "Trading is currently cancel-only. New orders are not accepted" };
    expect(placeAnswer(answer(503, cancelOnly), ORDER)).toMatchObject({
      kind: "rejected",
      venue: { mode: "CANCEL_ONLY" },
    });
  });

  it("unmatched rests or is over, by the order's type", () => {
    const said = placeAnswer(answer(200, taken({ status: "unmatched" })), ORDER);
    expect(placeOutcome(said, "GTC")).toEqual({ kind: "live" });
    expect(placeOutcome(said, "GTD")).toEqual({ kind: "live" });
    expect(placeOutcome(said, "FAK")).toMatchObject({ kind: "rejected", code: "FAK_NO_MATCH" });
    expect(placeOutcome(said, "FOK")).toMatchObject({ kind: "rejected", code: "FOK_NOT_FILLED" });
  });

  it("never throw, and never take what is no answer for a proof", () => {
    const value = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({
          success: fc.constantFrom(true, false, "true", null),
          errorMsg: fc.constantFrom("", null, "x", 5, undefined),
          orderID: fc.constantFrom(ORDER, SECOND, "", null, 7),
          status: fc.constantFrom("live", "matched", "delayed", "LIVE", "", null, "gone", 1),
          tradeIDs: fc.constantFrom([], null, [1], ["a b"], "x"),
          makingAmount: fc.constantFrom("", "1", "NaN", "1e309", null, -1),
        })
        .map((body) => JSON.stringify(body)),
    );
    const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 408, 425, 429, 500, 503);
    fc.assert(
      fc.property(status, value, (code, text) => {
        const said = placeAnswer(answer(code, text), ORDER);
        if (code === 425 || code === 408 || code >= 500) expect(said.kind).toBe("unknown");
        if (!["live", "matched", "delayed", "unmatched"].includes(said.kind)) return;
        const body = JSON.parse(text) as Record<string, unknown>;
        expect(body["orderID"]).toBe(ORDER);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("answers to POST /orders", () => {
  const both = [ORDER, SECOND];
  const refusal = taken({ orderID: "", status: "", errorMsg: "post-only mode: only post-only orders" });

  it("go to their orders by name, and by place where there is none", () => {
    const kinds = (body: unknown) => batchAnswer(answer(200, body), both).map((each) => each.kind);
    expect(kinds([taken(), taken({ orderID: SECOND, status: "delayed" })])).toEqual(["live", "delayed"]);
    expect(kinds([taken({ orderID: SECOND, status: "delayed" }), taken()])).toEqual(["live", "delayed"]);
    expect(kinds([taken(), refusal])).toEqual(["live", "rejected"]);
    expect(kinds([refusal, taken()])).toEqual(["live", "unknown"]); // whose refusal is it?
    expect(kinds([taken(), taken()])).toEqual(["unknown", "unknown"]);
  });

  it.each([[[]], [[taken()]], [taken()], [null], ["<html>"]])(
    "%# prove nothing when they are not as many",
    (body) => {
      expect(batchAnswer(answer(200, body), both).map((each) => each.kind)).toEqual(["unknown", "unknown"]);
    },
  );

  it("are refusals of all when the batch is refused, and unknown for all when it is lost", () => {
    const tooMany = answer(400, { error: "Too many orders in payload: 16, max allowed: 15" });
    for (const each of batchAnswer(tooMany, both))
      expect(each).toMatchObject({ kind: "rejected", rejection: { name: "BATCH_TOO_LARGE" } });
    for (const each of batchAnswer({ failed: new Error("reset") }, both)) expect(each.kind).toBe("unknown");
  });

  it("carry the reason", () => {
    const [, second] = batchAnswer(answer(200, [taken(), refusal]), both);
    expect(second).toEqual({
      kind: "rejected",
      rejection: rejectionOf("post-only mode: only post-only orders"),
    });
  });
});
