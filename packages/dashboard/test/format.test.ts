import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean, cleanAll } from "../src/text/clean.ts";
import * as format from "../src/text/format.ts";

describe("numbers on the page", () => {
  it("shows money to the cent with a sign that is as wide as the plus", () => {
    expect(format.money(1_234_500_000)).toBe("$1,234.50");
    expect(format.money(-250_000, true)).toBe("−$0.25");
    expect(format.money(250_000, true)).toBe("+$0.25");
    expect(format.money(0, true)).toBe("$0.00");
    expect(format.money(undefined)).toBe("–");
  });

  it("never shows a loss of less than half a cent as minus nothing", () => {
    expect(format.money(-4_000, true)).toBe("$0.00");
    expect(format.exactMoney(-4_000, true)).toBe("−$0.004");
    expect(format.exactMoney(44_739_069, true)).toBe("+$44.739069");
  });

  it("loses no micro-dollar where it is exact", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (micros) => {
        const text = format.exactMoney(micros).replaceAll(",", "").replace("−", "-").replace("$", "");
        expect(Math.round(Number(text) * 1e6)).toBe(micros);
      }),
    );
  });

  it("rounds money half away from zero, as the terminal does", () => {
    expect(format.money(1_005_000)).toBe("$1.01");
    expect(format.money(-1_005_000)).toBe("−$1.01");
    expect(format.money(999_995_000)).toBe("$1,000.00");
  });

  it("gives prices the decimals of their tick", () => {
    expect(format.price(4_700)).toBe("0.47");
    expect(format.price(4_750, 10)).toBe("0.475");
    expect(format.price(5, 1)).toBe("0.0005");
    expect(format.price(10_000, 100)).toBe("1.00");
    expect(format.price(4_700, 1_000)).toBe("0.5");
  });

  it("shows shares whole where they are whole", () => {
    expect(format.shares(1_500_000_000)).toBe("1,500");
    expect(format.shares(2_250_000)).toBe("2.25");
    expect(format.shares(20_250_000)).toBe("20.3");
  });

  it("takes the unit of time that a person would", () => {
    const said = [0, 0.42, 9.96, 38.4, 999.6, 1_240, 9_996, 31_000, 59_996, 125_000, 3_725_000].map(
      format.lapse,
    );
    expect(said).toEqual([
      "0.0 ms",
      "0.4 ms",
      "10 ms",
      "38 ms",
      "1.00 s",
      "1.24 s",
      "10.0 s",
      "31.0 s",
      "1:00",
      "2:05",
      "1:02:05",
    ]);
    expect(format.lapse(-240)).toBe("−240 ms");
    expect(format.lapse(Number.NaN)).toBe("–");
  });

  it("tells the time of day in UTC, and does not fail on a time that is none", () => {
    const t = Date.UTC(2026, 10, 23, 18, 3, 22, 481);
    expect(format.timeOfDay(t)).toBe("18:03:22");
    expect(format.timeOfDay(t, true)).toBe("18:03:22.481");
    expect(format.dateTime(t)).toBe("2026-11-23 18:03:22 UTC");
    expect(format.timeOfDay(Infinity)).toBe("–");
    expect(format.timeOfDay(9e15)).toMatch(/^\d\d:\d\d:\d\d$/);
  });

  it("does not give a sign to what rounds to nothing", () => {
    expect(format.signed(-0.0004, 3)).toBe("0.000");
    expect(format.signed(0.031, 3)).toBe("+0.031");
    expect(format.signed(-1.26, 1, "¢")).toBe("−1.3¢");
  });
});

describe("texts of third parties", () => {
  it("are shown without control, bidirectional and unseen characters", () => {
    expect(clean("Aurora\u202e gnp.exe\u0007\u200b")).toBe("Aurora gnp.exe ");
    expect(clean("a\u2066b\u2069c\ufeffd\u00ade")).toBe("abcde");
    expect(clean("two\r\nlines\u2028three")).toBe("two lines three");
    expect(clean("x\ud800y")).toBe("x\ufffdy");
    expect(clean("\u{e0041}tag")).toBe("tag");
  });

  it("keep letters of every script, accents and pictures", () => {
    for (const text of ["Élan Fnatic", "команда", "한국 팀", "فريق", "🏆 Cup", "plain <b>text</b>"])
      expect(clean(text)).toBe(text);
  });

  it("hold nothing afterwards that cleaning would still take away", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        const once = clean(text);
        expect(clean(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });

  it("are cleaned wherever in a frame they are", () => {
    const frame = { a: "x\u0000y", b: [{ c: ["\u202ez"] }], n: 1, nothing: null };
    expect(cleanAll(frame)).toEqual({ a: "x y", b: [{ c: ["z"] }], n: 1, nothing: null });
  });

  it("cannot hide in a long column of numbers", () => {
    const column: unknown[] = Array.from({ length: 300 }, () => 1);
    column[299] = "<b>";
    expect(cleanAll({ column })).toEqual({ column: [] });
  });

  it("do not take the page down by being nested without end", () => {
    let deep: unknown = "end";
    for (let i = 0; i < 5_000; i++) deep = [deep];
    expect(() => cleanAll({ deep })).not.toThrow();
  });
});
