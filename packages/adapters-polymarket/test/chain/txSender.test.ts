import { VirtualClock } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GAS_LIMITS } from "../../src/chain/gas.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import type { TxAttemptEntry, TxEntry, TxReport } from "../../src/chain/txRecord.ts";
import { TxSender } from "../../src/chain/txSender.ts";
import type { Address, Hex } from "../../src/index.ts";
import { WALLET } from "../support/trading.ts";
import { FakeChain, type Trouble } from "./fakeChain.ts";

// More with MATCHPOINT_RUNS=1000: each run signs dozens of real transactions.
const RUNS = Number(process.env["MATCHPOINT_RUNS"] ?? 15);
const TO: Address = "0x2222222222222222222222222222222222222222";
const URLS = ["http://node:1000/", "http://node:1001/", "http://node:1002/"];

interface Bench {
  readonly chain: FakeChain;
  readonly clock: VirtualClock;
  readonly entries: TxEntry[];
  readonly reports: TxReport[];
  sender: TxSender;
  /** The process ends, and another begins with what was written down. */
  restart(): void;
}

function bench(urls: readonly string[] = URLS, append?: (entry: TxEntry) => void): Bench {
  const chain = new FakeChain();
  const clock = new VirtualClock();
  const entries: TxEntry[] = [];
  const reports: TxReport[] = [];
  const start = (): TxSender =>
    new TxSender({
      pool: createRpcPool({ urls, chainId: 137, transport: chain.transport, clock }),
      chainId: 137,
      from: WALLET.address as Address,
      signer: WALLET,
      gas: GAS_LIMITS,
      finality: { kind: "finalized" },
      clock,
      journal: { append: append ?? ((entry) => void entries.push(entry)), entries: [...entries] },
      onReport: (report) => void reports.push(report),
      pollMs: 1_000,
      replaceAfterMs: 10_000,
      maxPending: 6,
    });
  const made: Bench = {
    ...{ chain, clock, entries, reports, sender: start() },
    restart() {
      made.sender = start();
    },
  };
  return made;
}

const intent = (n: number): { id: string; what: string; to: Address; data: Hex } => ({
  id: `i${n}`,
  what: `thing ${n}`,
  to: TO,
  data: `0x${n.toString(16).padStart(8, "0")}`,
});

