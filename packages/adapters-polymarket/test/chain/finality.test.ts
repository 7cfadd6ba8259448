import { VirtualClock } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { ChainReads } from "../../src/chain/chainReads.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { CONTRACTS } from "../../src/venue/contracts.ts";
import { BLOCK_S, CHAIN_STARTS, FakeChain } from "./fakeChain.ts";

const URLS = ["http://node:1000/", "http://node:1001/", "http://node:1002/"];

it("tells the age of the last final block, as enough nodes have it, and of a chain that stands still", async () => {
  const chain = new FakeChain();
  const clock = new VirtualClock();
  const pool = createRpcPool({ urls: URLS, chainId: 137, transport: chain.transport, clock });
  const reads = new ChainReads(pool, CONTRACTS[137].conditionalTokens);
  const nowMs = (): number => (CHAIN_STARTS + chain.blocks.length * BLOCK_S) * 1_000;
  for (let block = 0; block < 10; block++) chain.mine();
  expect(await reads.finalAgeMs(nowMs())).toBe(4 * BLOCK_S * 1_000);
  // Blocks go on and none of them is final.
  for (let block = 0; block < 40; block++) {
    chain.mine();
    chain.finality += 1;
  }
  expect(await reads.finalAgeMs(nowMs())).toBe(44 * BLOCK_S * 1_000);
  // No block comes at all.
  expect(await reads.finalAgeMs(nowMs() + 500_000)).toBe(44 * BLOCK_S * 1_000 + 500_000);
  // A clock of ours that is behind the chain's makes no age of less than none.
  expect(await reads.finalAgeMs(nowMs() - 900_000)).toBe(0);
  chain.trouble = (node) => (node < 2 ? "silent" : undefined);
  await expect(reads.finalAgeMs(nowMs())).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
});
