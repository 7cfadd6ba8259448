import { expect, it } from "vitest";
import { GrowingSource } from "../../src/feeds/growing.ts";

async function* of(...items: readonly number[]): AsyncGenerator<number> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

async function* broken(): AsyncGenerator<number> {
  yield 7;
  await Promise.resolve();
  throw new Error("broken");
}

it("hands on what every source says, of those that are added later too", async () => {
  const stop = new AbortController();
  const source = new GrowingSource<number>();
  source.add(of(1, 2));
  const seen: number[] = [];
  for await (const item of source.events(stop.signal)) {
    seen.push(item);
    if (item === 2) source.add(of(3, 4));
    if (item === 4) stop.abort();
  }
  expect(seen).toEqual([1, 2, 3, 4]);
});

it("ends with the signal while it waits, and breaks with what breaks a source, not before the rest is told", async () => {
  const stop = new AbortController();
  const idle = new GrowingSource<number>().events(stop.signal);
  const next = idle.next();
  stop.abort();
  expect((await next).done).toBe(true);
  const source = new GrowingSource<number>();
  source.add(broken());
  const events = source.events(new AbortController().signal);
  // Both the item and the failure are there before anybody reads.
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await events.next()).toEqual({ done: false, value: 7 });
  await expect(events.next()).rejects.toThrow("broken");
});