describe("sending transactions", () => {
  const doing = fc.constantFrom<
    "send" | "tick" | "mine" | "mineSome" | "fail" | "reorg" | "forget" | "wait" | "restart"
  >(
    ...([
      "send",
      "send",
      "send",
      "tick",
      "tick",
      "mine",
      "mineSome",
      "fail",
      "reorg",
      "forget",
      "wait",
      "restart",
    ] as const),
  );
  const step = fc.record({ doing, trouble: fc.array(fc.nat({ max: 9 }), { minLength: 3, maxLength: 3 }) });

  test(`${RUNS} random troubles: each thing happens once at most, each ends, and what is told is what happened`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const b = bench();
        const { chain, clock } = b;
        let asked = 0;
        for (const { doing, trouble } of steps) {
          // One node at most fails at a time, so that two can agree; it fails before or after doing what it is asked.
          const bad = trouble[0]! % 3;
          const how: Trouble = trouble[1]! < 3 ? "silent" : trouble[1]! < 5 ? "late" : undefined;
          chain.trouble = (node) => (node === bad ? how : undefined);
          if (doing === "send") {
            const id = trouble[2]! < 2 && asked > 0 ? asked - 1 : asked++;
            await b.sender.submit(intent(id));
          } else if (doing === "tick") await b.sender.tick();
          else if (doing === "mine") chain.mine();
          else if (doing === "mineSome") chain.mine(1);
          else if (doing === "fail") chain.mine(1_000, () => false);
          else if (doing === "reorg") chain.reorg(1 + (trouble[2]! % 3), trouble[2]! < 5);
          else if (doing === "forget") chain.pool.clear();
          else if (doing === "wait") clock.advance(11_000);
          else b.restart();
        }
        // All is well again: everything comes to its end.
        chain.trouble = () => undefined;
        for (let round = 0; round < 60 && b.sender.pending().length > 0; round += 1) {
          clock.advance(11_000);
          await b.sender.tick();
          chain.mine();
        }
        expect(b.sender.pending()).toEqual([]);
        const happened = chain.executed();
        expect(new Set(happened).size).toBe(happened.length);
        const owner = new Map<number, string>();
        for (const tx of chain.seen.values()) {
          expect(owner.get(tx.nonce) ?? tx.data).toBe(tx.data);
          owner.set(tx.nonce, tx.data);
        }
        const ends = new Map<string, string>();
        for (const { intentId, status } of b.reports) {
          if (status !== "FINAL" && status !== "REVERTED") {
            expect(ends.has(intentId), `${intentId} goes on after its end`).toBe(false);
            continue;
          }
          expect(ends.get(intentId) ?? status).toBe(status);
          ends.set(intentId, status);
        }
        for (const [id, status] of ends)
          expect(happened.includes(intent(Number(id.slice(1))).data), `${id} is told ${status}`).toBe(
            status === "FINAL",
          );
        // Each end is written down once.
        const settled = b.entries.flatMap((entry) => (entry.type === "tx_settled" ? [entry.intentId] : []));
        expect(settled.sort()).toEqual([...ends.keys()].sort());
        // Everything that a node ever saw was written down before.
        const written = new Set(
          b.entries.flatMap((entry) => (entry.type === "tx_attempt" ? [entry.hash] : [])),
        );
        for (const hash of chain.seen.keys()) expect(written.has(hash)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  test("nothing leaves when the journal cannot be written, and nothing is signed after that", async () => {
    const b = bench(URLS, () => {
      throw new Error("disk full");
    });
    for (const n of [0, 1])
      expect(await b.sender.submit(intent(n))).toMatchObject({ kind: "refused", code: "JOURNAL" });
    expect(b.chain.seen.size).toBe(0);
  });

  test("a signer that fails gives its nonce back; one that signs something else is refused", async () => {
    const b = bench();
    const real = WALLET.signTransaction.bind(WALLET);
    const signers = [
      () => Promise.reject(new Error("locked with 0xsecret")),
      (tx: Parameters<typeof real>[0]) => real({ ...tx, to: WALLET.address }),
      () => Promise.resolve("0x02"),
    ];
    for (const signTransaction of signers) {
      const sender = new TxSender({
        pool: createRpcPool({ urls: URLS, chainId: 137, transport: b.chain.transport, clock: b.clock }),
        ...{ chainId: 137, from: WALLET.address as Address, gas: GAS_LIMITS, clock: b.clock, maxPending: 4 },
        ...{ finality: { kind: "finalized" }, pollMs: 1_000, replaceAfterMs: 10_000 },
        signer: { getAddress: () => WALLET.getAddress(), signTransaction },
        onReport: () => undefined,
      });
      await expect(sender.submit(intent(0))).rejects.toMatchObject({ code: "SIGNING_REFUSED" });
    }
    expect(b.chain.seen.size).toBe(0);
    expect(await b.sender.submit(intent(0))).toMatchObject({ kind: "sent", nonce: 0 });
  });

  test("after a restart a signer that signs otherwise each time makes a replacement, written down as one", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    b.chain.pool.clear();
    // What was written down had another signature of the same fields.
    const [entry] = b.entries.splice(0);
    b.entries.push({ ...(entry as TxAttemptEntry), hash: `0x${"ab".repeat(32)}` });
    b.restart();
    await b.sender.tick();
    const attempts = b.entries.flatMap((each) => (each.type === "tx_attempt" ? [each] : []));
    expect(attempts.map(({ nonce }) => nonce)).toEqual([0, 0]);
    expect([...b.chain.pool.keys()]).toEqual([attempts[1]!.hash]);
    for (let n = 0; n < 6; n += 1) b.chain.mine();
    await b.sender.tick();
    expect(b.reports.at(-1)).toMatchObject({ status: "FINAL", hash: attempts[1]!.hash });
  });

  test("transactions of others that were mined are counted", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    b.chain.mine();
    const other = {
      chainId: 137,
      to: TO,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 12n,
      maxPriorityFeePerGas: 1n,
    };
    const raw = await WALLET.signTransaction({ ...other, type: 2, nonce: 1 });
    await b.chain.transport.request({
      ...{ method: "POST", url: URLS[0]!, timeoutMs: 1 },
      body: JSON.stringify({ id: 1, method: "eth_sendRawTransaction", params: [raw] }),
    });
    expect(await b.sender.submit(intent(1))).toMatchObject({ kind: "refused", code: "FOREIGN" });
    b.chain.mine();
    expect(await b.sender.submit(intent(1))).toMatchObject({ kind: "sent", nonce: 2 });
    expect(b.sender.foreign).toBe(1);
  });

  test("the cap is kept by replacements too: then the last attempt stays", async () => {
    const b = bench();
    b.chain.baseFee = 400_000_000_000n;
    await b.sender.submit(intent(0));
    b.chain.baseFee = 2_000_000_000_000n;
    for (let n = 0; n < 6; n += 1) {
      b.clock.advance(11_000);
      await b.sender.tick();
    }
    const fees = b.entries.flatMap((entry) =>
      entry.type === "tx_attempt" ? [BigInt(entry.maxFeePerGas)] : [],
    );
    expect(Math.max(...fees.map(Number))).toBeLessThanOrEqual(Number(GAS_LIMITS.maxFeePerGas));
    expect(fees.length).toBe(2);
    b.chain.baseFee = 30_000_000_000n;
    b.chain.mine();
    for (let n = 0; n < 5; n += 1) b.chain.mine();
    await b.sender.tick();
    expect(b.reports.at(-1)).toMatchObject({ status: "FINAL" });
  });

  test("one that a node counts before it shows the receipt is not taken for another's", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    for (let n = 0; n < 6; n += 1) b.chain.mine();
    b.chain.receiptsHidden = URLS.length;
    await b.sender.tick();
    await b.sender.tick();
    // Nobody was alarmed meanwhile.
    expect(b.reports.map(({ status }) => status)).toEqual(["SENT", "FINAL"]);
    expect(b.sender.pending()).toEqual([]);
  });

  test("one that is counted in the newest block before its receipt is shown alarms nobody either", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    b.chain.mine();
    b.chain.receiptsHidden = URLS.length;
    await b.sender.tick();
    await b.sender.tick();
    expect(b.reports.map(({ status }) => status)).toEqual(["SENT", "MINED"]);
  });

  test("one of which nothing is seen at its nonce by two looks is said to be unknown, until it is seen", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    b.chain.mine();
    b.chain.receiptsHidden = 2 * URLS.length;
    await b.sender.tick();
    await b.sender.tick();
    expect(b.reports.at(-1)?.detail).toMatch(/nonce 0 was used by another transaction, not final yet/);
    await b.sender.tick();
    expect(b.reports.map(({ status }) => status)).toEqual(["SENT", "UNKNOWN", "MINED"]);
    // What was seen begins the count anew.
    b.chain.receiptsHidden = URLS.length;
    await b.sender.tick();
    expect(b.reports.at(-1)).toMatchObject({ status: "MINED" });
  });

  test("one whose nonce another took is unknown by two looks, and by three never executed", async () => {
    const b = bench();
    await b.sender.submit(intent(0));
    for (let n = 0; n < 6; n += 1) b.chain.mine();
    b.chain.receiptsHidden = 3 * URLS.length;
    await b.sender.tick();
    await b.sender.tick();
    expect(b.reports.at(-1)).toMatchObject({ status: "UNKNOWN" });
    expect(b.reports.at(-1)?.detail).toMatch(/nonce 0 was used, and none of ours is seen there/);
    await b.sender.tick();
    expect(b.reports.map(({ status }) => status)).toEqual(["SENT", "UNKNOWN", "REVERTED"]);
    expect(b.reports.at(-1)?.detail).toMatch(/never executed: nonce 0 was used by another transaction/);
  });

  test("no more than may be are under way, and none with a key that is under way", async () => {
    const b = bench();
    expect(await b.sender.submit({ ...intent(0), key: "k" })).toMatchObject({ kind: "sent", nonce: 0 });
    expect(await b.sender.submit({ ...intent(1), key: "k" })).toMatchObject({
      kind: "refused",
      code: "BUSY",
    });
    for (let n = 2; n < 7; n += 1) expect(await b.sender.submit(intent(n))).toMatchObject({ nonce: n - 1 });
    expect(await b.sender.submit(intent(7))).toMatchObject({ kind: "refused", code: "BUSY" });
    for (let n = 0; n < 6; n += 1) b.chain.mine();
    await b.sender.tick();
    expect(b.sender.pending()).toEqual([]);
    expect(await b.sender.submit({ ...intent(7), key: "k" })).toMatchObject({ kind: "sent", nonce: 6 });
  });

  test("too little POL for all that is under way is said with what is missing", async () => {
    const b = bench();
    b.chain.balance = GAS_LIMITS.polFloor + 10_000_000_000_000_000n;
    expect(await b.sender.submit(intent(0))).toMatchObject({ kind: "sent" });
    const second = await b.sender.submit(intent(1));
    expect(second).toMatchObject({ kind: "refused", code: "GAS" });
    expect(second.kind === "refused" && second.fix).toMatch(/^send at least 0\.\d{6} POL to 0x/);
  });

  test("another wallet's journal is refused", () => {
    const entry: TxEntry = {
      ...{
        type: "tx_attempt",
        intentId: "i0",
        what: "w",
        chainId: 137,
        from: TO,
        to: TO,
        data: "0x",
        nonce: 0,
      },
      ...{ hash: "0x", gasLimit: "1", maxFeePerGas: "1", maxPriorityFeePerGas: "1" },
    };
    const b = bench();
    b.entries.push(entry);
    expect(() => b.restart()).toThrow(/of another wallet or chain/);
  });
});
