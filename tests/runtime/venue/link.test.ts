import {
  createVenueLink,
  id,
  VirtualClock,
  type Capabilities,
  type ChainAction,
  type ExecutionAdapter,
  type ExecutionReport,
  type Intent,
  type IntentId,
  type OrderReport,
  type PlaceOutcome,
  type PreparedOrder,
  type VenueLink,
} from "@matchpoint/sdk";
import { describe, expect, it, vi } from "vitest";

const CAPABILITIES: Capabilities = { orderTypes: ["GTC"], postOnly: true, merge: true, split: true };
const ORDER: PreparedOrder = { orderId: id("0x01"), intent: { intentId: id("i1") } as Intent };
const PLACE = { kind: "place", order: ORDER } as const;
const CANCEL = { kind: "cancel", intentId: id<IntentId>("i1"), orderId: ORDER.orderId } as const;

/** An adapter that does nothing but what a test says. */
function adapter(over: Partial<ExecutionAdapter> = {}): ExecutionAdapter {
  const unused = (): never => {
    throw new RangeError("not part of this test");
  };
  return {
    capabilities: CAPABILITIES,
    prepare: () => ORDER,
    placeOrder: async () => ({ kind: "live" }),
    cancelOrder: async (orderId) => ({ kind: "canceled", orderId }),
    cancelAll: unused,
    fetchOrder: unused,
    fetchOpenOrders: unused,
    fetchTrades: unused,
    fetchPositions: unused,
    fetchBalances: unused,
    reports: (signal) => silence(signal),
    ...over,
  };
}

async function* silence(signal: AbortSignal): AsyncGenerator<never> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

/** Collects what a link reports. */
function listen(link: VenueLink): {
  readonly told: ExecutionReport[];
  readonly stop: AbortController;
  done: Promise<void>;
} {
  const told: ExecutionReport[] = [];
  const stop = new AbortController();
  const done = (async () => {
    for await (const report of link.reports(stop.signal)) told.push(report);
  })();
  return { told, stop, done };
}

const statuses = (told: readonly ExecutionReport[]): string[] =>
  told.filter((each): each is OrderReport => each.type === "order_report").map(({ status }) => status);

