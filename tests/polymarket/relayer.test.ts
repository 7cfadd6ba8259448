import {
  createChainSettlement,
  RELAY_CONTRACTS,
  walletChecks,
  type Address,
  type ChainMarketRef,
  type WalletResult,
} from "@matchpoint/adapters-polymarket";
import { findAnvil, RELAY_ADDRESSES, type ChainMarket } from "@matchpoint/paper-venue";
import {
  id,
  SystemClock,
  type ActionId,
  type ChainReport,
  type MarketId,
  type Shares,
} from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skippedWithout, usd } from "./chainSupport.ts";
import { openRelayed, openYard, type Relayed, type Yard } from "./relayerSupport.ts";

const shares = (amount: number): Shares => Math.round(amount * 1e6) as Shares;
const ALL = { kinds: ["standard"], uses: ["trade", "split", "merge_redeem", "wrap", "unwrap"] } as const;
const KINDS = { 1: "PROXY", 2: "SAFE", 3: "WALLET" } as const;

test("wallets come from the same contracts for the adapter and the venue", () => {
  expect(RELAY_ADDRESSES).toMatchObject(RELAY_CONTRACTS[137]!);
});

describe.skipIf(skippedWithout(findAnvil()))("the relayer on a local chain", () => {
  let yard: Yard;
  beforeAll(async () => {
    yard = await openYard();
  });
  afterAll(() => yard.close());

  /** What the chain has of a wallet, in dollars and shares of a market. */
  async function held({ holder }: Relayed, market: ChainMarket): Promise<readonly number[]> {
    const { usdcE, pusd, tokens } = await yard.chain.balances(holder, market.tokens);
    return [usdcE, pusd, ...tokens].map((each) => each / 1e6);
  }

  /** How many requests of a wallet the chain has carried out. */
  const nonce = async ({ relayer, key }: Relayed, type: 1 | 2 | 3): Promise<number> =>
    Number((await relayer.params(key.address as Address, KINDS[type])).nonce);

  const final = (result: WalletResult | undefined): void => {
    expect(result?.lines.join("\n")).toMatch(/^final/);
  };

  /** A wallet that is made, approved, and has dollars. */
  async function ready(type: 1 | 2 | 3, over: Parameters<typeof openRelayed>[2] = {}): Promise<Relayed> {
    const opened = await openRelayed(yard, type, over);
    await yard.chain.fund(opened.holder, { pusd: usd(100) });
    await opened.wallet.make();
    final((await opened.wallet.approve(await opened.wallet.planApprovals(ALL)))[0]);
    return opened;
  }

  test.each([1, 2, 3] as const)(
    "type %i, from nothing: made, approved, USDC.e to pUSD to pairs and back, redeemed; to the micro-dollar",
    async (type) => {
      const desk = await openRelayed(yard, type, { builder: type === 2 });
      const { wallet, holder, posted } = desk;
      const market = await yard.list();
      await yard.chain.fund(holder, { usdcE: usd(50) });

      const poor = await walletChecks(wallet, ALL);
      expect(poor.filter(({ status }) => status === "fail").map((each) => each.id)).toEqual([
        "collateral",
        "allowances",
      ]);
      // Looking at what would be done does nothing.
      const plan = await wallet.planApprovals(ALL);
      const rehearsed = await wallet.make({ dryRun: true });
      expect(rehearsed.kind).toBe(type === 1 ? "nothing" : "dry_run");
      if (type !== 1)
        expect((await wallet.approve(plan, { dryRun: true }))[0]!.lines[0]).toMatch(/was not made yet/);
      expect(posted).toEqual([]);

      if (type !== 1) final(await wallet.make());
      expect((await wallet.make()).kind).toBe("nothing");
      // All approvals are one request.
      const before = await nonce(desk, type);
      final((await wallet.approve(plan))[0]);
      expect((await nonce(desk, type)) - before).toBe(1);
      final(await wallet.wrap(usd(40)));
      expect(await held(desk, market)).toEqual([10, 40, 0, 0]);
      final(await wallet.split(market, shares(30)));
      expect(await held(desk, market)).toEqual([10, 10, 30, 30]);
      const merged = await wallet.merge(market, shares(12));
      expect(merged).toMatchObject({ kind: "final", proceeds: usd(12) });
      expect(await held(desk, market)).toEqual([10, 22, 18, 18]);
      expect((await wallet.redeem(market)).lines[0]).toMatch(/not resolved/);
      await yard.chain.resolve(market, [0, 1]);
      expect(await wallet.redeem(market)).toMatchObject({ kind: "final", proceeds: usd(18) });
      expect(await held(desk, market)).toEqual([10, 40, 0, 0]);
      final(await wallet.unwrap(usd(40)));
      expect(await held(desk, market)).toEqual([50, 0, 0, 0]);
      expect((await walletChecks(wallet, ALL)).find((each) => each.id === "sender")!.status).toBe("ok");
      // The key needs no gas, and has none.
      expect((await yard.chain.balances(desk.key.address)).pol).toBe(0n);
    },
  );

  test("the run's settlement merges and redeems through it, several at once, and tells what came", async () => {
    const desk = await ready(2);
    const { wallet } = desk;
    const markets = new Map<string, ChainMarketRef & ChainMarket>();
    for (let n = 0; n < 3; n += 1) {
      const market = await yard.list();
      markets.set(market.conditionId, market);
      final(await wallet.split(market, shares(10)));
    }
    const clock = new SystemClock();
    const settlement = createChainSettlement({
      wallet,
      market: (key) => markets.get(key),
      runId: "run",
      clock,
    });
    wallet.start();
    const all = [...markets.keys()];
    const outcomes = await Promise.all(
      all.map((key, n) =>
        settlement.submit({
          ...{ actionId: id<ActionId>(`act-${n}`), kind: "merge", marketId: id<MarketId>(key) },
          amounts: [shares(10), shares(10)],
        }),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(["sent", "sent", "sent"]);
    const over = new AbortController();
    const ends: ChainReport[] = [];
    for await (const report of settlement.reports(over.signal)) {
      if (report.status === "FINAL") ends.push(report);
      if (ends.length === 3) over.abort();
    }
    wallet.stop();
    expect(ends.map(({ proceeds }) => proceeds)).toEqual([usd(10), usd(10), usd(10)]);
    expect((await yard.chain.balances(desk.holder)).pusd).toBe(usd(100));
  });

  test.each([
    ["drop", 2],
    ["hang", 3],
    ["hide", 1],
  ] as const)(
    "an answer lost by %s (type %i) is found again by evidence: done once, asked once",
    async (kind, type) => {
      const desk = await ready(type, { timeoutMs: 300 });
      const market = await yard.list();
      await yard.fault(kind);
      const before = await nonce(desk, type);
      const result = await desk.wallet.split(market, shares(7));
      expect(result).toMatchObject({ kind: "final", proceeds: usd(-7) });
      expect((await nonce(desk, type)) - before).toBe(1);
      expect(desk.reports.map(({ status }) => status)).toContain("UNKNOWN");
      expect(await held(desk, market)).toEqual([0, 93, 7, 7]);
    },
  );

  test("what was lost before the relayer had it leaves its nonce to the next, and only one of the two comes true", async () => {
    const desk = await ready(2, { lostAfterMs: 60 });
    const { wallet } = desk;
    const market = await yard.list();
    await yard.fault("lost");
    const lost = await wallet.split(market, shares(5), { wait: "sent", id: "first" });
    expect(lost.kind).toBe("unknown");
    wallet.start();
    // Not at once: it may yet turn up.
    expect((await wallet.split(market, shares(5), { wait: "sent", id: "second" })).code).toBe("BUSY");
    let next: WalletResult;
    do next = await wallet.split(market, shares(5), { id: "second" });
    while (next.code === "BUSY");
    expect(next).toMatchObject({ kind: "final", proceeds: usd(-5) });
    expect(await held(desk, market)).toEqual([0, 95, 5, 5]);
    await until(() => wallet.txStatus("first") === "REVERTED");
    wallet.stop();
    const first = await wallet.recall("first");
    expect(first!.detail).toMatch(/^never executed/);
  });

  test("what was lost is not unknown for ever: a request that does nothing takes its nonce", async () => {
    const desk = await ready(3, { lostAfterMs: 60 });
    const market = await yard.list();
    await yard.fault("lost");
    const before = await nonce(desk, 3);
    const lost = await desk.wallet.split(market, shares(5));
    expect(lost).toMatchObject({ kind: "reverted", lines: [expect.stringMatching(/never executed/)] });
    expect((await nonce(desk, 3)) - before).toBe(1);
    expect(await held(desk, market)).toEqual([0, 100, 0, 0]);
  });

  test("a relayer that refuses what it takes all the same does not get it twice", async () => {
    const desk = await ready(3);
    const { wallet } = desk;
    const market = await yard.list();
    await yard.fault("refuse_after");
    const refused = await wallet.split(market, shares(4), { id: "one" });
    expect(refused).toMatchObject({ kind: "refused", code: "RELAYER" });
    await until(async () => (await held(desk, market))[2] === 4);
    // Whoever asks again with the same id is told what became of it.
    let again = await wallet.split(market, shares(4), { id: "one" });
    if (again.kind === "refused") again = await wallet.split(market, shares(4), { id: "one" });
    expect(again).toMatchObject({ kind: "final", proceeds: usd(-4) });
    expect(await held(desk, market)).toEqual([0, 96, 4, 4]);
  });

  test("what the relayer gives up, and what reverts, is told as such; the next goes on", async () => {
    const desk = await ready(1);
    const { wallet } = desk;
    const market = await yard.list();
    await yard.fault("state_failed");
    const failed = await wallet.split(market, shares(3));
    expect(failed).toMatchObject({ kind: "reverted" });
    expect(failed.lines[0]).toMatch(/the relayer gave it up \(STATE_FAILED\)/);
    expect(await held(desk, market)).toEqual([0, 100, 0, 0]);
    final(await wallet.split(market, shares(3)));
  });

  test.each([2] as const)(
    "a restart goes on where the journal stops (type %i): nothing twice",
    async (type) => {
      const first = await ready(type);
      const market = await yard.list();
      const sent = await first.wallet.split(market, shares(6), { wait: "sent", id: "once" });
      expect(sent.kind).toBe("sent");
      const second = await openRelayed(yard, type, { key: first.key, kept: first.entries });
      expect(second.wallet.txStatus("once")).toBe("UNKNOWN");
      expect(await second.wallet.split(market, shares(6), { id: "once" })).toMatchObject({
        ...{ kind: "final", proceeds: usd(-6) },
      });
      expect(second.posted).toEqual([]);
      // Cut off before the relayer's name for it was written down: found by its signature.
      const short = first.entries.filter(({ type: each }) => each === "relay_attempt");
      const third = await openRelayed(yard, type, { key: first.key, kept: short });
      third.wallet.start();
      await until(() => third.wallet.txStatus("once") === "FINAL");
      third.wallet.stop();
      expect(third.posted).toEqual([]);
      expect(await held(first, market)).toEqual([0, 94, 6, 6]);
    },
  );

  test("a journal that cannot be written stops everything before it leaves", async () => {
    const desk = await ready(2);
    const market = await yard.list();
    let full = false;
    const other = await openRelayed(yard, 2, {
      key: desk.key,
      kept: desk.entries,
      journal: () => {
        if (full) throw new TypeError("disk full");
      },
    });
    full = true;
    expect(await other.wallet.split(market, shares(1))).toMatchObject({ kind: "refused", code: "JOURNAL" });
    expect(other.posted).toEqual([]);
    expect(await held(desk, market)).toEqual([0, 100, 0, 0]);
  });

  test("a wallet that is not the key's, and keys that the relayer does not know, are refused with what to do", async () => {
    const desk = await openRelayed(yard, 2);
    const stranger = await openRelayed(yard, 2, { key: desk.key });
    expect(stranger.wallet.cannotSend).toBeUndefined();
    const response = await fetch(`${yard.venue.relayer!}/transactions`, {
      headers: { RELAYER_API_KEY: "", RELAYER_API_KEY_ADDRESS: desk.key.address },
    });
    expect(response.status).toBe(401);
  });
});

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 8_000;
  while (!(await what())) {
    if (Date.now() > end) expect.fail("not within 8 s");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
