import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultWorld, startVenue, type ChainEffect, type ChainHoldings } from "../src/index.ts";
import { chainListings, settlerRules } from "../src/settle/rules.ts";
import { ALICE, BOB, Desk, EXCHANGE, START, type Account } from "./support.ts";

type Settle = Extract<ChainEffect, { kind: "settle" }>;

interface Holder {
  dollars: number;
  shares: Map<string, number>;
}

/** A chain as one would write it on paper: what matches and wallets do to it, and nothing of the venue's own figures. */
class Ledger {
  readonly desk: Desk;
  readonly holders = new Map<string, Holder>();
  readonly mined: Settle[] = [];
  #read = 0;
  readonly waiting: Settle[] = [];

  constructor(desk: Desk) {
    this.desk = desk;
  }

  of(address: string): Holder {
    const key = address.toLowerCase();
    const found = this.holders.get(key) ?? { dollars: 0, shares: new Map<string, number>() };
    this.holders.set(key, found);
    return found;
  }

  /** Takes what the venue asks for. */
  hear(): void {
    this.desk.pass(0);
    for (const each of this.desk.effects.slice(this.#read)) {
      if (each.kind === "settle") this.waiting.push(each);
      if (each.kind === "fund" && !each.own) this.of(each.address).dollars += each.dollars;
    }
    this.#read = this.desk.effects.length;
  }

  /** Buys only: the taker's and the makers' shares come of the prices in the orders themselves. */
  apply({ match: { taker, makers } }: Settle, sign: 1 | -1): void {
    let paid = taker.fill;
    let made = 0;
    for (const { order, fill } of makers) {
      const shares = (fill * Number(order.takerAmount)) / Number(order.makerAmount);
      this.#move(order.maker, -sign * fill, order.tokenId, sign * shares);
      paid += fill;
      made += shares;
    }
    expect(paid).toBe(made);
    this.#move(taker.order.maker, -sign * (taker.fill + taker.fee), taker.order.tokenId, sign * made);
  }

  tell(tradeId: string, status: "MINED" | "RETRYING" | "FAILED" | "CONFIRMED"): boolean {
    return this.desk.venue.settled(tradeId, { status, transactionHash: `0x${tradeId}` }, this.desk.at);
  }

  look(address: string): void {
    const { dollars, shares } = this.of(address);
    const rich = new Map([[EXCHANGE.toLowerCase(), 10n ** 30n]]);
    const holdings: ChainHoldings = {
      address: address.toLowerCase(),
      dollars,
      shares,
      allowances: rich,
      operators: new Map([[EXCHANGE.toLowerCase(), true]]),
    };
    this.desk.venue.holds(holdings, this.desk.at);
    this.desk.pass(0);
  }

  #move(address: string, dollars: number, token: string, shares: number): void {
    const holder = this.of(address);
    holder.dollars += dollars;
    holder.shares.set(token, (holder.shares.get(token) ?? 0) + shares);
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("match" as const), size: fc.integer({ min: 5, max: 40 }) }),
  fc.record({ kind: fc.constantFrom("mine", "retry", "fail", "drop", "confirm", "look") }),
  fc.record({ kind: fc.constant("deed" as const), dollars: fc.integer({ min: -90, max: 90 }) }),
);

