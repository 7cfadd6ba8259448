import {
  createChainSettlement,
  createWalletChain,
  createWsTransport,
  type ChainMarketRef,
  type TxEntry,
  type WalletChain,
} from "@matchpoint/adapters-polymarket";
import {
  findAnvil,
  questionIdOf,
  startLocalChain,
  type ChainMarket,
  type LocalChain,
} from "@matchpoint/paper-venue";
import {
  id,
  SystemClock,
  type ActionId,
  type ChainAction,
  type ChainReport,
  type MarketId,
  type SettlementAdapter,
  type Shares,
} from "@matchpoint/sdk";
import type { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { officialOrder, openTrader, POL, skippedWithout, testWallet, usd } from "./chainSupport.ts";

const shares = (amount: number): Shares => Math.round(amount * 1e6) as Shares;

describe.skipIf(skippedWithout(findAnvil()))("settlement on a local chain", () => {
  let chain: LocalChain;
  const markets = new Map<string, ChainMarketRef & ChainMarket>();
  let wallets = 500;
  let actions = 0;

  beforeAll(async () => {
    chain = await startLocalChain();
  });
  afterAll(() => chain.close());

  async function list(): Promise<ChainMarketRef & ChainMarket> {
    const made = await chain.prepareMarket({ questionId: questionIdOf(`settled ${markets.size}`) });
    const market = { ...made, negRisk: false };
    markets.set(market.conditionId, market);
    return market;
  }

  interface Desk {
    readonly key: Wallet;
    readonly wallet: WalletChain;
    readonly settlement: SettlementAdapter;
    readonly entries: TxEntry[];
    /** Hands in and waits for the end. */
    done(action: ChainAction): Promise<readonly ChainReport[]>;
  }

  async function open(runId = "run-1", key?: Wallet, kept: readonly TxEntry[] = []): Promise<Desk> {
    if (key === undefined) {
      wallets += 1;
      key = testWallet(wallets);
      await chain.fund(key.address, { pol: POL, pusd: usd(100) });
      await chain.approveAll(key.address);
    }
    const address = key.address as `0x${string}`;
    const clock = new SystemClock();
    const entries: TxEntry[] = [...kept];
    const wallet = await createWalletChain({
      ...{ rpcs: [chain.rpc], chainId: 137, signer: key, transport: createWsTransport(), clock },
      parties: { signatureType: 0, wallet: address, funder: address },
      journal: { append: (entry) => void entries.push(entry), entries: kept },
      limits: { pollMs: 15, finality: { kind: "blocks", blocks: 0 } },
    });
    const settlement = createChainSettlement({ wallet, market: (each) => markets.get(each), runId, clock });
    return {
      ...{ key, wallet, settlement, entries },
      async done(action) {
        const over = new AbortController();
        const reports: ChainReport[] = [];
        const outcome = await settlement.submit(action);
        // After a restart it is unknown until the chain was looked at.
        expect(outcome.kind).not.toBe("refused");
        wallet.start();
        for await (const report of settlement.reports(over.signal)) {
          if (report.actionId !== action.actionId) continue;
          reports.push(report);
          if (report.status === "FINAL" || report.status === "REVERTED") break;
        }
        wallet.stop();
        over.abort();
        return reports;
      },
    };
  }

  function action(
    kind: ChainAction["kind"],
    market: ChainMarketRef,
    first: number,
    second = first,
  ): ChainAction {
    actions += 1;
    const amounts = [shares(first), shares(second)] as const;
    return {
      actionId: id<ActionId>(`chain-${actions}`),
      kind,
      marketId: id<MarketId>(market.conditionId),
      amounts,
    };
  }

  test("what was traded is merged, and the rest redeemed: the dollars told are those that came", async () => {
    const desk = await open();
    const market = await list();
    const maker = await openTrader(chain, 400);
    const me = { key: desk.key, signatureType: 0, address: desk.key.address } as const;
    // Buys both outcomes as a taker: 30 of one at 0.40, 20 of the other at 0.55, with fees.
    for (const [outcome, price, size, fee] of [
      [0, 0.4, 30, 0.36],
      [1, 0.55, 20, 0.2475],
    ] as const) {
      const mine = await officialOrder(me, { tokenId: market.tokens[outcome], side: "BUY", price, size });
      const other = { tokenId: market.tokens[1 - outcome]!, side: "BUY", price: 1 - price, size } as const;
      const settled = await chain.settleTrade({
        conditionId: market.conditionId,
        taker: { order: mine, fill: usd(price * size), fee: usd(fee) },
        makers: [{ order: await officialOrder(maker, other), fill: usd((1 - price) * size), fee: 0 }],
      });
      expect(settled.status).toBe("mined");
    }
    let expected = usd(100) - usd(12) - usd(11) - usd(0.36) - usd(0.2475);
    expect((await desk.wallet.status()).pusd).toBe(expected);

    const merged = await desk.done(action("merge", market, 20));
    expect(merged.map(({ status }) => status)).toEqual(["SENT", ...mined(merged), "FINAL"]);
    expect(merged.at(-1)).toMatchObject({ proceeds: usd(20) });
    expected += merged.at(-1)!.proceeds!;

    const early = await desk.settlement.submit(action("redeem", market, 10, 0));
    expect(early).toMatchObject({
      kind: "refused",
      detail: expect.stringContaining("not resolved on the chain"),
    });
    await chain.resolve(market, [1, 0]);
    const redeemed = await desk.done(action("redeem", market, 10, 0));
    expect(redeemed.at(-1)).toMatchObject({ status: "FINAL", proceeds: usd(10) });
    expected += redeemed.at(-1)!.proceeds!;
    expect(await chain.balances(desk.key.address, market.tokens)).toMatchObject({
      pusd: expected,
      tokens: [0, 0],
    });
  });

  test("a split pays, and a pair is redeemed for a dollar however it ends", async () => {
    const desk = await open();
    const [half, lost] = [await list(), await list()];
    expect((await desk.done(action("split", half, 7))).at(-1)).toMatchObject({ proceeds: usd(-7) });
    await desk.done(action("split", lost, 3));
    await chain.resolve(half, [1, 1]);
    expect((await desk.done(action("redeem", half, 7))).at(-1)).toMatchObject({ proceeds: usd(7) });
    await chain.resolve(lost, [0, 1]);
    expect((await desk.done(action("redeem", lost, 3))).at(-1)).toMatchObject({ proceeds: usd(3) });
  });

  test("the same action is sent once, also by the process after the next; what ended meanwhile is told", async () => {
    const desk = await open("run-a");
    const market = await list();
    const split = action("split", market, 5);
    const both = await Promise.all([desk.settlement.submit(split), desk.settlement.submit(split)]);
    expect(both.map(({ kind }) => kind)).toEqual(["sent", "sent"]);
    // The process ends before it hears of it.
    const next = await open("run-a", desk.key, desk.entries);
    expect((await next.done(split)).at(-1)).toMatchObject({ status: "FINAL", proceeds: usd(-5) });
    const third = await open("run-a", desk.key, next.entries);
    expect((await third.done(split)).at(-1)).toMatchObject({ status: "FINAL", proceeds: usd(-5) });
    expect((await chain.balances(desk.key.address, market.tokens)).tokens).toEqual([shares(5), shares(5)]);
    // The same words in another run are another action.
    const other = await open("run-b", desk.key, third.entries);
    expect((await other.done(split)).at(-1)).toMatchObject({ status: "FINAL" });
    expect((await chain.balances(desk.key.address, market.tokens)).tokens).toEqual([shares(10), shares(10)]);
  });

  test("what the chain does not hold, an unknown market and a closed adapter are refused, and nothing is signed", async () => {
    const desk = await open();
    const market = await list();
    const refused = async (each: ChainAction): Promise<string> => {
      const outcome = await desk.settlement.submit(each);
      expect(outcome.kind).toBe("refused");
      return outcome.kind === "refused" ? outcome.detail : "";
    };
    expect(await refused(action("merge", market, 1))).toContain("are needed, the chain has 0");
    const nowhere = { ...market, conditionId: `0x${"ee".repeat(32)}` };
    expect(await refused(action("split", nowhere, 1))).toContain("is not known to the wallet");
    expect(await refused(action("split", market, 101))).toContain("101 pUSD are needed, the chain has 100");
    await chain.pause("adapter", true);
    expect(await refused(action("split", market, 1))).toContain("OnlyUnpaused");
    await chain.pause("adapter", false);
    expect(desk.entries).toEqual([]);
  });

  test("a signer that fails is an answer, and its nonce is used by the next", async () => {
    const desk = await open();
    const market = await list();
    const sign = desk.key.signTransaction.bind(desk.key);
    desk.key.signTransaction = () => Promise.reject(new Error("locked"));
    const outcome = await desk.settlement.submit(action("split", market, 1));
    expect(outcome).toEqual({ kind: "refused", detail: "the signer did not sign" });
    desk.key.signTransaction = sign;
    expect((await desk.done(action("split", market, 1))).at(-1)).toMatchObject({ proceeds: usd(-1) });
  });

  test("a contract wallet is refused at start-up, with what to do", async () => {
    const key = testWallet(700);
    const [address, funder] = [key.address, testWallet(701).address] as `0x${string}`[];
    const clock = new SystemClock();
    const wallet = await createWalletChain({
      ...{ rpcs: [chain.rpc], chainId: 137, signer: key, transport: createWsTransport(), clock },
      parties: { signatureType: 2, wallet: address!, funder: funder! },
    });
    expect(() => createChainSettlement({ wallet, market: () => undefined, runId: "r", clock })).toThrow(
      /go through Polymarket's relayer\n.*merge, redeem and approve on polymarket\.com/,
    );
  });
});

/** Whether MINED was told depends on when it was looked at. */
function mined(reports: readonly ChainReport[]): string[] {
  return reports.length > 2 ? ["MINED"] : [];
}
