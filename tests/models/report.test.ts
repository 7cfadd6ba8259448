import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dota2Model, lolModel, type ProbabilityModel } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { reportCommand } from "../../packages/cli/src/commands/model.ts";
import { MODELLINGS } from "../../packages/cli/src/models/registry.ts";
import { reportPage } from "../../packages/cli/src/models/report/page.ts";
import { linePlot, reliabilityPlot } from "../../packages/cli/src/models/report/plots.ts";

const io = {
  out: () => undefined,
  err: () => undefined,
  redraw: () => undefined,
  interactive: false,
  columns: 100,
  closed: new AbortController().signal,
};

describe("the report", () => {
  const page = reportPage(
    Object.entries(MODELLINGS).map(([title, { shipped }]) => [title, shipped.model]),
    undefined,
  );

  it("shows every title, its figures and its limits, and says that there is no market to compare with", () => {
    for (const [title, { shipped }] of Object.entries(MODELLINGS)) {
      const { card } = shipped.model;
      expect(page).toContain(`id="${title}"`);
      expect(page).toContain(`${card.validation?.overall.brier.toFixed(4) ?? ""}</td>`);
      if (card.calibrated) expect(card.validation?.buckets.length).toBeGreaterThan(3);
    }
    expect(page).toContain("no comparison");
    expect(page).toContain("Not calibrated");
  });

  it("is one file that asks nothing of the network and runs nothing", () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
    expect(page).toContain("default-src 'none'");
    expect(page.length).toBeLessThan(500_000);
  });

  it("can be read without seeing the pictures, and in the dark", () => {
    const pictures = page.match(/<svg role="img"[^>]*>/g) ?? [];
    expect(pictures.length).toBe(12); // four of each title that was tested
    for (const picture of pictures) expect(picture).toMatch(/aria-label="[^"]{10,}"/);
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain('<html lang="en">');
    expect((page.match(/<table>/g) ?? []).length).toBe((page.match(/<caption>/g) ?? []).length);
  });

  it("shows text as text", () => {
    const model: ProbabilityModel = {
      ...dota2Model,
      id: `<b onload="x">&'`,
      card: { ...dota2Model.card, limits: ["<i>"] },
    };
    const other = reportPage([["dota2", model]], undefined);
    expect(other).not.toContain("<b onload");
    expect(other).not.toContain("<i>");
    expect(other).toContain("&lt;b onload=&quot;x&quot;&gt;&amp;&#39;");
  });

  it("is written where it is asked for, and a folder of quotes that is not there is an error", async () => {
    const out = join(mkdtempSync(join(tmpdir(), "report-")), "deep/models.html");
    const missing = reportCommand({ out, quotes: "/nowhere" }, io);
    await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    const data = process.env["MATCHPOINT_DATA"];
    process.env["MATCHPOINT_DATA"] = "/nowhere";
    try {
      await reportCommand({ out }, io);
    } finally {
      if (data === undefined) delete process.env["MATCHPOINT_DATA"];
      else process.env["MATCHPOINT_DATA"] = data;
    }
    expect(readFileSync(out, "utf8")).toContain(lolModel.version);
  });
});

describe("the pictures", () => {
  it("put what is calibrated on the diagonal", () => {
    const svg = reliabilityPlot("x", [{ n: 100, predicted: 0.5, observed: 0.5 }]);
    const [, x1, y1, x2, y2] = /class="diagonal" x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)"/
      .exec(svg)!
      .map(Number);
    const [, cx, cy] = /cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)!.map(Number);
    expect(cx).toBeCloseTo((x1! + x2!) / 2, 1);
    expect(cy).toBeCloseTo((y1! + y2!) / 2, 1);
  });

  it("draw nothing of nothing, and a single point without dividing by zero", () => {
    expect(linePlot("x", "minute", "Brier", [])).toBe("");
    expect(linePlot("x", "minute", "Brier", [{ name: "one", points: [[10, 0.2]] }])).not.toMatch(
      /NaN|Infinity/,
    );
  });
});
