import { VirtualClock, type OperatorEvent } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { watchTurn } from "../../src/live/turn.ts";

/** What a run is told while the signer says `words`, one a look; the last one is said again and again. */
async function told(
  looks: number,
  ...words: readonly (string | Error | undefined)[]
): Promise<OperatorEvent[]> {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const events: OperatorEvent[] = [];
  let look = 0;
  const stale = (): string | undefined => {
    const word = words[Math.min(look, words.length - 1)];
    look += 1;
    if (word instanceof Error) throw word;
    return word;
  };
  const done = (async () => {
    for await (const event of watchTurn({ stale }, clock, stop.signal)) events.push(event);
  })();
  for (let i = 1; i < looks; i++) {
    await settled();
    clock.advance(1_000);
  }
  await settled();
  stop.abort();
  await done;
  return events;
}

/** Lets everything go on that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

describe("whose turn an account is", () => {
  it("is nothing to tell while it is ours", async () => {
    expect(await told(5, undefined)).toEqual([]);
  });

  it("halts every market, once, as soon as another process has it", async () => {
    const events = await told(5, undefined, undefined, "epoch 4 has signed for this account since");
    expect(events).toMatchObject([
      {
        type: "operator",
        operator: "signer",
        at: 2_000_000_000,
        command: { kind: "halt", reason: "epoch 4 has signed for this account since" },
      },
    ]);
    expect(events[0]!.command).not.toHaveProperty("marketId");
  });

  it("halts where it cannot be told, and says what went wrong in one line", async () => {
    const [event] = await told(2, new Error("it cannot be read: EIO\nhint: look at the disk"));
    expect(event!.command).toEqual({ kind: "halt", reason: "it cannot be read: EIO" });
  });
});
