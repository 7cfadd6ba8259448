import type { Core, OrderStatus } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { stopRun, type Stopper } from "../../src/dashboard/actions.ts";

interface Open {
  status: OrderStatus;
  matched: number;
  readonly orderId: string;
  readonly intent: Readonly<Record<string, unknown>>;
}

function order(n: number, purpose: string, marketId: string): Open {
  const intent = {
    intentId: `i-${n}`,
    marketId,
    side: "buy",
    outcome: 0,
    limit: 4_000,
    size: 5_000_000,
    purpose,
  };
  return { status: "LIVE", matched: 1_000_000, orderId: `0x${n}`, intent };
}

/** A run whose orders end as they are told to when it is stopped. */
function run(
  orders: readonly Open[],
  ends: readonly OrderStatus[],
  proven = true,
): Stopper & { readonly did: string[] } {
  const did: string[] = [];
  const end = (): void => {
    orders.forEach((each, i) => {
      each.status = ends[i] ?? each.status;
    });
  };
  const core = {
    markets: () => [],
    market: (id: string) => (id === "m" || id === "n" ? { market: { marketId: id } } : undefined),
    orders: { allOpen: () => orders.filter(({ status }) => status === "LIVE") },
  };
  return {
    did,
    core: core as unknown as Core,
    control: {
      kill: async (by, reason) => {
        did.push(`kill ${by}: ${reason}`);
        end();
        return {
          proven,
          openBefore: orders.length,
          open: proven ? 0 : 1,
          zeroMs: proven ? 5 : undefined,
          ms: 9,
        };
      },
      stopEntries: (by, reason) => {
        did.push(`stop-entry ${by}: ${reason}`);
        setTimeout(end, 30);
      },
      halt: (by, reason, market) => {
        did.push(`halt ${by}: ${reason} ${market ?? "*"}`);
        setTimeout(end, 30);
      },
    },
  };
}

const three = (): Open[] => [order(1, "entry", "m"), order(2, "exit", "m"), order(3, "entry", "n")];

describe("what a page orders", () => {
  it("tells of a kill what became of each order that was open", async () => {
    const killed = run(three(), ["CANCELED", "FILLED", "UNKNOWN"]);
    const answer = await stopRun(killed, "kill", { id: "k", reason: "wrong" });
    expect(killed.did).toEqual(["kill dashboard: wrong"]);
    expect(answer).toMatchObject({ id: "k", action: "kill", ok: true, ms: 9 });
    expect(answer.orders.map(({ order: id, result, rest }) => [id, result, rest])).toEqual([
      ["0x1", "cancelled", 4_000_000],
      ["0x2", "filled", 4_000_000],
      ["0x3", "unknown", 4_000_000],
    ]);
  });

  it("never calls a kill done that is not proven", async () => {
    const answer = await stopRun(run(three(), ["CANCELED", "CANCELED"], false), "kill", {
      id: "k",
      reason: "x",
    });
    expect(answer.ok).toBe(false);
    expect(answer.orders.map(({ result }) => result)).toEqual(["cancelled", "cancelled", "open"]);
  });

  it("waits until what it ends is gone, and tells of nothing else", async () => {
    const entries = run(three(), ["CANCELED", "CANCELED", "REJECTED"]);
    const stopped = await stopRun(entries, "stop-entry", { id: "s", reason: "x" });
    expect(stopped.orders.map(({ order: id, result }) => [id, result])).toEqual([
      ["0x1", "cancelled"],
      ["0x3", "rejected"],
    ]);
    const one = await stopRun(run(three(), ["CANCELED", "CANCELED"]), "halt", {
      id: "h",
      reason: "x",
      market: "m",
    });
    expect(one.orders.map(({ order: id }) => id)).toEqual(["0x1", "0x2"]);
    expect(one.ok).toBe(true);
  });

  it("does not halt a market that there is not, and says what went wrong", async () => {
    const halted = run(three(), []);
    expect(await stopRun(halted, "halt", { id: "h", reason: "x", market: "q" })).toMatchObject({ ok: false });
    expect(halted.did).toEqual([]);
    const broken = run(three(), []);
    const failing = {
      ...broken,
      control: { ...broken.control, kill: () => Promise.reject(new Error("no disk")) },
    };
    expect(await stopRun(failing, "kill", { id: "k", reason: "x" })).toMatchObject({
      ok: false,
      text: expect.stringContaining("no disk") as string,
    });
  });
});
