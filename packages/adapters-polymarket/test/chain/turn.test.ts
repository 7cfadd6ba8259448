import { VirtualClock } from "@matchpoint/sdk";
import { describe, expect, test } from "vitest";
import { GAS_LIMITS } from "../../src/chain/gas.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import type { TxEntry, TxReport } from "../../src/chain/txRecord.ts";
import { TxSender } from "../../src/chain/txSender.ts";
import { Fence } from "../../src/signing/epochs.ts";
import {
  createChainSigner,
  createOrderSigner,
  createWalletSigner,
  type Address,
  type EpochStore,
  type Hex,
  type OrderSigner,
} from "../../src/index.ts";
import { FakeWorld } from "../relayer/fakeWorld.ts";
import { at, LIMITS, parties, TEST_KEY, WALLET } from "../support/trading.ts";
import { FakeChain } from "./fakeChain.ts";

const TO: Address = "0x2222222222222222222222222222222222222222";
const URLS = ["http://node:1000/", "http://node:1001/"];

function memory(): EpochStore {
  let kept = 0;
  return { highest: () => kept, raise: (epoch) => void (kept = epoch) };
}

function orders(epoch: number, store: EpochStore): OrderSigner {
  return createOrderSigner({
    signer: createWalletSigner(TEST_KEY),
    limits: { ...LIMITS, parties: parties(0) },
    now: () => at(1_800_000_000_000),
    fence: { epoch, store },
  });
}

const intent = (n: number): { id: string; what: string; to: Address; data: Hex } => ({
  id: `i${n}`,
  what: `thing ${n}`,
  to: TO,
  data: `0x${n.toString(16).padStart(8, "0")}`,
});

/** A process that sends with a turn; what its transactions are signed with can be looked into. */
function wallet(chain: FakeChain, signer: OrderSigner, whileSigning: () => void = () => undefined) {
  const clock = new VirtualClock();
  const entries: TxEntry[] = [];
  const reports: TxReport[] = [];
  const own = createChainSigner(TEST_KEY, signer);
  const sender = new TxSender({
    pool: createRpcPool({ urls: URLS, chainId: 137, transport: chain.transport, clock }),
    chainId: 137,
    from: WALLET.address as Address,
    signer: {
      ...own,
      signTransaction: async (tx) => {
        const raw = await own.signTransaction(tx);
        whileSigning();
        return raw;
      },
    },
    gas: GAS_LIMITS,
    finality: { kind: "finalized" },
    clock,
    journal: { append: (entry) => void entries.push(entry), entries: [] },
    onReport: (report) => void reports.push(report),
    pollMs: 1_000,
    replaceAfterMs: 10_000,
    maxPending: 6,
  });
  return { sender, clock, entries, reports };
}

describe("a wallet whose process was overtaken", () => {
  test("sends nothing new, and nothing again that waits", async () => {
    const [chain, store] = [new FakeChain(), memory()];
    const first = wallet(chain, orders(1, store));
    expect(await first.sender.submit(intent(0))).toMatchObject({ kind: "sent", nonce: 0 });
    // The node forgets it: it would be sent again, and with higher fees once it is old.
    chain.pool.clear();
    chain.seen.clear();
    const second = orders(2, store);
    second.begin!();
    expect(await first.sender.submit(intent(1))).toMatchObject({
      kind: "refused",
      code: "EPOCH",
      detail: expect.stringContaining("epoch 2 has signed for this account since") as string,
    });
    for (let n = 0; n < 4; n += 1) {
      first.clock.advance(11_000);
      await first.sender.tick();
    }
    expect(chain.seen.size).toBe(0);
    expect(first.entries).toHaveLength(1);
    expect(first.reports.at(-1)).toMatchObject({
      status: "UNKNOWN",
      detail: expect.stringMatching(/^it is not sent again: epoch 2/) as string,
    });
    // Who has the turn sends.
    expect(await wallet(chain, second).sender.submit(intent(2))).toMatchObject({ kind: "sent" });
    expect(chain.seen.size).toBe(1);
  });

  test("keeps back what was signed when it was overtaken meanwhile", async () => {
    const [chain, store] = [new FakeChain(), memory()];
    const second = orders(2, store);
    const { sender } = wallet(chain, orders(1, store), () => second.begin!());
    expect(await sender.submit(intent(0))).toMatchObject({
      kind: "unknown",
      detail: expect.stringContaining("epoch 2 has signed") as string,
    });
    expect(chain.seen.size).toBe(0);
  });

  test("signs nothing: no transaction, no message, no typed data; nor where nobody can tell", async () => {
    const store = memory();
    const signer = createChainSigner(TEST_KEY, orders(1, store));
    const tx = { chainId: 137, to: TO, nonce: 0, gasLimit: 21_000n, gasPrice: 1n };
    const types = { T: [{ name: "n", type: "uint256" }] };
    const each = (of: typeof signer): Promise<string>[] => [
      of.signTransaction(tx),
      of.signMessage("words"),
      of.signTypedData({}, types, { n: 1 }),
    ];
    for (const signature of await Promise.all(each(signer))) expect(signature).toMatch(/^0x/);
    expect(store.highest()).toBe(1);
    store.raise(2);
    for (const refused of each(signer))
      await expect(refused).rejects.toMatchObject({ code: "SIGNING_REFUSED" });
    const broken: EpochStore = {
      highest: () => {
        throw new Error("the disk is gone");
      },
      raise: () => undefined,
    };
    const chain = new FakeChain();
    const { sender } = wallet(chain, {
      ...orders(1, memory()),
      stale: () => new Fence({ epoch: 1, store: broken }).refusal(),
    });
    expect(await sender.submit(intent(0))).toMatchObject({
      kind: "refused",
      code: "EPOCH",
      detail: expect.stringContaining("the disk is gone") as string,
    });
    expect(chain.seen.size).toBe(0);
  });

  test("asks no relayer either", async () => {
    const world = new FakeWorld(() => 0.5);
    const words: string[] = [];
    const sender = world.open({ stale: () => words[0] });
    expect(await sender.submit(intent(0))).toMatchObject({ kind: "sent" });
    for (let n = 0; n < 40 && sender.pending().length > 0; n += 1) {
      world.step();
      await sender.tick();
    }
    const done = world.executed.length;
    expect(done).toBe(1);
    words.push("epoch 2 has signed");
    expect(await sender.submit(intent(1))).toMatchObject({ kind: "refused", code: "EPOCH" });
    for (let n = 0; n < 40; n += 1) world.step();
    expect(world.executed).toHaveLength(done);
  });
});
