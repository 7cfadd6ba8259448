import { VirtualClock } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { tellWhenAhead } from "../../src/live/aheadOfChain.ts";

const SIGNER = "0x2222222222222222222222222222222222222222";

interface Bench {
  readonly said: string[];
  readonly end: () => void;
  nonces: number[];
  mined: number;
  down: boolean;
  wait(ms: number): Promise<void>;
}

function bench(relayer?: string): Bench {
  const clock = new VirtualClock();
  const said: string[] = [];
  const chain = {
    ...({ relayer, signer: SIGNER } as const),
    reads: { latest: () => Promise.resolve("0x1"), count: () => Promise.resolve(b.mined) },
    status: () =>
      b.down
        ? Promise.reject(new Error("no node answers"))
        : Promise.resolve({ pending: b.nonces.map((nonce) => ({ nonce })) }),
  };
  const end = tellWhenAhead({ chain, journal: { path: "wallet.jsonl" } }, clock, (line) => said.push(line));
  const b: Bench = {
    ...{ said, end, nonces: [7], mined: 0, down: false },
    async wait(ms) {
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  return b;
}

it("says once, after some seconds, that the file's nonces are ahead of the chain's", async () => {
  const b = bench();
  await b.wait(4_900);
  expect(b.said).toEqual([]);
  await b.wait(200);
  for (let n = 0; n < 4; n += 1) await b.wait(5_000);
  expect(b.said).toHaveLength(1);
  expect(b.said[0]).toMatch(
    /at nonce 7, the chain only at 0 of 0x2222.*move journal\.dir away.*wallet\.jsonl/,
  );
  expect(b.said[0]).not.toContain("\n");
});

it("says nothing of what can be mined next, of nothing under way, and of the relayer's", async () => {
  const [next, none, relayed] = [bench(), bench(), bench("relayer")];
  next.mined = 7;
  none.nonces = [];
  for (const b of [next, none, relayed]) {
    for (let n = 0; n < 3; n += 1) await b.wait(5_000);
    expect(b.said).toEqual([]);
  }
});

it("looks again after nodes that did not answer, and not at all once it was called off", async () => {
  const b = bench();
  b.down = true;
  await b.wait(5_000);
  expect(b.said).toEqual([]);
  b.down = false;
  await b.wait(5_000);
  expect(b.said).toHaveLength(1);
  const off = bench();
  off.end();
  await off.wait(20_000);
  expect(off.said).toEqual([]);
});
