// Pairs of processes that sleep at any moment; 2,000 of them, or more:
//   MATCHPOINT_PAIRS=100000 npx vitest run packages/adapters-polymarket/test/signing/epochs.test.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  buildOrder,
  createOrderSigner,
  createWalletSigner,
  EXCHANGES,
  fileEpochs,
  type EpochStore,
  type Hex,
  type OrderSigner,
  type Signer,
  type SigningRequest,
} from "../../src/index.ts";
import { Fence } from "../../src/signing/epochs.ts";
import { at, LIMITS, parties, TEST_KEY, TOKEN } from "../support/trading.ts";

const PAIRS = Number(process.env["MATCHPOINT_PAIRS"] ?? "2000");
const NOW = at(1_800_000_000_000);
const { v2 } = EXCHANGES[137];

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "matchpoint-epochs-"));
  path = join(dir, "account.epoch");
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function signerOf(
  epoch: number,
  store: EpochStore,
  signer: Signer = createWalletSigner(TEST_KEY),
): OrderSigner {
  return createOrderSigner({
    signer,
    limits: { ...LIMITS, parties: parties(0) },
    now: () => NOW,
    fence: { epoch, store },
  });
}

let salt = 0;
const sign = (signer: OrderSigner): Promise<unknown> => {
  salt += 1;
  const order = buildOrder({
    parties: parties(0),
    tokenId: TOKEN,
    side: "buy",
    orderType: "GTC",
    amounts: { makerAmount: 10_001_600, takerAmount: 21_280_000 },
    salt,
    timestamp: NOW,
  });
  return signer.signOrder(order, v2.standard);
};
const REFUSED = { code: "SIGNING_REFUSED", context: { rule: "epoch" } };

describe("a signer's epoch", () => {
  it("is kept before the first signature, and refused from when a higher one signs", async () => {
    const asked: (number | undefined)[] = [];
    const wallet = createWalletSigner(TEST_KEY);
    const spy: Signer = {
      address: wallet.address,
      sign: (request: SigningRequest): Hex | Promise<Hex> => {
        asked.push(request.epoch);
        // It is on the disk before there is a signature.
        expect(readFileSync(path, "utf8")).toBe(`${request.epoch}\n`);
        return wallet.sign(request);
      },
    };
    const first = signerOf(3, fileEpochs(path), spy);
    expect(first.stale!()).toBeUndefined();
    await sign(first);
    const second = signerOf(4, fileEpochs(path), spy);
    expect(first.stale!()).toBeUndefined();
    // It takes its turn before it has anything to sign.
    second.begin!();
    expect(first.stale!()).toMatch(/epoch 4 has signed for this account since; this process has 3/);
    await expect(sign(first)).rejects.toMatchObject(REFUSED);
    await sign(second);
    // Not even the same number passes twice, nor one that is lower from the start.
    for (const epoch of [4, 3, 1])
      await expect(sign(signerOf(epoch, fileEpochs(path), spy))).rejects.toMatchObject(REFUSED);
    expect(asked).toEqual([3, 4]);
    expect(() => first.begin!()).toThrow(expect.objectContaining(REFUSED));
  });

  it("signs nothing that it cannot keep, nor by a file that cannot be read", async () => {
    const full: EpochStore = {
      highest: () => 0,
      raise: () => {
        throw Object.assign(new TypeError("ENOSPC"), { code: "ENOSPC" });
      },
    };
    await expect(sign(signerOf(1, full))).rejects.toMatchObject({ message: "ENOSPC" });
    for (const text of ["", "5", "-1\n", "1e3\n", "5\n6\n", "0\n"]) {
      writeFileSync(path, text);
      await expect(sign(signerOf(9, fileEpochs(path)))).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
    }
    rmSync(path);
    const signer = signerOf(9, fileEpochs(path));
    await sign(signer);
    // What is kept may not go back, nor away.
    writeFileSync(path, "8\n");
    await expect(sign(signer)).rejects.toMatchObject(REFUSED);
    rmSync(path);
    await expect(sign(signer)).rejects.toMatchObject(REFUSED);
    for (const epoch of [0, -1, 1.5, NaN, 2 ** 53])
      expect(() => signerOf(epoch, fileEpochs(path))).toThrow(
        expect.objectContaining({ code: "SIGNING_REFUSED" }),
      );
  });
});

/** A small generator of its own: the same seed, the same pair. */
function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Two processes with one key and no lock between them, as when somebody deletes its files: each takes the next epoch when it starts, then
 * signs and sends again and again, and sleeps up to a minute between any two of these steps. Gives what the venue took, in order.
 */
function pair(seed: number): { taken: number; refused: number; stale: number } {
  const draw = generator(seed);
  let highest = 0;
  const store: EpochStore = { highest: () => highest, raise: (epoch) => (highest = epoch) };
  let [taken, refused, stale] = [0, 0, 0];
  let epochs = 0;
  interface Process {
    readonly fence: Fence;
    readonly epoch: number;
    next: number;
    ready: boolean;
  }
  const processes: Process[] = [];
  const start = (now: number): void => {
    epochs += 1;
    processes.push({
      epoch: epochs,
      fence: new Fence({ epoch: epochs, store }),
      next: now + draw() * 60_000,
      ready: false,
    });
  };
  start(0);
  const comesAt = draw() * 120_000;
  for (let steps = 0; steps < 24; steps++) {
    const turn = processes.reduce((a, b) => (b.next < a.next ? b : a));
    if (processes.length === 1 && turn.next > comesAt) {
      start(comesAt);
      continue;
    }
    if (turn.ready) {
      // Signed before it slept: the look and the send are one step, nothing waits between them.
      if (turn.fence.refusal() === undefined) {
        taken += 1;
        if (turn.epoch < highest) stale += 1;
      } else refused += 1;
      turn.ready = false;
    } else {
      turn.ready = turn.fence.pass() === undefined;
      if (!turn.ready) refused += 1;
    }
    turn.next += draw() < 0.5 ? draw() * 200 : draw() * 60_000;
  }
  return { taken, refused, stale };
}

it(
  "lets no order of a process out that another has followed, wherever the two sleep",
  { timeout: 3_600_000 },
  () => {
    let late = 0;
    let orders = 0;
    for (let seed = 1; seed <= PAIRS; seed++) {
      const { taken, refused, stale } = pair(seed);
      // Once the higher epoch has signed, nothing of the lower one is taken.
      expect({ seed, stale }).toEqual({ seed, stale: 0 });
      late += refused;
      orders += taken;
    }
    // Pairs in which nobody came too late would prove nothing.
    expect(late).toBeGreaterThan(PAIRS);
    expect(orders).toBeGreaterThan(PAIRS);
    if (PAIRS > 2_000)
      console.log(`${PAIRS} pairs: ${orders} orders taken, ${late} refused, none of a stale epoch taken`);
  },
);
