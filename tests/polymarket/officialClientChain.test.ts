import {
  findAnvil,
  startLocalChain,
  startVenue,
  type LocalChain,
  type RunningVenue,
} from "@matchpoint/paper-venue";
import { Side } from "@polymarket/clob-client-v2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skippedWithout } from "./chainSupport.ts";
import { KEYS, setDelay, trader, until, type Trader } from "./officialSupport.ts";

describe.skipIf(skippedWithout(findAnvil()))("a venue that settles on a chain", () => {
  let chain: LocalChain;
  let venue: RunningVenue;
  let alice: Trader;
  let bob: Trader;
  const errors: unknown[] = [];

  beforeAll(async () => {
    chain = await startLocalChain();
    venue = await startVenue({
      seed: 9,
      chain,
      settlement: { mined_ms: 0, confirmed_ms: 50 },
      onError: (error) => errors.push(error),
    });
    alice = await trader(venue, KEYS[0], 1_000);
    bob = await trader(venue, KEYS[1], 1_000);
    for (const { conditionId } of venue.markets) setDelay(venue, conditionId, 0);
    await venue.idle();
  });
  afterAll(async () => {
    await venue.close();
    await chain.close();
    expect(errors).toEqual([]);
  });

  const market = (index: number) => venue.markets[index]!.tokens[0]!.tokenId;
  const settledAs = async (who: Trader, id: string, status: string) => {
    for (;;) {
      const [trade] = await who.client.getTrades({ id });
      if (trade?.status === status) return trade;
      if (trade?.status === "CONFIRMED" || trade?.status === "FAILED")
        throw new Error(`it is ${trade.status}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** Buys what the venue's makers ask for. */
  const take = async (who: Trader, tokenID: string, size: number) => {
    const { asks } = await who.client.getOrderBook(tokenID);
    const price = Math.min(0.99, Math.round(Number(asks.at(-1)!.price) * 100 + 5) / 100);
    return who.client.createAndPostOrder({ tokenID, side: Side.BUY, price, size });
  };

  test("an order without approvals is refused in the venue's words, and money is as the chain has it", async () => {
    await expect(take(bob, market(1), 10)).rejects.toThrow(
      /not enough balance \/ allowance: the allowance is not enough -> spender: 0xE1111800/,
    );
    expect(await bob.dollars()).toBe(1_000);
    expect((await chain.balances(bob.address)).pusd).toBe(1_000e6);
  });

  test("with them money and shares are the same on the chain and at the venue, also against the venue's own makers", async () => {
    const yes = market(2);
    await chain.approveAll(alice.address);
    const answer = await take(alice, yes, 30);
    expect(answer.status).toBe("matched");
    const trades = answer.tradeIDs!;
    for (const id of trades) await settledAs(alice, id, "CONFIRMED");
    expect(answer.transactionsHashes).toHaveLength(trades.length);
    await until(
      () => venue.venue.exchange.view(alice.address.toLowerCase()).positions()[0]?.settled === 30e6,
    );
    const onChain = await chain.balances(alice.address, [yes]);
    expect(onChain.tokens).toEqual([30e6]);
    expect(onChain.pusd).toBe(Math.round((await alice.dollars()) * 1e6));
    expect(await alice.shares(yes)).toBe(30);
  });
});
