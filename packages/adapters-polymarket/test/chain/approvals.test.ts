import { AbiCoder, id, toBeHex } from "ethers";
import { describe, expect, test } from "vitest";
import type { Usdc } from "@matchpoint/sdk";
import { planApprovals, spendersFor, type MarketKind, type WalletUse } from "../../src/chain/approvals.ts";
import { CTF, ERC20 } from "../../src/chain/contractCalls.ts";
import { netTransfers } from "../../src/chain/proceeds.ts";
import { isDefinite, isRevert, revertReason } from "../../src/chain/refusals.ts";
import { readBlock, readReceipt, type ChainReceipt } from "../../src/chain/wire.ts";
import { CONTRACTS, type Address } from "../../src/index.ts";

const POLYGON = CONTRACTS[137];
const usd = (amount: number): Usdc => (amount * 1_000_000) as Usdc;

describe("spenders", () => {
  const named = (kinds: readonly MarketKind[], uses: readonly WalletUse[]): string[] =>
    spendersFor(POLYGON, kinds, uses).map(({ token, spender }) => `${token} ${spender}`);

  test("are exactly those that the account's markets need", () => {
    expect(named(["standard"], ["trade"])).toEqual([
      `pusd ${POLYGON.ctfExchange}`,
      `positions ${POLYGON.ctfExchange}`,
    ]);
    expect(named(["standard"], ["split", "merge_redeem"])).toEqual([
      `pusd ${POLYGON.ctfCollateralAdapter!}`,
      `positions ${POLYGON.ctfCollateralAdapter!}`,
    ]);
    expect(named([], ["trade", "split"])).toEqual([]);
    expect(named(["standard"], [])).toEqual([]);
  });

  test("of neg-risk markets include the old adapter, which their orders still need", () => {
    expect(named(["neg_risk"], ["trade", "merge_redeem"])).toEqual([
      `pusd ${POLYGON.negRiskExchange}`,
      `positions ${POLYGON.negRiskExchange}`,
      "pusd 0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296",
      "positions 0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296",
      `positions ${POLYGON.negRiskCtfCollateralAdapter!}`,
    ]);
  });

  test("are not made up where the chain has none", () => {
    expect(() => spendersFor(CONTRACTS[80002], ["standard"], ["split"])).toThrow(
      /no documented collateral adapter/,
    );
    expect(() => spendersFor(CONTRACTS[80002], [], ["wrap"])).toThrow(/no documented onramp/);
  });
});

describe("approvals", () => {
  const needs = spendersFor(POLYGON, ["standard"], ["trade", "split"]);
  const lacking = needs.map((need) => ({
    ...need,
    current: need.token === "positions" ? false : 0n,
    enough: false,
  }));

  test("are bounded unless unbounded is said, and what cannot be bounded says so", () => {
    const { steps, lines } = planApprovals(POLYGON, lacking, usd(25));
    const [first, second] = steps;
    expect(ERC20.decodeFunctionData("approve", first!.data).toArray()).toEqual([
      POLYGON.ctfExchange,
      25_000_000n,
    ]);
    expect(CTF.decodeFunctionData("setApprovalForAll", second!.data).toArray()).toEqual([
      POLYGON.ctfExchange,
      true,
    ]);
    expect(steps.map(({ to }) => to)).toEqual([
      POLYGON.collateral,
      POLYGON.conditionalTokens,
      POLYGON.collateral,
    ]);
    expect(lines[1]).toContain("ALL outcome tokens");
    expect(lines[1]).toContain("cannot be bounded");
    const unbounded = planApprovals(POLYGON, lacking, "unbounded");
    expect(unbounded.steps[0]!.what).toContain("UNBOUNDED");
    expect(ERC20.decodeFunctionData("approve", unbounded.steps[0]!.data)[1]).toBe((1n << 256n) - 1n);
  });

  test("are only of what is missing", () => {
    const states = lacking.map((state, index) => ({ ...state, current: 7_000_000n, enough: index !== 2 }));
    const plan = planApprovals(POLYGON, states, usd(25));
    expect(plan.steps.map(({ need }) => need)).toEqual([states[2]]);
    expect(plan.lines).toHaveLength(3);
    expect(plan.lines[2]).toMatch(/^missing .*has 7$/);
  });
});

