import fc from "fast-check";
import { expect, test } from "vitest";
import type { SendOutcome, TxIntent } from "../../src/chain/txRecord.ts";
import type { RelaySender } from "../../src/relayer/relaySender.ts";
import type { Address } from "../../src/venue/contracts.ts";
import { FakeWorld, type Whim } from "./fakeWorld.ts";

// More with MATCHPOINT_RUNS=1000: each run signs dozens of real requests.
const RUNS = Number(process.env["MATCHPOINT_RUNS"] ?? 6);
const TO: Address = "0x0000000000000000000000000000000000000001";
const intent = (id: string, content = id): TxIntent => ({
  ...{ id, what: id, to: TO },
  data: `0x${Buffer.from(content).toString("hex")}`,
});
/** A small generator of chances, the same for the same seed. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lets a submission that waits go on while time passes. */
async function through(world: FakeWorld, sender: RelaySender, what: TxIntent): Promise<SendOutcome> {
  let over = false;
  const isOver = (): boolean => over;
  const asked = sender.submit(what).finally(() => (over = true));
  for (let n = 0; n < 200 && !isOver(); n += 1) {
    await settle();
    if (!isOver()) world.step();
  }
  return asked;
}

const settle = async (): Promise<void> => {
  for (let n = 0; n < 60; n += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};

/** Time goes on until everything has come to its end. */
async function toTheEnd(world: FakeWorld, sender: RelaySender): Promise<void> {
  for (let n = 0; n < 400 && sender.pending().length > 0; n += 1) {
    world.step();
    await sender.tick();
  }
}

test("whatever answers are lost, refused or late, and however often it starts anew: nothing is done twice, nothing forgotten", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const random = chances(seed);
      const world = new FakeWorld(random);
      const whims: readonly Whim[] = [
        ...(["take", "take", "take_silently", "lose"] as const),
        ...(["refuse", "busy", "refuse_and_take"] as const),
      ];
      world.whim = () => whims[Math.floor(random() * whims.length)]!;
      world.mute = 0.2;
      world.fails = random() < 0.5 ? 0.1 : 0;
      world.lag = random() < 0.5 ? 0n : 3n;
      world.shy = random() < 0.5;
      let sender = world.open();
      const wanted: TxIntent[] = [];
      for (let n = 0; n < 8; n += 1) {
        // Two in three say the same: on the chain they are told apart by the nonce alone.
        wanted.push(intent(`intent ${n}`, random() < 0.66 ? "the same" : `own ${n}`));
        for (const each of random() < 0.3 ? wanted : wanted.slice(-1)) await through(world, sender, each);
        for (let ticks = Math.floor(random() * 6); ticks > 0; ticks -= 1) {
          world.step();
          await sender.tick();
        }
        if (random() < 0.3) sender = world.open();
      }
      // Whoever was refused asks again, until it is told what came of it.
      world.mute = 0;
      world.whim = () => "take";
      for (const each of wanted) {
        await toTheEnd(world, sender);
        for (let n = 0; n < 5 && sender.status(each.id) === undefined; n += 1)
          await through(world, sender, each);
      }
      await toTheEnd(world, sender);
      expect(sender.pending()).toEqual([]);

      // Each transaction of the chain is one intent's, and each intent has one at most; those that do nothing stand for what was lost.
      const credited = wanted.flatMap(({ id }) => world.creditOf(id));
      const done = world.executed.filter(({ body }) => body.data !== "0x");
      expect([...credited].sort()).toEqual(done.map(({ hash }) => hash).sort());
      for (const { id } of wanted) {
        expect(world.creditOf(id).length).toBeLessThanOrEqual(1);
        const status = sender.status(id);
        expect(["FINAL", "REVERTED"]).toContain(status);
        expect(world.creditOf(id).length).toBe(status === "FINAL" ? 1 : 0);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);
