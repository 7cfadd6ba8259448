import { VirtualClock } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { judgeMemory, memoryUse, watchMemory, type MemoryUse } from "../../src/live/memoryWatch.ts";

const MIB = 1_048_576;
const use = (resident: number, heap = 10): MemoryUse => ({
  resident: resident * MIB,
  most: 1_000 * MIB,
  heap: heap * MIB,
  mostHeap: 100 * MIB,
});

describe("the memory of a run", () => {
  it.each([
    [use(850, 90), undefined],
    [use(851), "the process takes 851 MiB of 1000 MiB"],
    [use(100, 91), "its heap takes 91 MiB of 100 MiB"],
  ])("is judged by what may be taken: %j", (taken, said) => {
    expect(judgeMemory(taken)).toBe(said);
  });

  it("is that of this process, which has room", () => {
    const now = memoryUse();
    expect(now.resident).toBeGreaterThan(MIB);
    expect(now.most).toBeGreaterThanOrEqual(now.resident);
    expect(now.mostHeap).toBeGreaterThan(now.heap);
  });

  it("ends the entries when it stays short, and not for what comes and goes", async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const short = [true, true, false, true, true, true, true, false];
    let looks = 0;
    let stopped = false;
    const said: string[] = [];
    const ended = (async () => {
      const source = watchMemory({
        clock,
        signal: stop.signal,
        isStopped: () => stopped,
        look: () => use(short[looks++] === true ? 900 : 100),
      });
      for await (const { operator, command } of source) {
        said.push(`${looks} ${operator} ${command.kind}`);
        stopped = true;
      }
    })();
    while (looks < short.length) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    await ended;
    expect(said).toEqual(["6 memory stop_entries"]);
  });
});
