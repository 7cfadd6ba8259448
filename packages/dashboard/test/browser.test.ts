import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_BROWSER, stage, type Stage } from "./support/browser.ts";
import { tablesOf } from "./support/fakeTables.ts";
import { TOKEN } from "./support/fakeThread.ts";

/** Of the whole page with its libraries, compressed. */
const MOST_BYTES = 150_000;
const PANELS = [
  "chart",
  "ladder",
  "markets",
  "log",
  "positions",
  "why-not",
  "pnl",
  "equity",
  "latency",
  "sources",
  "calibration",
  "search",
];

if (NO_BROWSER !== undefined) console.warn(`The page's tests in a browser are skipped: ${NO_BROWSER}.`);

describe.skipIf(NO_BROWSER !== undefined)("the page in a browser", () => {
  let on: Stage;

  beforeAll(async () => {
    on = await stage();
  });

  afterAll(async () => {
    await on.close();
  });

  const states = (page: Page): Promise<Record<string, string | undefined>> =>
    page.$$eval(".panel", (panels) =>
      Object.fromEntries(panels.map((panel) => [panel.id, (panel as HTMLElement).dataset["state"]])),
    );

  it("weighs little, is in files of its own, and takes nothing from elsewhere", () => {
    const files = readdirSync(on.dist, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const all = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(all.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)).toBeLessThan(MOST_BYTES);
    const html = readFileSync(join(on.dist, "index.html"), "utf8");
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?:/);
  });

  it("draws every panel under the strictest content policy, and without a word of complaint", async () => {
    on.complaints.length = 0;
    const { page } = await on.open({ markets: 8 });
    await page.waitForSelector(".lane-price canvas");
    await page.waitForSelector(".waterfall");
    expect(Object.keys(await states(page))).toEqual(PANELS);
    expect(new Set(Object.values(await states(page)))).toEqual(new Set(["good"]));
    expect(await page.textContent(".sentence")).toMatch(
      /system READY.*venue OPEN.*feeds \d+\/\d+ ok.*realism 2 of 14 OFF \(latency, ghost fills\); 1 of 14 weakened \(restarts \(down 1 s\)\).*clock \+3 ms/,
    );
    expect(await page.textContent("#pnl .panel-aside")).toContain("adds up to the ledger");
    expect(page.url()).not.toContain(TOKEN);
    expect(on.complaints).toEqual([]);
    // The policy is in force: what it should refuse, it does.
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.harmed = 1";
      document.body.append(script);
    });
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
    await page.context().close();
  });

  it("shows texts of third parties as texts", async () => {
    const { page } = await on.open({ hostile: true, markets: 2 });
    await page.waitForSelector(".lane-price canvas");
    expect(await page.textContent("#chart h2")).toBe('<img src=x onerror="window.harmed=1">evil ');
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => "harmed" in window)).toBe(false);
    await page.context().close();
  });

  it("kills only when the button is held and a reason is typed, and shows what became of each order", async () => {
    const { page, thread } = await on.open({ kill: "unproven", markets: 14 });
    await page.waitForSelector(".sentence");
    await page.keyboard.press("Shift+K");
    const hold = page.locator(".hold");
    expect(await hold.isDisabled()).toBe(true);
    await page.fill(".stop-dialog input", "losing the feed");
    await hold.click();
    await page.keyboard.press("Tab");
    expect(thread.ordered).toEqual([]);
    await hold.focus();
    await page.keyboard.down("Enter");
    await page.waitForSelector(".results");
    await page.keyboard.up("Enter");
    expect(thread.ordered.map(({ path, body }) => [path, body.reason])).toEqual([
      ["/api/kill", "losing the feed"],
    ]);
    expect(
      await page.$$eval(".results tbody td:last-child", (cells) => cells.map((cell) => cell.textContent)),
    ).toEqual(["cancelled", "NOT KNOWN", "filled before", "cancelled"]);
    expect(await page.textContent(".stop-dialog")).toContain("counts as open");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".notice.alarm-notice");
    expect(await page.title()).toContain("KILLED");
    // There is no way back from a browser.
    expect(await page.getByRole("button", { name: /resume|restart|go on/i }).count()).toBe(0);
    await page.context().close();
  });

  it("is worked by keys: markets, search, and moves in time", async () => {
    const { page, thread } = await on.open({ markets: 4 });
    await page.waitForSelector(".lane-price canvas");
    await page.keyboard.press("j");
    await page.waitForFunction(() =>
      document.querySelector("tr[aria-selected=true] .label")?.textContent.includes("Cinder"),
    );
    expect(thread.asked.at(-1)).toEqual({ type: "look", market: "0x0002" });
    await page.keyboard.press("/");
    await page.keyboard.type("baron");
    await page.waitForSelector(".found .log-line");
    expect(await page.textContent(".found .log-line")).toContain("baron");
    await page.click(".found .log-line button");
    await page.waitForSelector('.scrubber[data-state="paused"]');
    expect(await page.textContent(".top .link")).toContain("as it was at");
    await page.locator("#chart").focus();
    await page.keyboard.press(".");
    await page.keyboard.press(" ");
    await page.keyboard.press("l");
    await page.waitForSelector('.scrubber[data-state="follow"]');
    expect(thread.asked.slice(-3).map(({ type }) => type)).toEqual(["step", "play", "follow"]);
    expect(
      await page.$$eval('select[aria-label="Speed"] option', (all) => all.map((each) => each.textContent)),
    ).toEqual(["0.25×", "0.5×", "1×", "2×", "5×", "10×", "25×", "50×", "100×"]);
    await page.context().close();
  });

  it("shows every value under the pointer, and with it what happened there", async () => {
    const { page } = await on.open({ markets: 1 });
    const box = (await page.locator(".lane-price canvas").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.waitForFunction(() => document.querySelector(".read-name")?.textContent === "at");
    const read = await page.textContent(".read-row");
    for (const name of [
      "mid",
      "model p",
      "micro",
      "bid",
      "ask",
      "spread",
      "edge yes",
      "edge no",
      "position",
      "book",
      "grid",
    ])
      expect(read).toContain(name);
    await page.context().close();
  });

  it("says that it is old when the run cannot be reached, and recovers by itself", async () => {
    const { page, thread } = await on.open({ markets: 2 });
    await page.waitForSelector(".waterfall");
    thread.deaf = true;
    thread.cut();
    await page.waitForSelector(".link.alarm");
    await page.waitForFunction(() => document.querySelectorAll('.panel[data-state="stale"]').length >= 11);
    thread.deaf = false;
    await page.waitForFunction(() => document.querySelectorAll('.panel[data-state="good"]').length === 12);
    await page.context().close();
  });

  it("has in every panel the state of a run that was never reached, that breaks off, and that makes no sense", async () => {
    const { page, thread } = await on.open({ markets: 2, deaf: true });
    const told = async (kind: string, text: string): Promise<void> => {
      await page.waitForFunction(
        ([of, says]) => {
          const panels = [...document.querySelectorAll<HTMLElement>(".panel")];
          const good = panels.filter(
            ({ dataset, textContent }) => dataset["state"] === of && textContent.includes(says!),
          );
          return panels.length === 12 && good.length === 12;
        },
        [kind, text],
        { polling: 20, timeout: 10_000 },
      );
    };
    const moves = (): Promise<number> => page.locator(".scrubber :enabled").count();
    await told("error", "Not connected to the run");
    expect([await page.textContent(".scrubber"), await moves()]).toEqual(["not connected", 0]);
    thread.deaf = false;
    await told("good", "");
    expect(await moves()).toBeGreaterThan(5);
    thread.mute = true;
    thread.send({ type: "error", code: "JOURNAL_CORRUPT", text: "line 7 of the journal", last: true });
    await told("stale", "nothing more comes · as of");
    expect(await page.textContent(".top .link")).toContain("nothing more comes; what is shown is of");
    expect([await page.textContent(".notices"), await moves()]).toEqual([
      expect.stringContaining("line 7 of the journal"),
      0,
    ]);
    thread.mute = false;
    thread.cut();
    await told("good", "");
    expect(await page.locator(".notices .alarm-notice").count()).toBe(0);
    thread.mute = true;
    for (const type of ["tables", "chart", "equity", "ladder", "log", "found"])
      thread.send({ type } as never);
    await told("stale", "what came cannot be read · as of");
    await page.fill("#search-text", "baron");
    // The first answer that can be read is shown as ever.
    await page.waitForSelector('#search[data-state="good"] .found .log-line');
    await page.context().close();
  });

  it("can still stop the run when what it is sent makes no sense", async () => {
    const { page, thread } = await on.open({ markets: 2 });
    await page.waitForSelector(".waterfall");
    thread.mute = true;
    const tables = tablesOf(thread.markets, false, false);
    thread.send({ ...tables, header: null } as never);
    await page.waitForFunction(() =>
      document.querySelector(".alarm-notice")?.textContent.includes("FRAME_MALFORMED"),
    );
    thread.send({ ...tables, markets: [{}] } as never);
    await page.waitForSelector(".fault");
    await page.click(".kill-button");
    await page.fill(".stop-dialog input", "the page is broken");
    await page.locator(".hold").focus();
    await page.keyboard.down(" ");
    await page.waitForSelector(".results");
    await page.keyboard.up(" ");
    expect(thread.ordered).toHaveLength(1);
    await page.context().close();
  });

  it("tells in words why a panel is empty", async () => {
    const { page } = await on.open({ empty: true });
    await page.waitForFunction(() =>
      document.querySelector("#markets .panel-note")?.textContent.includes("No market"),
    );
    const notes = await page.$$eval(".panel-note", (all) => all.map((note) => note.textContent.trim()));
    expect(notes.length).toBeGreaterThanOrEqual(11);
    expect(notes.every((note) => note.length > 10 && !note.includes("Waiting"))).toBe(true);
    await page.context().close();
  });

  it("can be read at 1280 and at 390 pixels, dark and light", async () => {
    const { page } = await on.open({ markets: 12 });
    await page.waitForSelector(".waterfall");
    for (const width of [1280, 390])
      for (const colorScheme of ["dark", "light"] as const) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction(
          (theme) => document.documentElement.dataset["theme"] === theme,
          colorScheme,
        );
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        const cut = await page.$$eval(".panel-body", (bodies) =>
          bodies
            .filter((body) => body.scrollWidth > body.clientWidth + 1)
            .map((body) => body.parentElement?.id),
        );
        expect(cut).toEqual([]);
        expect(await page.evaluate(lowContrast)).toEqual([]);
      }
    await page.context().close();
  });
});

/** Texts that stand out from their ground by less than 4.5 to 1. Runs in the page. */
function lowContrast(): string[] {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const mix = (colours: readonly string[]): readonly number[] => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb: readonly number[]): number => {
    const [r, g, b] = rgb.map((value) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const poor = new Set<string>();
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent!.trim() !== "",
    );
    if (!own || element.matches(":disabled, svg *, option") || element.offsetParent === null) continue;
    const grounds: string[] = [];
    for (let at: HTMLElement | null = element; at !== null; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor);
    const ground = light(mix(grounds));
    const text = light(mix([...grounds, getComputedStyle(element).color]));
    const ratio = (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05);
    if (ratio < 4.5) poor.add(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...poor];
}
