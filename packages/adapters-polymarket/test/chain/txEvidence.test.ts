import { describe, expect, test } from "vitest";
import type { RpcAnswer } from "../../src/chain/rpcEndpoint.ts";
import type { RpcPool } from "../../src/chain/rpcPool.ts";
import { look } from "../../src/chain/txEvidence.ts";
import type { Address } from "../../src/index.ts";

const FROM: Address = "0x2222222222222222222222222222222222222222";
const hash = (byte: string): string => `0x${byte.repeat(32)}`;
const OURS = hash("0a");
const OLDER = hash("0b");

interface World {
  /** The hash of the block at height 8. */
  readonly block?: string;
  readonly receipts?: Readonly<Record<string, object>>;
  /** Transactions of the wallet: at the last final block, and at the latest. */
  readonly counts?: readonly [number, number];
  readonly waiting?: boolean;
}

/** Nodes at height 10, of which 6 are final. */
function nodes({ block = hash("08"), receipts = {}, counts = [3, 3], waiting = false }: World): RpcPool {
  const answer = (value: unknown): Promise<RpcAnswer> => Promise.resolve({ kind: "result", value });
  const ask = (method: string, params: readonly unknown[]): Promise<RpcAnswer> => {
    if (method === "eth_getBlockByNumber") return answer({ number: params[0], hash: block });
    if (method === "eth_getTransactionReceipt") return answer(receipts[params[0] as string] ?? null);
    if (method === "eth_getTransactionCount")
      return answer(`0x${counts[params[1] === "0x6" ? 0 : 1].toString(16)}`);
    return answer(waiting ? { hash: params[0] } : null);
  };
  return {
    call: ask,
    agreed: ask,
    block: (tag) => Promise.resolve({ number: tag === "latest" ? 10n : 6n, hash: hash("10") }),
    broadcast: () => Promise.resolve({ kind: "accepted" }),
    health: () => [],
  };
}

function receipt(of: string, over: object = {}): object {
  const place = { blockNumber: "0x8", blockHash: hash("08") };
  return { transactionHash: of, ...place, status: "0x1", logs: [], ...over };
}

async function seen(world: World, finality: Parameters<typeof look>[0]["finality"] = { kind: "finalized" }) {
  const head = { number: 10n, hash: hash("10") };
  return look({ pool: nodes(world), from: FROM, nonce: 3, hashes: [OURS, OLDER], finality, head });
}

describe("what the chain shows of a transaction", () => {
  test("is mined only in a block that is there, and final only when that is", async () => {
    const receipts = { [OURS]: receipt(OURS) };
    expect(await seen({ receipts, counts: [3, 4] })).toMatchObject({ kind: "mined" });
    expect(await seen({ receipts, counts: [3, 4] }, { kind: "blocks", blocks: 2 })).toMatchObject({
      kind: "final",
    });
    expect(await seen({ receipts, counts: [3, 4] }, { kind: "blocks", blocks: 3 })).toMatchObject({
      kind: "mined",
    });
    // The receipt is of a block that was undone.
    expect(await seen({ receipts, block: hash("88") })).toEqual({ kind: "absent", known: false });
    // The receipt is of a block beyond the one that was asked at.
    expect(await seen({ receipts: { [OURS]: receipt(OURS, { blockNumber: "0xb" }) } })).toMatchObject({
      kind: "absent",
    });
  });

  test("may be an older attempt of the same nonce", async () => {
    const found = await seen({
      receipts: { [OLDER]: receipt(OLDER, { blockNumber: "0x5" }) },
      counts: [4, 4],
    });
    expect(found).toMatchObject({ kind: "final", receipt: { hash: OLDER } });
  });

  test("is never somebody else's receipt", async () => {
    expect(await seen({ receipts: { [OURS]: receipt(hash("cc")) } })).toMatchObject({ kind: "absent" });
  });

  test("is nothing for ever only when its nonce is used in a block that is final", async () => {
    expect(await seen({ counts: [3, 4] })).toEqual({ kind: "taken" });
    expect(await seen({ counts: [4, 4] })).toEqual({ kind: "replaced" });
    expect(await seen({ waiting: true })).toEqual({ kind: "absent", known: true });
    // Too young a chain for anything to be final.
    expect(await seen({ counts: [4, 4] }, { kind: "blocks", blocks: 11 })).toEqual({ kind: "taken" });
  });
});
