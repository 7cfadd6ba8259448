import {
  CHAIN_ADDRESSES,
  FEE_RECEIVER,
  findAnvil,
  questionIdOf,
  startLocalChain,
  type ChainMarket,
  type LocalChain,
} from "@matchpoint/paper-venue";
import { Interface } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { officialOrder, openTrader, skippedWithout, usd, type Trader } from "./chainSupport.ts";

const ADAPTER = new Interface([
  "function splitPosition(address, bytes32, bytes32, uint256[], uint256)",
  "function setApprovalForAll(address, bool)",
]);
const ZERO = `0x${"0".repeat(64)}`;

describe.skipIf(skippedWithout(findAnvil()))("the exchange on a local chain", () => {
  let chain: LocalChain;
  let market: ChainMarket;
  let alice: Trader;
  let bob: Trader;
  let safe: Trader;
  let deposit: Trader;

  beforeAll(async () => {
    chain = await startLocalChain();
    market = await chain.prepareMarket({ questionId: questionIdOf("Who wins?") });
    alice = await openTrader(chain, 1);
    bob = await openTrader(chain, 2);
    safe = await openTrader(chain, 3, 2);
    deposit = await openTrader(chain, 4, 3);
  });
  afterAll(() => chain.close());

  const holdings = async (who: Trader): Promise<readonly number[]> => {
    const { pusd, tokens } = await chain.balances(who.address, market.tokens);
    return [pusd, ...tokens];
  };

  test("two buys of both outcomes mint a pair; better prices are the taker's, the fee is on top", async () => {
    const [yes, no] = market.tokens;
    const maker = await officialOrder(bob, { tokenId: no, side: "BUY", price: 0.55, size: 100 });
    const taker = await officialOrder(alice, { tokenId: yes, side: "BUY", price: 0.5, size: 40 });
    const before = [await holdings(alice), await holdings(bob)];
    const settled = await chain.settleTrade({
      conditionId: market.conditionId,
      taker: { order: taker, fill: usd(0.45 * 40), fee: usd(0.495) },
      makers: [{ order: maker, fill: usd(0.55 * 40), fee: 0 }],
    });
    expect(settled).toMatchObject({ status: "mined" });
    const after = [await holdings(alice), await holdings(bob)];
    expect(after[0]).toEqual([before[0]![0]! - usd(18) - usd(0.495), 40e6, 0]);
    expect(after[1]).toEqual([before[1]![0]! - usd(22), 0, 40e6]);
    expect((await chain.balances(FEE_RECEIVER)).pusd).toBe(usd(0.495));
    expect((await chain.balances(CHAIN_ADDRESSES.ctfExchange, market.tokens)).tokens).toEqual([0, 0]);
  });

  test("a buy meets a sell, and sells of both outcomes merge a pair", async () => {
    const [yes, no] = market.tokens;
    // Alice sells 10 of hers to the deposit wallet, whose owner signed for it.
    const bid = await officialOrder(deposit, { tokenId: yes, side: "BUY", price: 0.6, size: 10 });
    const ask = await officialOrder(alice, { tokenId: yes, side: "SELL", price: 0.6, size: 10 });
    const sold = await chain.settleTrade({
      conditionId: market.conditionId,
      taker: { order: ask, fill: 10e6, fee: usd(0.12) },
      makers: [{ order: bid, fill: usd(6), fee: 0 }],
    });
    expect(sold).toMatchObject({ status: "mined" });
    expect(await holdings(deposit)).toEqual([usd(994), 10e6, 0]);
    expect((await holdings(alice))[1]).toBe(30e6);

    const sell = await officialOrder(deposit, { tokenId: yes, side: "SELL", price: 0.3, size: 10 });
    const other = await officialOrder(bob, { tokenId: no, side: "SELL", price: 0.4, size: 10 });
    const bobBefore = (await holdings(bob))[0]!;
    const merged = await chain.settleTrade({
      conditionId: market.conditionId,
      taker: { order: sell, fill: 10e6, fee: 0 },
      makers: [{ order: other, fill: 10e6, fee: 0 }],
    });
    expect(merged).toMatchObject({ status: "mined" });
    expect(await holdings(deposit)).toEqual([usd(1_000), 0, 0]);
    expect(await holdings(bob)).toEqual([bobBefore + usd(4), 0, 30e6]);
    // Every dollar of pUSD is backed by one of USDC.e.
    const { usdcE } = await chain.balances(CHAIN_ADDRESSES.collateral);
    expect(usdcE + 30e6).toBe(usd(4_000));
  });

  test("one taker meets several makers, of which one is a Safe that its owner signed for", async () => {
    const [yes, no] = market.tokens;
    const first = await officialOrder(safe, { tokenId: no, side: "BUY", price: 0.3, size: 5 });
    const second = await officialOrder(alice, { tokenId: yes, side: "SELL", price: 0.71, size: 5 });
    const taker = await officialOrder(bob, { tokenId: yes, side: "BUY", price: 0.72, size: 10 });
    const settled = await chain.settleTrade({
      conditionId: market.conditionId,
      taker: { order: taker, fill: usd(0.7 * 5 + 0.71 * 5), fee: 0 },
      makers: [
        { order: first, fill: usd(1.5), fee: 0 },
        { order: second, fill: 5e6, fee: 0 },
      ],
    });
    // 7.05 dollars at 0.72 are 9.79 shares: more than that came, and all of it is the taker's.
    expect(settled).toMatchObject({ status: "mined" });
    expect((await holdings(bob))[1]).toBe(10e6);
    expect(await holdings(safe)).toEqual([usd(998.5), 0, 5e6]);
  });

  test("what must not settle reverts with the exchange's own word", async () => {
    const [yes, no] = market.tokens;
    const bid = await officialOrder(bob, { tokenId: no, side: "BUY", price: 0.4, size: 10 });
    const cheap = await officialOrder(alice, { tokenId: yes, side: "BUY", price: 0.59, size: 10 });
    const good = await officialOrder(alice, { tokenId: yes, side: "BUY", price: 0.6, size: 10 });
    const fill = (order: typeof bid, amount: number, over: object = {}) => ({
      order: { ...order, ...over },
      fill: amount,
      fee: 0,
    });
    const settle = async (taker: ReturnType<typeof fill>, maker: ReturnType<typeof fill>, negRisk = false) =>
      (await chain.settleTrade({ conditionId: market.conditionId, negRisk, taker, makers: [maker] })).reason;

    expect(await settle(fill(cheap, usd(5.9)), fill(bid, usd(4)))).toBe("NotCrossing");
    expect(await settle(fill(good, usd(6)), fill(bid, usd(4), { salt: 7 }))).toBe("InvalidSignature");
    expect(await settle(fill(good, usd(6), { maker: bob.address }), fill(bid, usd(4)))).toBe(
      "InvalidSignature",
    );
    expect(await settle(fill(good, usd(6)), fill(bid, usd(4)), true)).toBe("InvalidSignature");
    expect(await settle(fill(good, usd(6.01)), fill(bid, usd(4)))).toBe("MakingGtRemaining");
    // The difference to ours comes in the taker's fill: too little of it and no pair can be minted.
    expect(await settle(fill(good, usd(5.99)), fill(bid, usd(4)))).toContain("exceeds balance");
    const wallet = await officialOrder(deposit, { tokenId: no, side: "BUY", price: 0.4, size: 10 });
    const stranger = `0x${"11".repeat(65)}${wallet.signature.slice(132)}`;
    expect(await settle(fill(good, usd(6)), fill(wallet, usd(4), { signature: stranger }))).toBe(
      "InvalidSignature",
    );

    expect(await settle(fill(good, usd(6)), fill(bid, usd(4)))).toBeUndefined();
    expect(await settle(fill(good, usd(6)), fill(bid, usd(4)))).toBe("OrderAlreadyFilled");
  });

  test("who lacks dollars, tokens or an allowance makes the match revert, and nothing moves", async () => {
    const [yes, no] = market.tokens;
    const poor = await openTrader(chain, 5, 0, usd(1));
    const bid = await officialOrder(poor, { tokenId: yes, side: "BUY", price: 0.5, size: 10 });
    const maker = await officialOrder(bob, { tokenId: no, side: "BUY", price: 0.5, size: 10 });
    const match = {
      conditionId: market.conditionId,
      taker: { order: bid, fill: usd(5), fee: 0 },
      makers: [{ order: maker, fill: usd(5), fee: 0 }],
    };
    const before = await holdings(bob);
    expect((await chain.settleTrade(match)).reason).toBe("ERC20: transfer amount exceeds balance");
    await chain.fund(poor.address, { pusd: usd(10) });
    const revoke = ADAPTER.encodeFunctionData("setApprovalForAll", [CHAIN_ADDRESSES.ctfExchange, false]);
    await chain.sendAs(bob.address, CHAIN_ADDRESSES.conditionalTokens, revoke);
    const sell = await officialOrder(bob, { tokenId: yes, side: "SELL", price: 0.5, size: 5 });
    const selling = { ...match, makers: [{ order: sell, fill: 5e6, fee: 0 }] };
    expect((await chain.settleTrade(selling)).reason).toContain("need operator approval");
    expect(await holdings(bob)).toEqual(before);
    expect(await chain.settleTrade(match)).toMatchObject({ status: "mined" });
  });

  test("trading and the adapter can be paused", async () => {
    await chain.pause("adapter", true);
    const [yes, no] = market.tokens;
    const taker = await officialOrder(alice, { tokenId: yes, side: "BUY", price: 0.5, size: 5 });
    const maker = await officialOrder(bob, { tokenId: no, side: "BUY", price: 0.5, size: 5 });
    const match = {
      conditionId: market.conditionId,
      taker: { order: taker, fill: usd(2.5), fee: 0 },
      makers: [{ order: maker, fill: usd(2.5), fee: 0 }],
    };
    expect((await chain.settleTrade(match)).reason).toBe("OnlyUnpaused");
    await chain.pause("adapter", false);
    await chain.pause("exchange", true);
    expect((await chain.settleTrade(match)).reason).toBe("PausedTrading");
    await chain.pause("exchange", false);
    expect(await chain.settleTrade(match)).toMatchObject({ status: "mined" });
  });

  test("a neg-risk order is for the other exchange; a condition from elsewhere can be traded and resolved", async () => {
    const conditionId = "0xc7aaca82ff20c6d864d9a6ca5584f2d2f48855be2a757367bffe61aa1ce0e724";
    const real = await chain.prepareMarket({ conditionId });
    const order = { price: 0.5, size: 8, side: "BUY", negRisk: true } as const;
    const taker = await officialOrder(alice, { ...order, tokenId: real.tokens[0] });
    const maker = await officialOrder(deposit, { ...order, tokenId: real.tokens[1] });
    const settled = await chain.settleTrade({
      conditionId,
      negRisk: true,
      taker: { order: taker, fill: usd(4), fee: 0 },
      makers: [{ order: maker, fill: usd(4), fee: 0 }],
    });
    expect(settled).toMatchObject({ status: "mined" });
    expect((await chain.balances(deposit.address, real.tokens)).tokens).toEqual([0, 8e6]);
    await chain.resolve(real, [0, 1]);
    const redeem = new Interface(["function redeemPositions(address, bytes32, bytes32, uint256[])"]);
    const before = (await chain.balances(deposit.address)).pusd;
    const data = redeem.encodeFunctionData("redeemPositions", [
      CHAIN_ADDRESSES.collateral,
      ZERO,
      conditionId,
      [1, 2],
    ]);
    await chain.sendAs(deposit.address, CHAIN_ADDRESSES.ctfCollateralAdapter, data);
    expect((await chain.balances(deposit.address)).pusd).toBe(before + usd(8));
  });

  test("a reorganisation undoes what it takes away", async () => {
    const before = await holdings(alice);
    const data = ADAPTER.encodeFunctionData("splitPosition", [
      CHAIN_ADDRESSES.collateral,
      ZERO,
      market.conditionId,
      [1, 2],
      usd(3),
    ]);
    expect(await chain.sendAs(alice.address, CHAIN_ADDRESSES.ctfCollateralAdapter, data)).toMatchObject({
      status: "mined",
    });
    expect(await holdings(alice)).not.toEqual(before);
    await chain.reorg(1);
    expect(await holdings(alice)).toEqual(before);
  });
});
