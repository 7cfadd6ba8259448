import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBot } from "./support.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const THERE = existsSync(CHROMIUM);
if (!THERE) console.warn(`A run on the page of its dashboard is not tested: no browser at ${CHROMIUM}.`);

/** Waits until an element's text is as it should be. */
async function reads(page: Page, selector: string, pattern: RegExp, withinMs = 150_000): Promise<void> {
  await page.locator(selector).filter({ hasText: pattern }).first().waitFor({ timeout: withinMs });
}

describe.skipIf(!THERE)("a run on the page of its dashboard", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });

  afterAll(async () => {
    await browser.close();
  });

  it("is watched, killed by a held button, seen to its end, and gone through", async () => {
    const running = startBot(["demo", "--stay", "--best-of", "1", "--speed", "120"]);
    await running.until(/Dashboard: .*\n/, 60_000);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    await page.goto(/http:\S+/.exec(running.written())![0]);

    await reads(page, ".sentence", /system READY.*open [1-9]\d* order/);
    await page.waitForSelector(".lane-price canvas");
    await reads(page, ".ladder tbody", /0\.\d\d/);
    await page.click(".kill-button");
    await page.fill(".stop-dialog input", "the screen looks wrong");
    await page.locator(".hold").focus();
    await page.keyboard.down("Enter");
    await reads(page, ".stop-dialog [role=alert]", /no order is open/);
    await page.keyboard.up("Enter");
    const results = await page.locator(".results tbody td:last-child").allTextContents();
    for (const result of results) expect(["cancelled", "filled before", "never accepted"]).toContain(result);
    await page.keyboard.press("Escape");
    await reads(page, ".notices", /Killed.*the screen looks wrong/);
    await reads(page, ".sentence", /system KILLED.*open 0 orders/);

    await reads(page, ".top .link", /ended at/, 200_000);
    await expect
      .poll(
        async () => new Set(await page.locator(".markets tbody .state .pill:first-child").allTextContents()),
      )
      .toEqual(new Set(["RESOLVED"]));
    if ((await page.locator("#pnl .waterfall").count()) > 0)
      expect(await page.textContent("#pnl .panel-aside")).toContain("adds up to the ledger");
    expect(await page.locator(".kill-button").count()).toBe(0);

    await page.fill("#search-text", "THE SCREEN LOOKS WRONG");
    await reads(page, "#search .panel-aside", /^1 line$/);
    await page.click(".found button");
    await reads(page, ".top .link", /as it was at/);
    await reads(page, ".sentence", /system KILLED/);
    // There is an order before the kill, whether or not anything had happened in the match.
    await page.selectOption('select[aria-label="Step to"]', "order");
    await page.locator("#chart").focus();
    await page.keyboard.press(",");
    await reads(page, ".sentence", /system READY/);
    await page.selectOption('select[aria-label="Speed"]', "10");
    await page.locator("#chart").focus();
    await page.keyboard.press(" ");
    await page.waitForSelector('.scrubber[data-state="playing"]');
    await page.keyboard.press(" ");
    await page.waitForSelector('.scrubber[data-state="paused"]');
    expect(complaints).toEqual([]);
    await page.close();
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
    // A process, a browser and a whole match: a busy machine takes its time.
  }, 500_000);
});
