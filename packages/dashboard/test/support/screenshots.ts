// Takes the pictures of the documentation from a real run: `npm run screenshots -w @matchpoint/dashboard`. Plays the reference bot's
// demonstration, opens its journal in the dashboard, and goes to moments worth a look.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium, type Page } from "playwright-core";
import { CHROMIUM } from "./browser.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const IMAGES = join(ROOT, "docs/images");
const folder = mkdtempSync(join(tmpdir(), "matchpoint-pictures-"));

/** Runs the reference bot's command. */
function bot(...args: readonly string[]): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const command = ["--conditions=@matchpoint/source", "--no-warnings", "examples/reference-bot/src/bot.ts"];
  return spawn(process.execPath, [...command, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The first line that holds an address. */
async function addressOf(run: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: run.stdout })) {
    const found = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(line);
    if (found !== null) return found[0];
  }
  throw new TypeError("no address was printed");
}

async function seek(page: Page, part: number): Promise<void> {
  await page.waitForSelector('.scrubber[data-state="follow"], .scrubber[data-state="paused"]');
  await page.$eval(
    ".scrub-track input",
    (input, at) => {
      const range = input as HTMLInputElement;
      range.value = String(Number(range.min) + (Number(range.max) - Number(range.min)) * at);
      range.dispatchEvent(new Event("input", { bubbles: true }));
    },
    part,
  );
  await page.waitForTimeout(600);
  await page.waitForSelector('.scrubber[data-state="paused"]', { timeout: 60_000 });
  await page.waitForTimeout(1_500);
}

const journal = join(folder, "demo.jsonl");
const demo = bot("demo", "--speed", "max", "--seed", "1", "--journal", journal);
demo.stdout.resume();
await once(demo, "exit");
const shown = bot("dashboard", journal);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  mkdirSync(IMAGES, { recursive: true });
  const url = await addressOf(shown);
  for (const [name, width, height, colorScheme] of [
    ["dashboard-dark", 1280, 900, "dark"],
    ["dashboard-light", 1280, 900, "light"],
    ["dashboard-narrow", 390, 844, "dark"],
  ] as const) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForSelector(".lane-price canvas", { timeout: 60_000 });
    // The whole journal has been read, or it stands where the last picture was taken.
    await page.waitForFunction(
      () => /ended|as it was/.test(document.querySelector(".top .link")?.textContent ?? ""),
      undefined,
      { timeout: 120_000 },
    );
    // The second game's market: a maker quotes in it, and is filled.
    await page.locator("#markets tr", { hasText: "Game 2" }).click();
    await seek(page, 0.735);
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await context.close();
  }
} finally {
  await browser.close();
  shown.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
}