describe("proceeds", () => {
  const WALLET: Address = "0x2222222222222222222222222222222222222222";
  const OTHER: Address = "0x3333333333333333333333333333333333333333";
  const log = (token: string, from: string, to: string, amount: bigint): ChainReceipt["logs"][number] => ({
    address: token.toLowerCase(),
    topics: [id("Transfer(address,address,uint256)"), topic(from), topic(to)],
    data: AbiCoder.defaultAbiCoder().encode(["uint256"], [amount]),
  });
  const topic = (address: string): string => `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
  const receipt = (logs: ChainReceipt["logs"]): ChainReceipt => ({
    ...{ hash: "0x", blockNumber: 1n, blockHash: "0x", success: true, gasUsed: 0n, gasPrice: 0n },
    logs,
  });
  const { collateral, usdcE } = POLYGON;

  test("are what came less what went, of the collateral and of this wallet alone", () => {
    const logs = [
      log(collateral, OTHER, WALLET, 10n),
      log(collateral, WALLET, OTHER, 3n),
      log(collateral, OTHER, OTHER, 1_000n),
      log(usdcE!, OTHER, WALLET, 1_000n),
      {
        ...log(collateral, OTHER, WALLET, 1_000n),
        topics: [id("Approval(address,address,uint256)"), topic(OTHER), topic(WALLET)],
      },
      log(collateral, WALLET, WALLET, 50n),
    ];
    expect(netTransfers(receipt(logs), collateral, WALLET)).toBe(7);
    expect(netTransfers(receipt([]), collateral, WALLET)).toBe(0);
  });

  test("beyond exact numbers are refused", () => {
    const logs = [log(collateral, OTHER, WALLET, 1n << 60n)];
    expect(() => netTransfers(receipt(logs), collateral, WALLET)).toThrow(
      /UNIT_OVERFLOW|more than can be held/,
    );
  });
});

describe("answers of nodes", () => {
  const HASH = `0x${"ab".repeat(32)}`;
  const block = { number: "0x10", hash: HASH, baseFeePerGas: "0x1" };
  const mined = { transactionHash: HASH, blockNumber: "0x10", blockHash: HASH, status: "0x1", logs: [] };

  test("are read, or are nothing", () => {
    expect(readBlock(block)).toEqual({ number: 16n, hash: HASH, baseFee: 1n });
    expect(readReceipt(mined)).toMatchObject({ blockNumber: 16n, success: true });
    expect(readReceipt({ ...mined, status: "0x0" })?.success).toBe(false);
    for (const bad of [
      null,
      1,
      "x",
      [],
      {},
      { ...block, number: 16 },
      { ...block, number: "16" },
      { ...block, hash: "0x1" },
    ])
      expect(readBlock(bad)).toBeUndefined();
    for (const bad of [
      null,
      {},
      { ...mined, blockNumber: null },
      { ...mined, status: "yes" },
      { ...mined, logs: {} },
    ])
      expect(readReceipt(bad)).toBeUndefined();
  });

  test("that refuse are told apart: the contract's no, the node's no, and try again", () => {
    const refusal = (message: string, code = -32000, data?: string) =>
      ({ kind: "refused", code, message, ...(data === undefined ? {} : { data }) }) as const;
    for (const text of [
      "execution reverted",
      "nonce too low",
      "replacement transaction underpriced",
      "insufficient funds for gas",
    ])
      expect(isDefinite(refusal(text))).toBe(true);
    for (const text of [
      "header not found",
      "limit exceeded",
      "missing trie node",
      "Internal error",
      "daily request count exceeded",
    ])
      expect(isDefinite(refusal(text))).toBe(false);
    expect(isRevert(refusal("anything", 3))).toBe(true);
    const text = new AbiCoder().encode(["string"], ["no more"]).slice(2);
    expect(revertReason(refusal("execution reverted", 3, `0x08c379a0${text}`))).toBe("no more");
    expect(revertReason(refusal("execution reverted", 3, id("OnlyUnpaused()").slice(0, 10)))).toContain(
      "paused",
    );
    expect(revertReason(refusal("execution reverted", 3, toBeHex(0xdeadbeef)))).toContain("0xdeadbeef");
    expect(revertReason(refusal("execution reverted", 3, "0x08c379a0ff"))).toContain("0x08c379a0");
  });
});
