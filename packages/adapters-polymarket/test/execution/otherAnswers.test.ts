import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { id, type OrderId } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import {
  CANCEL_REFUSALS,
  cancelAnswer,
  cancelRefusal,
  heartbeatAnswer,
  placeAnswer,
} from "../../src/index.ts";
import { answer, ORDER, SECOND } from "./answers.ts";

const data = process.env["MATCHPOINT_DATA"] ?? resolve(import.meta.dirname, "../../../../../shared/data");
const folder = join(data, "fixtures-nautilus_trader/polymarket-rust");
const there = existsSync(folder);
if (!there) console.warn(`skipped: no captured answers to orders in ${folder} (set MATCHPOINT_DATA)`);

describe("answers to cancels", () => {
  it("tell each order's fate", () => {
    const body = { canceled: [ORDER], not_canceled: { [SECOND]: "already canceled or matched" } };
    expect(cancelAnswer(answer(200, body), [SECOND, ORDER]).outcomes).toEqual([
      { kind: "not_canceled", orderId: SECOND, reason: "already canceled or matched" },
      { kind: "canceled", orderId: ORDER },
    ]);
  });

  it("name the orders of a cancel-all", () => {
    const body = { canceled: [ORDER], not_canceled: { [SECOND]: "order already matched" } };
    expect(cancelAnswer(answer(200, body), []).outcomes.map((each) => each.kind)).toEqual([
      "canceled",
      "not_canceled",
    ]);
  });

  it.each([
    ["in neither list", answer(200, { canceled: [], not_canceled: {} })],
    ["in both lists", answer(200, { canceled: [ORDER], not_canceled: { [ORDER]: "x" } })],
    ["without a list", answer(200, {})],
    ["with a list of something else", answer(200, { canceled: [1] })],
    ["lost", { failed: new Error("timed out") }],
    ["425", answer(425, { error: "restarting" })],
    ["500", answer(500, { error: "Internal server error" })],
    ["HTML", answer(403, "<html>")],
  ])("%s are unknown", (_, exchange) => {
    expect(cancelAnswer(exchange, [ORDER]).outcomes).toMatchObject([{ kind: "unknown", orderId: ORDER }]);
  });

  it("leave the order as it was when the request is refused", () => {
    const said = cancelAnswer(answer(401, { error: "Unauthorized/Invalid api key" }), [ORDER]);
    expect(said.outcomes).toEqual([
      { kind: "not_canceled", orderId: ORDER, reason: "API_KEY: Unauthorized/Invalid api key" },
    ]);
  });

  it.each(CANCEL_REFUSALS)("$name is told by its text", ({ name, example, means }) => {
    expect(cancelRefusal(example)).toEqual({ name, means });
  });

  it("with other words prove nothing", () => {
    expect(cancelRefusal("because")).toEqual({ name: "UNRECOGNIZED", means: "unknown" });
  });
});

describe("answers to heartbeats", () => {
  it.each([
    ["accepted", answer(200, { heartbeat_id: "a-1" }), { kind: "beating", heartbeatId: "a-1" }],
    [
      "another id, as the pages say",
      answer(400, { error_msg: "Invalid Heartbeat ID", heartbeat_id: "b-2" }),
      { kind: "resync", heartbeatId: "b-2" },
    ],
    [
      "another id, as the specification says",
      answer(400, { error: "Invalid Heartbeat ID", heartbeat_id: "b-2" }),
      { kind: "resync", heartbeatId: "b-2" },
    ],
    ["another id that is not told", answer(400, { error: "Invalid Heartbeat ID" }), { kind: "refused" }],
    [
      "no key",
      answer(401, { error: "Unauthorized/Invalid api key" }),
      { kind: "refused", rejection: { code: "AUTH" } },
    ],
    ["no id", answer(200, { status: "ok" }), { kind: "unknown" }],
    ["an id that is none", answer(200, { heartbeat_id: "<b>" }), { kind: "unknown" }],
    ["lost", { failed: new Error("timed out") }, { kind: "unknown" }],
    ["425", answer(425, ""), { kind: "unknown", venue: { mode: "RESTARTING" } }],
  ])("%s", (_, exchange, expected) => {
    expect(heartbeatAnswer(exchange)).toMatchObject(expected);
  });
});

describe.skipIf(!there)("captured answers", () => {
  const file = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));

  it("to orders", () => {
    const ok = file("http_order_response_ok.json") as { readonly orderID: OrderId };
    // It has no status: that the order was taken is not said.
    expect(placeAnswer(answer(200, ok), ok.orderID).kind).toBe("unknown");
    expect(placeAnswer(answer(200, file("http_order_response_failed.json")), ORDER)).toMatchObject({
      kind: "rejected",
      rejection: { code: "BALANCE" },
    });
    expect(placeAnswer(answer(500, file("http_order_response_error_500.json")), ORDER).kind).toBe("unknown");
  });

  it.each([
    ["http_cancel_response_ok.json", 1, 0],
    ["http_cancel_response_failed.json", 0, 1],
    ["http_batch_cancel_response.json", 2, 1],
  ])("to cancels: %s", (name, canceled, kept) => {
    const body = file(name) as { readonly canceled: string[]; readonly not_canceled: Record<string, string> };
    const asked = [...body.canceled, ...Object.keys(body.not_canceled)].map((each) => id<OrderId>(each));
    const { outcomes } = cancelAnswer(answer(200, body), asked);
    expect(outcomes.filter((each) => each.kind === "canceled")).toHaveLength(canceled);
    expect(outcomes.filter((each) => each.kind === "not_canceled")).toHaveLength(kept);
  });
});
