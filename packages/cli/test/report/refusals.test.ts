import { EventEmitter } from "node:events";
import type { OrderReport, Runtime } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Narrator } from "../../src/report/narrator.ts";
import { RunLog } from "../../src/report/runLog.ts";

const ALLOWANCE = "the allowance is not enough -> spender: 0xE111, allowance: 0";

/** What is told of what the venue says about orders, each of which stands as `status` after it. */
function told(
  reports: readonly Pick<OrderReport, "status" | "code" | "detail">[],
  status = "REJECTED",
): { lines: string[]; untold: string | undefined } {
  const lines: string[] = [];
  const order = { status, intent: { marketId: "m1" } };
  const core = { wall: 0, markets: () => [], orders: { byOrderId: () => order } };
  const emitter = Object.assign(new EventEmitter(), { core });
  const runtime = emitter as unknown as Runtime;
  const narrator = new Narrator(runtime, new RunLog(runtime, () => undefined), (line, kind) => {
    lines.push(`${kind}: ${line.slice(18)}`);
  });
  for (const report of reports) emitter.emit("step", { type: "order_report", orderId: "0x1", ...report }, []);
  return { lines, untold: narrator.untold };
}

describe("what the venue refuses", () => {
  it("is told with the venue's words and what to do", () => {
    const { lines } = told([{ status: "rejected", code: "ALLOWANCE", detail: ALLOWANCE }]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^alarm: m1: order refused \(ALLOWANCE\): the allowance is not enough -> /);
    expect(lines[0]).toMatch(/`matchpoint wallet approve`.*MATCHPOINT_RPC_URLS/);
  });

  it("is counted when it goes on, kind by kind", () => {
    const refused = { status: "rejected", code: "ALLOWANCE", detail: ALLOWANCE } as const;
    const { lines, untold } = told([...Array<typeof refused>(330).fill(refused), { status: "rejected" }]);
    expect(lines).toHaveLength(5);
    expect(lines[3]).toContain("from here on these are only counted");
    expect(lines[4]).toBe("alarm: m1: order refused (OTHER): the venue does not say why");
    expect(untold).toBe('Counted, not told one by one: 327 × refusal "ALLOWANCE"');
  });

  it("is no news where quoting brings it every day, or where the order is not gone", () => {
    for (const code of ["POST_ONLY_CROSSES", "FAK_NO_MATCH", "FOK_NOT_FILLED"] as const)
      expect(told([{ status: "rejected", code }]).lines).toEqual([]);
    expect(told([{ status: "canceled" }], "CANCELED").lines).toEqual([]);
    expect(told([{ status: "rejected", code: "DUPLICATE" }], "LIVE").lines).toEqual([]);
  });
});