describe("the fold of a venue that settles on a chain", () => {
  test("counts nothing twice: whatever is matched, mined, dropped and moved in between, it has what the chain has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const desk = new Desk({ settlesOnChain: true, settlement: { mined_ms: 0 } });
        const ledger = new Ledger(desk);
        const [alice, bob] = [await desk.account(ALICE), await desk.account(BOB)];
        const both = [alice, bob].map(({ wallet }) => wallet.address);
        const { yes, no } = desk.market();
        ledger.hear();
        for (const each of both) ledger.look(each);
        let deeds = 0;
        const { exchange } = desk.venue;
        const transfer = exchange.transfer.bind(exchange);
        exchange.transfer = (...args) => {
          deeds--;
          transfer(...args);
        };
        const balance = (who: Account): number =>
          Number(who.get("/balance-allowance?asset_type=COLLATERAL").balance);
        for (const each of steps) {
          if (each.kind === "match") {
            const { size } = each as { size: number };
            await bob.place({ token: no, price: 0.55, size });
            await alice.place({ token: yes, price: 0.46, size });
            bob.ask("DELETE", "/cancel-all");
            alice.ask("DELETE", "/cancel-all");
          } else if (each.kind === "deed") {
            const moved = (each as { dollars: number }).dollars * 1e6;
            ledger.of(both[0]!).dollars += moved;
            if (moved !== 0) deeds++;
            ledger.look(both[0]!);
          } else if (each.kind === "mine" || each.kind === "fail") {
            const next = ledger.waiting.shift();
            if (next === undefined) continue;
            if (each.kind === "mine") ledger.apply(next, 1);
            if (each.kind === "mine") ledger.mined.push(next);
            expect(ledger.tell(next.tradeId, each.kind === "mine" ? "MINED" : "FAILED")).toBe(true);
          } else if (each.kind === "retry") {
            if (ledger.waiting[0] !== undefined) ledger.tell(ledger.waiting[0].tradeId, "RETRYING");
          } else if (each.kind === "drop" || each.kind === "confirm") {
            const last = ledger.mined.pop();
            if (last === undefined) continue;
            if (each.kind === "drop") ledger.apply(last, -1);
            expect(ledger.tell(last.tradeId, each.kind === "drop" ? "FAILED" : "CONFIRMED")).toBe(true);
          } else {
            for (const address of both) ledger.look(address);
          }
          ledger.hear();
          expect([alice, bob].map(balance)).toEqual(both.map((address) => ledger.of(address).dollars));
        }
        for (const next of ledger.waiting) ledger.tell(next.tradeId, "FAILED");
        for (const address of both) ledger.look(address);
        for (const address of both) {
          const view = exchange.view(address.toLowerCase());
          const { dollars, shares } = ledger.of(address);
          expect(view.balances().collateral).toBe(dollars);
          const [first, second] = [yes, no].map((token) => shares.get(token) ?? 0);
          const held = (outcome: number) => view.positions().find((p) => p.outcome === outcome)?.matched ?? 0;
          expect([held(0), held(1)]).toEqual([first, second]);
        }
        expect(deeds).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test("gives nobody anything by itself: dollars and approvals are asked of the chain", async () => {
    const desk = new Desk({ settlesOnChain: true });
    const alice = await desk.account(ALICE, 5);
    expect(desk.venue.exchange.view(ALICE.address.toLowerCase()).balances().collateral).toBe(0);
    const asked = desk.effects.filter(({ kind }) => kind === "fund" || kind === "watch");
    expect(asked).toMatchObject([
      { kind: "fund", own: true },
      { kind: "watch", address: ALICE.address.toLowerCase() },
      { kind: "fund", dollars: 5e6, own: false, raw: false },
    ]);
    const refusal = await alice.place({ price: 0.4, size: 10 });
    expect(refusal.body.error).toBe(
      `not enough balance / allowance: the allowance is not enough -> spender: ${EXCHANGE}, allowance: 0`,
    );
    expect(alice.get("/balance-allowance?asset_type=COLLATERAL")).toMatchObject({
      balance: "0",
      allowances: { [EXCHANGE]: "0" },
    });
  });

  test("commands that make no sense there are refused, and those of a chain where there is none", () => {
    const desk = new Desk({ settlesOnChain: true });
    const address = ALICE.address;
    const market = desk.market().id;
    for (const command of [
      { do: "allowance", address, spender: EXCHANGE, amount: "1" },
      { do: "chain", address, kind: "split", market, shares: "1" },
      { do: "reorg", depth: 0 },
      { do: "reorg", depth: 1e9 },
      { do: "fund", address, usd: 1, asset: "gold" },
    ])
      expect(desk.admin(command)).toMatchObject({ ok: false });
    for (const command of [
      { do: "approve", address },
      { do: "reorg", depth: 1 },
      { do: "fund", address, usd: 1, asset: "usdc.e" },
    ])
      expect(new Desk().admin(command)).toMatchObject({ ok: false });
    expect(desk.venue.settled("no such trade", { status: "MINED" }, desk.at)).toBe(false);
  });
});

describe("what a chain cannot do is refused before it starts", () => {
  const world = defaultWorld({ seed: 1, wallStart: START });

  test.each([
    [{ chainId: 80002 }, /chainId is 80002/],
    [{ settlementFaults: { trade_fail: 0.1 } }, /settlementFaults/],
    [{ onChain: { blockMs: 0 } }, /blockMs is 0/],
    [{ onChain: { confirmations: 1.5 } }, /confirmations is 1.5/],
    [{ onChain: { retries: -1 } }, /retries is -1/],
    [{ markets: world.map((each) => ({ ...each, version: "v2" as const })) }, /exchange V3/],
    [
      { markets: [{ ...world[0]!, description: { ...world[0]!.description, marketId: "0x5f65" as never } }] },
      /other tokens than its condition/,
    ],
  ] as const)("%j", async (options, text) => {
    await expect(startVenue({ seed: 1, chain: "anvil", ...(options as object) })).rejects.toThrow(text);
  });

  test("confirmations follow from the times, and the default world is one of the chain's", () => {
    const venue = { seed: 1 };
    expect(settlerRules({}, venue)).toEqual({ blockMs: 2_000, confirmations: 4, retries: 1, retryMs: 1_000 });
    const settlement = { mined_ms: 500, confirmed_ms: 400 };
    expect(settlerRules({ blockMs: 10 }, { ...venue, settlement })).toMatchObject({ confirmations: 1 });
    expect(chainListings(world)).toHaveLength(world.length);
  });
});
