import { isMatchpointError } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Outbox } from "../../src/simulator/outbox.ts";
import { Scheduler } from "../../src/simulator/scheduler.ts";

describe("Scheduler", () => {
  it("runs tasks by time, then by the order of their making, and never back", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 200 }), (times) => {
        const scheduler = new Scheduler();
        const ran: { time: number; index: number }[] = [];
        times.forEach((time, index) => {
          scheduler.at(time, () => {
            expect(scheduler.now).toBe(time);
            ran.push({ time, index });
          });
        });
        while (scheduler.step());
        const sorted = times
          .map((time, index) => ({ time, index }))
          .sort((a, b) => a.time - b.time || a.index - b.index);
        expect(ran).toEqual(sorted);
      }),
    );
  });

  it("runs at once what is due in the past", () => {
    const scheduler = new Scheduler();
    const seen: number[] = [];
    scheduler.at(10, () => {
      scheduler.at(3, () => seen.push(scheduler.now));
    });
    while (scheduler.step());
    expect(seen).toEqual([10]);
  });

  it.each([NaN, Infinity])("refuses a time of %s", (time) => {
    const scheduler = new Scheduler();
    let code: string | undefined;
    try {
      scheduler.at(time, () => undefined);
    } catch (error) {
      code = isMatchpointError(error) ? error.code : undefined;
    }
    expect(code).toBe("INVARIANT");
  });
});

describe("Outbox", () => {
  it("hands frames over in the order of their receipt, equal times in the order of sending", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 200 }), (times) => {
        const outbox = new Outbox();
        times.forEach((at, index) => {
          outbox.push({ at, channel: "grid", body: String(index) });
        });
        const out: [number, number][] = [];
        for (;;) {
          const { next, size } = outbox;
          const parcel = outbox.pop();
          expect([next, size]).toEqual([parcel?.at ?? Infinity, times.length - out.length]);
          if (parcel === undefined) break;
          out.push([parcel.at, Number(parcel.body)]);
        }
        expect(out).toEqual(
          times.map((at, index): [number, number] => [at, index]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
        );
      }),
    );
  });
});
