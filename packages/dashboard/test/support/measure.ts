// How the page bears a busy run: `npm run measure -w @matchpoint/dashboard [-- UPDATES]`. Draws 20 markets while that many frames a
// second come, each with one change (2,000 unless told), and then at the thread's own pace; prints one line of JSON for each.
import { stage } from "./browser.ts";

const updates = Number(process.argv[2] ?? 2_000);
const SECONDS = 8;

interface Seen {
  readonly pictures: number[];
}

const on = await stage();
try {
  for (const asked of [updates, undefined]) {
    const { page } = await on.open({ markets: 20, ...(asked === undefined ? {} : { updates: asked }) });
    await page.waitForSelector(".lane-price canvas");
    await page.waitForTimeout(1_500);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const metrics = async (): Promise<Map<string, number>> =>
      new Map((await session.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
    await page.evaluate(() => {
      const seen: Seen = { pictures: [] };
      Object.assign(window, { seen });
      const tick = (t: number): void => {
        seen.pictures.push(t);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    const before = await metrics();
    await page.waitForTimeout(SECONDS * 1_000);
    const after = await metrics();
    const { pictures } = await page.evaluate(() => (window as unknown as { seen: Seen }).seen);
    const gaps = pictures.slice(1).map((t, i) => t - pictures[i]!);
    gaps.sort((a, b) => a - b);
    const at = (part: number): number => Math.round(gaps[Math.floor(gaps.length * part)] ?? 0);
    const share = (name: string): number =>
      Math.round((((after.get(name) ?? 0) - (before.get(name) ?? 0)) / SECONDS) * 1_000) / 10;
    console.log(
      JSON.stringify({
        updates: asked ?? "own pace",
        fps: Math.round((gaps.length / (pictures.at(-1)! - pictures[0]!)) * 10_000) / 10,
        gapMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: Math.round(gaps.at(-1) ?? 0) },
        busyPercent: {
          script: share("ScriptDuration"),
          layout: share("LayoutDuration"),
          all: share("TaskDuration"),
        },
        heapMB: Math.round((after.get("JSHeapUsedSize") ?? 0) / 1e5) / 10,
      }),
    );
    await page.context().close();
  }
} finally {
  await on.close();
}
