import { FEE_RECEIVER, findAnvil } from "@matchpoint/paper-venue";
import { Chain, ClobClient, OrderType, Side, SignatureTypeV2 } from "@polymarket/clob-client-v2";
import { Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { skippedWithout, testWallet, usd } from "./chainSupport.ts";
import { KEYS, listen, shim, trader, type Trader } from "./officialSupport.ts";
import {
  allow,
  meet,
  openPlace,
  same,
  soon,
  spend,
  story,
  tell,
  type Feed,
  type Place,
} from "./settleSupport.ts";

/** How many blocks a reorganisation takes: a second of them, for machines that are busy between two steps of a test. */
const DEPTH = 8;

describe.skipIf(skippedWithout(findAnvil()))("settlement that goes wrong", () => {
  let place: Place;
  let alice: Trader;
  let bob: Trader;
  let feed: Feed;
  let next = 0;

  beforeAll(async () => {
    const onChain = { blockMs: 130, confirmations: DEPTH + 1, retryMs: 200 };
    place = await openPlace({ liquidity: "none", onChain });
    alice = await trader(place.venue, KEYS[0], 1_000);
    bob = await trader(place.venue, KEYS[1], 1_000);
    for (const { address } of [alice, bob]) tell(place, { do: "approve", address });
    await place.venue.idle();
    const auth = { apiKey: alice.creds.key, secret: alice.creds.secret, passphrase: alice.creds.passphrase };
    feed = listen(place.venue.wsUser, { type: "user", auth, markets: [] });
    await feed.opened;
  });
  afterAll(async () => {
    feed.close();
    await place.close();
  });

  beforeEach(async () => {
    await bob.client.cancelAll();
    for (const { address } of [alice, bob]) await allow(place, address, usd(1e6));
    await place.venue.idle();
    place.moves.length = 0;
  });

  const tokens = (step = 0): [string, string] => {
    next += step;
    const [yes, no] = place.venue.markets[next++]!.tokens;
    return [yes!.tokenId, no!.tokenId];
  };
  const states = (id: string) => story(feed.events, id).states;

  test.each(["before", "after"] as const)(
    "a node that fails %s it has the match leaves nothing MATCHED for ever, and settles nothing twice",
    async (when) => {
      // One market for both: there are as many as there are tests.
      const both = when === "before" ? tokens() : tokens(-1);
      const { chain, errors } = place;
      const settleTrade = chain.settleTrade.bind(chain);
      chain.settleTrade = async (match) => {
        chain.settleTrade = settleTrade;
        if (when === "after") await settleTrade(match);
        throw new TypeError("the node is gone");
      };
      const id = await meet(feed, bob, alice, both, 20);
      await soon(() => states(id).at(-1) === "CONFIRMED");
      expect(states(id)).toEqual(["MATCHED", "MINED", "CONFIRMED"]);
      expect(errors.splice(0).map(String)).toEqual(["TypeError: the node is gone"]);
      expect((await chain.balances(alice.address, both)).tokens).toEqual([
        when === "before" ? 20e6 : 40e6,
        0,
      ]);
      for (const { address } of [alice, bob]) await same(place, address, both);
    },
  );

  test("an allowance revoked after the match: retried, failed, and everybody has what they had", async () => {
    const both = tokens();
    const before = [await alice.dollars(), await bob.dollars()];
    const id = await meet(feed, bob, alice, both, 20);
    await allow(place, alice.address, 0);
    expect(await alice.dollars()).toBe(before[0]);
    await soon(() => states(id).includes("FAILED"));
    expect(states(id)).toEqual(["MATCHED", "RETRYING", "FAILED"]);
    expect((await alice.client.getTrades({ id }))[0]).toMatchObject({
      status: "FAILED",
      err_msg: "ERC20: insufficient allowance",
    });
    for (const hash of story(feed.events, id).hashes.slice(1)) {
      const receipt = await place.chain.send<{ status: string }>("eth_getTransactionReceipt", [hash]);
      expect(receipt.status).toBe("0x0");
    }
    expect([await alice.dollars(), await bob.dollars()]).toEqual(before);
    await same(place, alice.address, both);
    await same(place, bob.address, both);
    expect(place.moves).toEqual([]);
    await expect(meet(feed, bob, alice, both, 20)).rejects.toThrow(/the allowance is not enough/);
  });

  test("an allowance given back in time: retried, mined, confirmed", async () => {
    const both = tokens();
    const id = await meet(feed, bob, alice, both, 20);
    await allow(place, bob.address, 0);
    await soon(() => states(id).includes("RETRYING"));
    await allow(place, bob.address, usd(1e6));
    await soon(() => states(id).includes("CONFIRMED"));
    expect(states(id)).toEqual(["MATCHED", "RETRYING", "MINED", "CONFIRMED"]);
    await same(place, alice.address, both);
    await same(place, bob.address, both);
    expect(await alice.shares(both[0])).toBe(20);
    expect(place.moves).toEqual([]);
  });

  test("dollars that are sent away are gone here too, with the orders that they backed", async () => {
    const both = tokens();
    const resting = await bob.client.createAndPostOrder(
      { tokenID: both[0], side: Side.BUY, price: 0.5, size: 100 },
      { tickSize: "0.01", negRisk: false },
      OrderType.GTC,
    );
    const has = await bob.dollars();
    await spend(place, bob.address, usd(has - 20));
    expect(await bob.dollars()).toBe(20);
    expect(await bob.client.getOrder((resting as { orderID: string }).orderID)).toMatchObject({
      status: "INVALID",
    });
    await place.chain.fund(bob.address, { pusd: usd(900) });
    expect(await bob.dollars()).toBe(920);
  });

  test("a ghost fill on demand is a transaction that reverts", async () => {
    const both = tokens();
    const before = await alice.dollars();
    tell(place, { do: "fault", kind: "ghost_fill", count: 1 });
    const id = await meet(feed, bob, alice, both, 10);
    await soon(() => states(id).includes("FAILED"));
    expect(states(id)).toEqual(["MATCHED", "FAILED"]);
    expect(await alice.dollars()).toBe(before);
    const again = await meet(feed, bob, alice, both, 10);
    await soon(() => states(again).includes("CONFIRMED"));
    await same(place, alice.address, both);
  });

  test("a reorganisation that drops a match: sent again at once, or void, and the same here as there", async () => {
    const both = tokens();
    for (const resend of [true, false]) {
      const before = await alice.dollars();
      const id = await meet(feed, bob, alice, both, 10);
      await soon(() => states(id).includes("MINED"));
      tell(place, { do: "reorg", depth: DEPTH, resend });
      const end = resend ? "CONFIRMED" : "FAILED";
      await soon(() => states(id).includes(end));
      const told = states(id);
      expect(told.filter((state, i) => state !== told[i - 1])).toEqual(["MATCHED", "MINED", end]);
      // Sent again and in a block before the venue looked, it was never seen to be away.
      const unseen = resend && told.length === 3;
      const { hashes } = story(feed.events, id);
      if (!unseen) expect(new Set(hashes.slice(1)).size).toBe(resend ? 2 : 1);
      await same(place, alice.address, both);
      await same(place, bob.address, both);
      if (!resend) expect(await alice.dollars()).toBe(before);
    }
    // Nobody asked for this one.
    const id = await meet(feed, bob, alice, both, 10);
    await soon(() => states(id).includes("MINED"));
    await place.chain.reorg(DEPTH);
    await soon(() => states(id).includes("CONFIRMED"));
    await same(place, alice.address, both);
    expect(await alice.shares(both[0])).toBe(20);

    // Both sell what they have of it: the pairs are dissolved.
    const sell = (who: Trader, tokenID: string, price: number) =>
      who.client.createAndPostOrder(
        { tokenID, side: Side.SELL, price, size: 15.5 },
        undefined,
        OrderType.GTC,
      );
    await sell(bob, both[1], 0.5);
    await sell(alice, both[0], 0.4);
    await same(place, alice.address, both);
    await same(place, bob.address, both);
    expect([await alice.shares(both[0]), await bob.shares(both[1])]).toEqual([4.5, 4.5]);
    expect(place.moves).toEqual([]);
  });

  test.each(["balances", "logs"] as const)(
    "a chain that is reorganised while its %s are read: a branch that is lost is not believed",
    async (what) => {
      const both = tokens(what === "logs" ? -1 : 0);
      const { send } = place.chain;
      let touched = false;
      let reorganised = false;
      // One is reorganised between two answers, the other has become shorter than what is asked of it.
      const lose = async (): Promise<void> => {
        reorganised = true;
        if (what === "balances") await place.chain.reorg(DEPTH);
        else await send("anvil_rollback", [DEPTH]);
      };
      Object.assign(place.chain, {
        send: async (method: string, params: readonly unknown[]): Promise<unknown> => {
          const hit = what === "balances" ? touched && method === "eth_call" : method === "eth_getLogs";
          if (hit && !reorganised) await lose();
          const answer = await send(method, params);
          touched ||= method === "eth_getLogs" && (answer as readonly unknown[]).length > 0;
          return answer;
        },
      });
      try {
        const id = await meet(feed, bob, alice, both, 10);
        await soon(() => reorganised && states(id).includes("CONFIRMED"));
      } finally {
        Object.assign(place.chain, { send });
      }
      await same(place, alice.address, both);
      await same(place, bob.address, both);
      expect(place.moves).toEqual([]);
      expect(place.errors).toEqual([]);
    },
  );

  test.each([
    ["proxy", 1, SignatureTypeV2.POLY_PROXY],
    ["Safe", 2, SignatureTypeV2.POLY_GNOSIS_SAFE],
    ["deposit wallet", 3, SignatureTypeV2.POLY_1271],
  ])(
    "an order of a %s settles by its owner's signature, one that was not linked is refused",
    async (_, type, signatureType) => {
      const both = tokens();
      const owner = testWallet(40 + type);
      const wallet = testWallet(1_040 + type).address;
      const stranger = testWallet(1_060 + type).address;
      tell(place, { do: "link", owner: owner.address, signatureType: type, wallet });
      tell(place, { do: "fund", address: wallet, usd: 100 });
      tell(place, { do: "approve", address: wallet });
      const base = {
        host: place.venue.clob,
        chain: Chain.POLYGON,
        signer: shim(new Wallet(owner.privateKey)),
      };
      const creds = await new ClobClient(base).createOrDeriveApiKey();
      const of = (funderAddress: string) =>
        new ClobClient({
          ...{ ...base, creds, funderAddress, throwOnError: true },
          signatureType,
        });
      const depositor = { ...bob, client: of(wallet), address: wallet };
      const fees = (await place.chain.balances(FEE_RECEIVER)).pusd;
      const id = await meet(feed, alice, depositor, both, 20);
      await soon(() => states(id).includes("MINED"));
      await same(place, wallet, both);
      const { pusd, tokens: held } = await place.chain.balances(wallet, both);
      expect(held).toEqual([20e6, 0]);
      const fee = (await place.chain.balances(FEE_RECEIVER)).pusd - fees;
      expect(fee).toBeGreaterThan(0);
      expect(pusd).toBe(usd(100) - usd(9) - fee);
      await expect(meet(feed, alice, { ...depositor, client: of(stranger) }, both, 20)).rejects.toThrow(
        /maker address not allowed|signer/,
      );
    },
  );
});
