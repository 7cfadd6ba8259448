import {
  CONTRACTS,
  createChainSigner,
  createWalletChain,
  createWsTransport,
  walletChecks,
  type ChainMarketRef,
  type TxEntry,
  type TxReport,
  type WalletChain,
  type WalletChainOptions,
} from "@matchpoint/adapters-polymarket";
import { findAnvil, questionIdOf, startLocalChain, type LocalChain } from "@matchpoint/paper-venue";
import { SystemClock, type Shares } from "@matchpoint/sdk";
import { AbiCoder, Interface, keccak256, type Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POL, skippedWithout, testWallet, usd } from "./chainSupport.ts";

const TOKENS = new Interface(["function safeTransferFrom(address, address, uint256, uint256, bytes)"]);
const GWEI = 10n ** 9n;
const shares = (amount: number): Shares => Math.round(amount * 1e6) as Shares;
const ALL = { kinds: ["standard"], uses: ["trade", "split", "merge_redeem", "wrap", "unwrap"] } as const;

describe.skipIf(skippedWithout(findAnvil()))("a wallet on a local chain", () => {
  let chain: LocalChain;
  let markets = 0;
  let wallets = 10;

  beforeAll(async () => {
    chain = await startLocalChain();
  });
  afterAll(() => chain.close());

  async function market(): Promise<ChainMarketRef & { readonly questionId?: string }> {
    markets += 1;
    return {
      ...(await chain.prepareMarket({ questionId: questionIdOf(`market ${markets}`) })),
      negRisk: false,
    };
  }

  async function open(
    over: Partial<WalletChainOptions> & { key?: Wallet } = {},
  ): Promise<{ wallet: WalletChain; key: Wallet; reports: TxReport[]; entries: TxEntry[] }> {
    wallets += 1;
    const { key = testWallet(wallets), limits, ...rest } = over;
    const entries: TxEntry[] = [];
    const address = key.address as `0x${string}`;
    const wallet = await createWalletChain({
      rpcs: [chain.rpc],
      chainId: 137,
      signer: key,
      parties: { signatureType: 0, wallet: address, funder: address },
      transport: createWsTransport(),
      clock: new SystemClock(),
      journal: { append: (entry) => void entries.push(entry) },
      limits: { pollMs: 20, finality: { kind: "blocks", blocks: 0 }, ...limits },
      ...rest,
    });
    const reports: TxReport[] = [];
    wallet.onReport((report) => reports.push(report));
    return { wallet, key, reports, entries };
  }

  async function ready(over: Parameters<typeof open>[0] = {}): ReturnType<typeof open> {
    const opened = await open(over);
    await chain.fund(opened.key.address, { pol: POL, pusd: usd(100) });
    await chain.approveAll(opened.key.address);
    return opened;
  }

  test("from USDC.e to pUSD to a pair and back: approve, wrap, split, merge, unwrap", async () => {
    const { wallet, key, entries } = await open();
    const at = await market();
    await chain.fund(key.address, { pol: POL, usdcE: usd(50) });

    const before = await walletChecks(wallet, ALL);
    expect(before.filter(({ status }) => status === "fail").map(({ id, fix }) => [id, fix])).toEqual([
      ["collateral", "matchpoint wallet wrap"],
      ["allowances", "matchpoint wallet approve"],
    ]);
    const plan = await wallet.planApprovals({ ...ALL, allowance: usd(40) });
    expect(plan.steps.map(({ what }) => what)).toEqual([
      `approve up to 40 pUSD to exchange ${CONTRACTS[137].ctfExchange}`,
      `approve ALL outcome tokens to exchange ${CONTRACTS[137].ctfExchange} (cannot be bounded)`,
      `approve up to 40 pUSD to collateral adapter ${CONTRACTS[137].ctfCollateralAdapter!}`,
      `approve ALL outcome tokens to collateral adapter ${CONTRACTS[137].ctfCollateralAdapter!} (cannot be bounded)`,
      `approve up to 40 USDC.e to onramp ${CONTRACTS[137].collateralOnramp!}`,
      `approve up to 40 pUSD to offramp ${CONTRACTS[137].collateralOfframp!}`,
    ]);
    const rehearsed = await wallet.approve(plan, { dryRun: true });
    expect(rehearsed.map(({ kind }) => kind)).toEqual(plan.steps.map(() => "dry_run"));
    expect(entries).toEqual([]);
    expect((await wallet.planApprovals({ ...ALL, allowance: usd(40) })).steps).toHaveLength(6);

    const approved = await wallet.approve(plan);
    expect(approved.map(({ kind }) => kind)).toEqual(plan.steps.map(() => "final"));
    expect((await wallet.planApprovals({ ...ALL, allowance: usd(40) })).steps).toEqual([]);

    expect(await wallet.wrap(usd(41))).toMatchObject({ kind: "refused", code: "WOULD_REVERT" });
    expect(await wallet.wrap(usd(30))).toMatchObject({ kind: "final", proceeds: usd(30) });
    expect(await wallet.split(at, shares(12.5))).toMatchObject({ kind: "final", proceeds: usd(-12.5) });
    expect((await wallet.status([at])).positions[0]!.held).toEqual([shares(12.5), shares(12.5)]);
    expect(await wallet.merge(at, shares(2.5))).toMatchObject({ kind: "final", proceeds: usd(2.5) });
    expect(await wallet.merge(at)).toMatchObject({ kind: "final", proceeds: usd(10) });
    expect(await wallet.merge(at)).toMatchObject({ kind: "nothing" });
    expect(await wallet.unwrap(usd(5))).toMatchObject({ kind: "final", proceeds: usd(-5) });

    const status = await wallet.status([at]);
    expect(status).toMatchObject({ pusd: usd(25), usdcE: usd(25), pending: [] });
    expect(await chain.balances(key.address, at.tokens)).toMatchObject({ pusd: usd(25), tokens: [0, 0] });
    // 30 of the 40 that the onramp was allowed are used: the 25 that are there are not covered any more.
    const after = (await walletChecks(wallet, ALL)).filter(({ status }) => status === "fail");
    expect(after.map(({ found }) => found)).toEqual([
      `missing: usdc_e to onramp ${CONTRACTS[137].collateralOnramp!}`,
    ]);
    // One attempt and one end for each; nonces without a gap.
    const attempts = entries.flatMap((entry) => (entry.type === "tx_attempt" ? [entry.nonce] : []));
    expect(attempts).toEqual(attempts.map((_, index) => index));
    expect(entries.filter(({ type }) => type === "tx_settled")).toHaveLength(attempts.length);
  });

  test("does nothing more on the chain once another process has the account", async () => {
    const words: string[] = [];
    const key = testWallet(900);
    const signer = createChainSigner(key.privateKey, { stale: () => words[0] });
    const { wallet, entries } = await ready({ key, signer });
    const [at, won] = [await market(), await market()];
    for (const each of [at, won])
      expect(await wallet.split(each, shares(10))).toMatchObject({ kind: "final" });
    await chain.resolve(won, [1, 0]);
    const before = await chain.balances(key.address, at.tokens);
    const attempts = entries.length;
    words.push("epoch 2 has signed for this account since; this process has 1");
    const plan = await wallet.planApprovals({ ...ALL, allowance: usd(40) });
    expect(plan.steps.length).toBeGreaterThan(0);
    const results = [
      await wallet.split(at, shares(1)),
      await wallet.merge(at),
      await wallet.redeem(won),
      await wallet.wrap(usd(1)),
      ...(await wallet.approve(plan)),
    ];
    for (const result of results.filter(({ kind }) => kind !== "refused"))
      expect(result.kind).toBe("skipped");
    expect(
      results.filter((result) => "code" in result && result.code === "EPOCH").length,
    ).toBeGreaterThanOrEqual(4);
    expect(entries).toHaveLength(attempts);
    expect(await chain.balances(key.address, at.tokens)).toEqual(before);
    // The money is there for whoever has the turn.
    words.length = 0;
    expect(await wallet.merge(at)).toMatchObject({ kind: "final", proceeds: usd(10) });
  });

  test("redeems a winner and a half-and-half market, once, and only when the chain knows the result", async () => {
    const { wallet } = await ready();
    const won = await market();
    const half = await market();
    for (const each of [won, half]) await wallet.split(each, shares(10));
    expect(await wallet.redeem(won)).toMatchObject({ kind: "refused", code: "AMOUNT" });
    await chain.resolve(won, [0, 1]);
    await chain.resolve(half, [1, 1]);
    const [first, second] = await Promise.all([wallet.redeem(won), wallet.redeem(won)]);
    // The same thing asked for twice at once is done once.
    expect([first.kind, second.kind].sort()).toEqual(["final", "refused"]);
    expect(await wallet.redeem(won)).toMatchObject({ kind: "nothing" });
    expect(await wallet.redeem(half)).toMatchObject({ kind: "final", proceeds: usd(10) });
    expect((await wallet.status([won, half])).pusd).toBe(usd(100));
    const payouts = await wallet.reads.payouts(half.conditionId, await wallet.reads.latest());
    expect(payouts).toEqual({ denominator: 2n, numerators: [1n, 1n] });
  });

  test("an odd half pays what the chain pays, to the micro-dollar", async () => {
    const { wallet, key } = await ready();
    const half = await market();
    await wallet.split(half, 3 as Shares);
    const give = TOKENS.encodeFunctionData("safeTransferFrom", [
      ...[key.address, testWallet(0).address, half.tokens[1], 3, "0x"],
    ]);
    await chain.sendAs(key.address, CONTRACTS[137].conditionalTokens, give);
    await chain.resolve(half, [1, 1]);
    expect(await wallet.redeem(half)).toMatchObject({ kind: "final", proceeds: 1 });
  });

  test("a stuck transaction is replaced under its nonce with higher fees, and happens once", async () => {
    const { wallet, key, reports, entries } = await ready({
      limits: { pollMs: 20, finality: { kind: "blocks", blocks: 0 }, replaceAfterMs: 60 },
    });
    const at = await market();
    await chain.automine(false);
    try {
      const sent = await wallet.split(at, shares(4), { wait: "sent", id: "stuck" });
      expect(sent.kind).toBe("sent");
      await new Promise((resolve) => setTimeout(resolve, 100));
      await wallet.tick();
      const attempts = entries.flatMap((entry) => (entry.type === "tx_attempt" ? [entry] : []));
      expect(attempts).toHaveLength(2);
      expect(new Set(attempts.map(({ nonce }) => nonce)).size).toBe(1);
      for (const fee of ["maxFeePerGas", "maxPriorityFeePerGas"] as const)
        expect(BigInt(attempts[1]![fee]) * 10n).toBeGreaterThanOrEqual(BigInt(attempts[0]![fee]) * 11n);
      await chain.mine();
      await wallet.tick();
      expect(reports.at(-1)).toMatchObject({ intentId: "stuck", status: "FINAL", hash: attempts[1]!.hash });
    } finally {
      await chain.automine(true);
    }
    expect((await chain.balances(key.address, at.tokens)).tokens).toEqual([shares(4), shares(4)]);
    expect(await wallet.split(at, shares(4), { id: "stuck" })).toMatchObject({
      kind: "final",
      nonce: sentNonce(reports),
    });
    expect((await chain.balances(key.address, at.tokens)).tokens).toEqual([shares(4), shares(4)]);
  });

  test("what a reorganisation takes away waits again and is sent again; only what is deep enough is final", async () => {
    const { wallet, key, reports } = await ready({
      limits: { finality: { kind: "blocks", blocks: 3 }, pollMs: 20 },
    });
    const at = await market();
    await wallet.split(at, shares(6), { wait: "sent", id: "shaken" });
    await until(wallet, reports, "MINED");
    expect(reports.map(({ status }) => status)).toEqual(["SENT", "MINED"]);
    await chain.reorg(1);
    expect((await chain.balances(key.address, at.tokens)).tokens).toEqual([0, 0]);
    await wallet.tick();
    expect(reports.map(({ status }) => status).slice(2)).toEqual(["UNKNOWN", "SENT"]);
    await until(wallet, reports, "MINED");
    await chain.mine(2);
    await wallet.tick();
    expect(reports.at(-1)?.status).toBe("MINED");
    await chain.mine(1);
    await wallet.tick();
    expect(reports.at(-1)).toMatchObject({ status: "FINAL" });
    expect((await chain.balances(key.address, at.tokens)).tokens).toEqual([shares(6), shares(6)]);
  });

  test("what the chain calls finalized is final", async () => {
    const { wallet, reports } = await ready({ limits: { finality: { kind: "finalized" }, pollMs: 20 } });
    const at = await market();
    await wallet.split(at, shares(1), { wait: "sent" });
    await until(wallet, reports, "MINED");
    await chain.mine(2);
    await wallet.tick();
    expect(reports.at(-1)).toMatchObject({ status: "FINAL" });
  });

  test("what reverts on the chain is told only when that is final, and costs no tokens", async () => {
    const { wallet, key, reports } = await ready();
    const at = await market();
    await chain.automine(false);
    try {
      await wallet.split(at, shares(3), { wait: "sent", id: "doomed" });
      // Between the trial and the block the dollars go elsewhere.
      await chain.send("anvil_setStorageAt", [
        CONTRACTS[137].collateral,
        balanceSlot(key.address),
        `0x${"0".repeat(64)}`,
      ]);
      await chain.mine();
      await wallet.tick();
    } finally {
      await chain.automine(true);
    }
    expect(reports.at(-1)).toMatchObject({ intentId: "doomed", status: "REVERTED" });
    expect(reports.at(-1)?.detail).toContain("reverted on the chain");
  });

  /** pUSD keeps balances in its second variable. */
  function balanceSlot(owner: string): string {
    return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [owner, 1]));
  }

  test("no gas, no allowance, a paused ramp and a price above the cap: nothing is signed, and each says what to do", async () => {
    const { wallet, key, entries } = await open();
    const at = await market();
    await chain.fund(key.address, { pusd: usd(10), usdcE: usd(5) });
    const refused = async (result: ReturnType<WalletChain["split"]>): Promise<string> => {
      const { kind, lines } = await result;
      expect(kind).toBe("refused");
      return lines.join(" ");
    };
    expect(await refused(wallet.split(at, shares(1)))).toContain("may not take the wallet's pUSD");
    const plan = await wallet.planApprovals(ALL);
    expect((await wallet.approve(plan))[0]).toMatchObject({ kind: "refused", code: "GAS" });
    expect(await refused(wallet.unwrap(usd(1)))).toMatch(/insufficient allowance/);
    const checks = await walletChecks(wallet, ALL);
    expect(checks.find(({ id }) => id === "gas")).toMatchObject({
      status: "fail",
      fix: `send POL to ${key.address}`,
    });
    await chain.fund(key.address, { pol: POL });
    await chain.approveAll(key.address);
    await chain.pause("onramp", true);
    const approve = await wallet.planApprovals({ kinds: [], uses: ["wrap"] });
    await wallet.approve(approve);
    entries.length = 0;
    expect(await refused(wallet.wrap(usd(1)))).toContain("paused");
    expect((await walletChecks(wallet, ALL)).find(({ id }) => id === "ramp")?.status).toBe("warn");
    await chain.pause("onramp", false);
    expect(await refused(wallet.split(at, shares(11)))).toContain("11 pUSD are needed, the chain has 10");
    expect(await refused(wallet.merge(at, shares(1)))).toContain(
      "shares of outcome 0 are needed, the chain has 0",
    );

    const stingy = await open({
      key,
      limits: { gas: { ...wallet.limits.gas, maxFeePerGas: 20n * GWEI } },
    });
    expect(await refused(stingy.wallet.split(at, shares(1)))).toContain("above the cap of 20 gwei");
    expect([...entries, ...stingy.entries]).toEqual([]);
  });

  test("a key that is not the wallet's, and a wallet that is a contract, are refused at once", async () => {
    await expect(open({ signer: testWallet(0) })).rejects.toMatchObject({ code: "CREDENTIALS_INVALID" });
    const owner = testWallet(900).address as `0x${string}`;
    const funder = testWallet(901).address as `0x${string}`;
    const { wallet } = await open({
      key: testWallet(900),
      parties: { signatureType: 3, wallet: owner, funder },
    });
    const checks = await walletChecks(wallet, ALL);
    expect(checks.find(({ id }) => id === "sender")).toMatchObject({ status: "fail" });
    expect(await wallet.wrap(usd(1))).toMatchObject({ kind: "refused", code: "RELAYER" });
  });

  test("a transaction of somebody else at our nonce: ours never happened, and is told so", async () => {
    const { wallet, key, reports } = await ready();
    const at = await market();
    await chain.automine(false);
    try {
      const { hash, nonce } = await wallet.split(at, shares(2), { wait: "sent", id: "ours" });
      await chain.send("anvil_dropTransaction", [hash]);
      const raw = await key.signTransaction({
        ...{ type: 2, chainId: 137, nonce: nonce!, to: key.address, gasLimit: 21_000n },
        ...{ maxFeePerGas: 900n * GWEI, maxPriorityFeePerGas: 100n * GWEI },
      });
      await chain.send("eth_sendRawTransaction", [raw]);
      await chain.mine();
      // One look says nothing, two do not prove it.
      await wallet.tick();
      await wallet.tick();
      expect(reports.at(-1)).toMatchObject({ intentId: "ours", status: "UNKNOWN" });
      await wallet.tick();
      expect(reports.at(-1)).toMatchObject({ intentId: "ours", status: "REVERTED" });
      expect(reports.at(-1)?.detail).toContain("never executed");
      // And a foreign one that waits keeps us from sending at all.
      const next = await key.signTransaction({
        ...{ type: 2, chainId: 137, nonce: nonce! + 1, to: key.address, gasLimit: 21_000n },
        ...{ maxFeePerGas: 900n * GWEI, maxPriorityFeePerGas: 100n * GWEI },
      });
      await chain.send("eth_sendRawTransaction", [next]);
      expect(await wallet.split(at, shares(2))).toMatchObject({ kind: "refused", code: "FOREIGN" });
    } finally {
      await chain.automine(true);
      await chain.mine();
    }
  });

  test("a restart goes on where the journal stops: nothing is sent twice, nothing is forgotten", async () => {
    const { wallet, key, entries } = await ready();
    const at = await market();
    await chain.automine(false);
    const { hash, nonce } = await wallet.split(at, shares(2), { wait: "sent", id: "before" });
    // The node forgets it too: what was signed is signed again, to the same bytes.
    await chain.send("anvil_dropTransaction", [hash]);
    await chain.automine(true);
    const kept: readonly TxEntry[] = JSON.parse(JSON.stringify(entries));
    const { wallet: next, reports } = await open({
      key,
      journal: { append: () => undefined, entries: kept },
    });
    expect(next.txStatus("before")).toBe("UNKNOWN");
    await until(next, reports, "FINAL");
    expect(reports.map(({ status }) => status)).toEqual(["SENT", "FINAL"]);
    expect(reports.at(-1)).toMatchObject({ hash, nonce });
    expect(await next.split(at, shares(2), { id: "before" })).toMatchObject({
      kind: "final",
      proceeds: usd(-2),
    });
    expect((await chain.balances(key.address, at.tokens)).tokens).toEqual([shares(2), shares(2)]);
  });
});

/** Looks until something was told; the node mines a moment after it answers. */
async function until(
  wallet: WalletChain,
  reports: readonly TxReport[],
  status: TxReport["status"],
): Promise<void> {
  for (let looked = 0; looked < 100 && reports.at(-1)?.status !== status; looked += 1) await wallet.tick();
  expect(reports.at(-1)?.status).toBe(status);
}

function sentNonce(reports: readonly TxReport[]): number | undefined {
  return reports[0]?.nonce;
}