describe("a link to a venue", () => {
  it("sends an order when it is durable, not before, and tells what came of it", async () => {
    const posted = vi.fn(async (): Promise<PlaceOutcome> => ({ kind: "delayed" }));
    const signed = vi.fn();
    let durable = (): void => undefined;
    const link = createVenueLink({
      adapter: adapter({ placeOrder: posted, presign: signed }),
      clock: new VirtualClock(),
      durable: () =>
        new Promise((resolve) => {
          durable = resolve;
        }),
    });
    const { told } = listen(link);
    link.submit(PLACE, 0 as never);
    await Promise.resolve();
    expect(signed).toHaveBeenCalledWith(ORDER);
    expect(posted).not.toHaveBeenCalled();
    durable();
    await link.idle();
    expect(posted).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => {
      expect(statuses(told)).toEqual(["sent", "delayed"]);
    });
  });

  it("sends nothing that cannot be journaled; cancels leave all the same", async () => {
    const posted = vi.fn(async (): Promise<PlaceOutcome> => ({ kind: "live" }));
    const link = createVenueLink({
      adapter: adapter({ placeOrder: posted }),
      clock: new VirtualClock(),
      durable: () => Promise.reject(new RangeError("disk full")),
    });
    const { told } = listen(link);
    link.submit(PLACE, 0 as never);
    link.submit(CANCEL, 0 as never);
    await link.idle();
    expect(posted).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      expect(statuses(told).sort()).toEqual(["canceled", "rejected"]);
    });
    expect(told.find((each) => "detail" in each)).toMatchObject({
      detail: "not sent: it could not be journaled (disk full)",
    });
  });

  it("never sends an order that was cancelled while it waited for the disk: a kill is one", async () => {
    const posted = vi.fn(async (): Promise<PlaceOutcome> => ({ kind: "matched" }));
    let durable = (): void => undefined;
    const link = createVenueLink({
      adapter: adapter({
        placeOrder: posted,
        cancelOrder: async (orderId) => ({ kind: "not_canceled", orderId, reason: "not found" }),
      }),
      clock: new VirtualClock(),
      durable: () =>
        new Promise((resolve) => {
          durable = resolve;
        }),
    });
    const { told } = listen(link);
    link.submit(PLACE, 0 as never);
    link.submit(CANCEL, 0 as never);
    durable();
    await link.idle();
    expect(posted).not.toHaveBeenCalled();
    await vi.waitFor(() => {
      expect(statuses(told)).toEqual(["canceled"]);
    });
  });

  it("hands an order over once, however often it is asked to", async () => {
    const posted = vi.fn(async (): Promise<PlaceOutcome> => ({ kind: "live" }));
    const link = createVenueLink({
      adapter: adapter({ placeOrder: posted }),
      clock: new VirtualClock(),
      durable: () => Promise.resolve(),
    });
    link.submit(PLACE, 0 as never);
    link.submit(PLACE, 0 as never);
    await link.idle();
    link.submit(PLACE, 0 as never);
    await link.idle();
    expect(posted).toHaveBeenCalledTimes(1);
  });

  it("takes what an adapter throws for an unknown outcome, never for a refusal", async () => {
    const broken = async (): Promise<never> => {
      throw new RangeError("socket hang up");
    };
    const link = createVenueLink({
      adapter: adapter({ placeOrder: broken, cancelOrder: broken }),
      clock: new VirtualClock(),
      durable: () => Promise.resolve(),
    });
    const { told } = listen(link);
    link.submit(PLACE, 0 as never);
    await link.idle();
    link.submit(CANCEL, 0 as never);
    await link.idle();
    await vi.waitFor(() => {
      expect(statuses(told).sort()).toEqual(["sent", "unknown", "unknown"]);
    });
  });

  it("fails with its adapter's reports: a run that hears nothing must not go on", async () => {
    const link = createVenueLink({
      adapter: adapter({
        reports: () => ({
          [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RangeError("no credentials")) }),
        }),
      }),
      clock: new VirtualClock(),
      durable: () => Promise.resolve(),
    });
    await expect(listen(link).done).rejects.toThrow("no credentials");
  });

  it("answers for chain actions, with and without a way to the chain", async () => {
    const action: ChainAction = {
      actionId: id("a1"),
      kind: "merge",
      marketId: id("m1"),
      amounts: [1, 1] as never,
    };
    const outcomes = async (settlement?: "sent" | "refused" | "unknown" | "throws"): Promise<unknown[]> => {
      const submit = async (): Promise<never> => {
        if (settlement === "throws") throw new RangeError("no answer");
        const cause = new RangeError("timed out");
        return { kind: settlement, detail: "no gas", cause } as never;
      };
      const link = createVenueLink({
        adapter: adapter(),
        ...(settlement === undefined ? {} : { settlement: { submit, reports: silence } }),
        clock: new VirtualClock(),
        durable: () => Promise.resolve(),
      });
      expect(link.capabilities.merge).toBe(settlement !== undefined);
      const { told } = listen(link);
      link.submit({ kind: "chain", action }, 0 as never);
      await link.idle();
      await vi.waitFor(() => {
        expect(told).toHaveLength(1);
      });
      const [report] = told;
      return report?.type === "chain_report" ? [report.status, report.detail] : [];
    };
    expect(await outcomes()).toEqual(["REVERTED", "this run has no way to the chain"]);
    expect(await outcomes("sent")).toEqual(["SENT", undefined]);
    expect(await outcomes("refused")).toEqual(["REVERTED", "no gas"]);
    expect(await outcomes("unknown")).toEqual(["UNKNOWN", "timed out"]);
    expect(await outcomes("throws")).toEqual(["UNKNOWN", "no answer"]);
  });
});
