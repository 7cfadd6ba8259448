import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { build } from "vite";
import { FakeThread, type FakeOptions } from "./fakeThread.ts";

/** The system's own browser: nothing is downloaded. */
export const CHROMIUM: string = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why there is no browser to test with; undefined: there is one. */
export const NO_BROWSER: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `no browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`;

/** The page in a real browser, in front of a made-up run. */
export interface Stage {
  /** Folder of the built page. */
  readonly dist: string;
  /** What the browser complained about: errors of scripts, of the content policy, of the console. */
  readonly complaints: string[];
  open(
    options?: FakeOptions,
    context?: BrowserContextOptions,
  ): Promise<{ readonly page: Page; readonly thread: FakeThread }>;
  close(): Promise<void>;
}

/** Builds the page as it is shipped, and starts a browser. */
export async function stage(): Promise<Stage> {
  const dist = mkdtempSync(join(tmpdir(), "matchpoint-page-"));
  await build({
    configFile: join(import.meta.dirname, "../../vite.config.ts"),
    build: { outDir: dist, emptyOutDir: true },
    logLevel: "error",
  });
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const complaints: string[] = [];
  const threads: FakeThread[] = [];
  return {
    dist,
    complaints,
    async open(options, context) {
      const thread = new FakeThread(dist, options);
      threads.push(thread);
      const url = await thread.open();
      const window = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        colorScheme: "dark",
        ...context,
      });
      const page = await window.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      await page.goto(url);
      await page.waitForSelector(".panel");
      return { page, thread };
    },
    async close() {
      await browser.close();
      await Promise.all(threads.map((thread) => thread.close()));
      rmSync(dist, { recursive: true, force: true });
    },
  };
}
