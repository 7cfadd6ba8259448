import {
  createChainSettlement,
  createDirectGateway,
  createWalletChain,
  createWsTransport,
  type ChainMarketRef,
} from "@matchpoint/adapters-polymarket";
import { FEE_RECEIVER, findAnvil, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import {
  id,
  LADDER,
  SystemClock,
  type ActionId,
  type ChainAction,
  type ChainReport,
  type ExecutionReport,
  type MarketDescription,
  type MarketId,
  type Price,
  type RunId,
  type Shares,
  type TradeReport,
  type Usdc,
} from "@matchpoint/sdk";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { describe, expect, onTestFinished, test } from "vitest";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { skippedWithout, usd } from "./chainSupport.ts";
import { ADDRESS, apiKey, LIMITS, signerOf, testIntent, WALLET } from "./gatewayStage.ts";
import { KEYS, listen, trader } from "./officialSupport.ts";
import { openPlace, redeem, same, soon, tell } from "./settleSupport.ts";

const USES = { kinds: ["standard"], uses: ["trade", "split", "merge_redeem", "wrap"] } as const;
const RULES = { settlement: { mined_ms: 50 }, onChain: { blockMs: 100, confirmations: 3 } };

/** A bot's wallet and gateway on a venue, as they are in production. */
async function openDesk(venue: RunningVenue, market: MarketDescription) {
  const clock = new SystemClock();
  const transport = createWsTransport();
  const signer = signerOf(() => clock.wall());
  const wallet = await createWalletChain({
    ...{ rpcs: [venue.rpc!], chainId: 137, signer: WALLET, transport, clock, parties: LIMITS.parties },
    limits: { pollMs: 15, finality: { kind: "blocks", blocks: 1 } },
  });
  const gateway = createDirectGateway({
    ...{ transport, clock, signer, parties: LIMITS.parties, chainId: 137, markets: [market] },
    credentials: await apiKey(transport, venue.clob, signer, clock.wall()),
    runId: id<RunId>("settled"),
    url: venue.clob,
    userUrl: venue.wsUser,
  });
  const [yes, no] = market.outcomes;
  const onChain: ChainMarketRef = {
    conditionId: market.marketId,
    tokens: [yes.tokenId, no.tokenId],
    negRisk: false,
  };
  const settlement = createChainSettlement({ wallet, clock, runId: "settled", market: () => onChain });
  const reports: ExecutionReport[] = [];
  const over = new AbortController();
  void (async () => {
    for await (const report of gateway.reports(over.signal)) reports.push(report);
  })();
  const ends = new Map<ActionId, ChainReport>();
  void (async () => {
    for await (const report of settlement.reports(over.signal))
      if (report.status === "FINAL" || report.status === "REVERTED") ends.set(report.actionId, report);
  })();
  wallet.start();
  const does = async (kind: ChainAction["kind"], amounts: readonly [number, number]): Promise<number> => {
    const actionId = id<ActionId>(`${kind}-${ends.size}`);
    const action = { actionId, kind, marketId: market.marketId, amounts: amounts as [Shares, Shares] };
    expect(await settlement.submit(action)).toMatchObject({ kind: "sent" });
    await soon(() => ends.has(actionId));
    expect(ends.get(actionId)).toMatchObject({ status: "FINAL" });
    return ends.get(actionId)!.proceeds!;
  };
  const trades = (): readonly TradeReport[] =>
    reports.flatMap((each) => (each.type === "trade_report" ? [each] : []));
  const close = () => {
    over.abort();
    wallet.stop();
    gateway.close();
  };
  return { wallet, gateway, does, trades, ref: onChain, close };
}

describe.skipIf(skippedWithout(findAnvil()))("a venue that settles on a chain of its own", () => {
  test("a bot wraps, approves, trades both outcomes, merges and redeems: ledger, venue and chain agree", async () => {
    const began = Date.now();
    const errors: unknown[] = [];
    const venue = await startVenue({
      ...{ ...RULES, seed: 11, chain: "anvil", tickChanges: false },
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => venue.close());
    expect(Date.now() - began).toBeLessThan(5_000);
    const place = { venue };
    tell(place, { do: "fund", address: ADDRESS, usd: 500, asset: "usdc.e" });
    const { conditionId } = venue.markets[0]!;
    tell(place, { do: "market", market: conditionId, secondsDelay: 0 });
    await venue.idle();
    const market = venue.venue.market(id<MarketId>(conditionId))!;
    const { wallet, gateway, does, trades, ref, close } = await openDesk(venue, market);

    // Nothing is wrapped or approved yet: the venue says so in its own words.
    const take = async (outcome: 0 | 1, dollars: number) => {
      const [ask] = venue.venue.exchange.book(market.marketId, outcome).asks;
      const limit = (ask!.price + 300) as Price;
      const size = Math.floor((dollars * 1e4) / limit) * 1_000_000;
      const order = gateway.prepare(
        testIntent(market, { outcome, orderType: "FAK", limit, spend: usd(dollars), size: size as Shares }),
        0,
      );
      return gateway.placeOrder(order);
    };
    expect(await take(0, 10)).toMatchObject({ kind: "rejected", code: "ALLOWANCE" });
    const plan = await wallet.planApprovals({ ...USES, allowance: usd(1_000) });
    for (const { kind } of await wallet.approve(plan)) expect(kind).toBe("final");
    expect(await wallet.wrap(usd(400))).toMatchObject({ kind: "final" });
    expect(await gateway.fetchBalances()).toEqual({ collateral: usd(400) });

    expect(await take(0, 30)).toEqual({ kind: "matched" });
    expect(await take(1, 20.5)).toEqual({ kind: "matched" });
    const final = () => trades().filter(({ status }) => status === "CONFIRMED");
    await soon(() => {
      const ids = new Set(trades().map(({ tradeId }) => tradeId));
      return ids.size >= 2 && final().length === ids.size;
    });
    let expected = usd(400);
    const held: [number, number] = [0, 0];
    let fees = 0;
    for (const { cost, fee, size, outcome } of final()) {
      expected = (expected - cost - fee) as Usdc;
      held[outcome] += size;
      fees += fee;
    }
    expect(fees).toBeGreaterThan(0);
    const agree = async () => {
      await venue.idle();
      const status = await wallet.status([ref]);
      expect([status.pusd, ...status.positions[0]!.held]).toEqual([expected, ...held]);
      expect(await gateway.fetchBalances()).toEqual({ collateral: expected });
      expect((await gateway.fetchPositions()).map(({ outcome, settled }) => [outcome, settled])).toEqual(
        held.flatMap((each, outcome) => (each === 0 ? [] : [[outcome, each]])),
      );
    };
    await agree();

    const pairs = Math.min(...held);
    expected = (expected + (await does("merge", [pairs, pairs]))) as Usdc;
    held[0] -= pairs;
    held[1] -= pairs;
    await agree();
    expect(await does("split", [5e6, 5e6])).toBe(-5e6);
    expected = (expected - 5e6) as Usdc;
    held[0] += 5e6;
    held[1] += 5e6;
    await agree();

    const winner = held[0] > held[1] ? 0 : 1;
    const won = held[winner];
    tell(place, { do: "resolve", market: conditionId, outcome: winner });
    await venue.idle();
    const proceeds = await does("redeem", [held[0], held[1]]);
    expect(proceeds).toBe(won);
    expected = (expected + proceeds) as Usdc;
    held.fill(0);
    await agree();
    close();
    expect(errors).toEqual([]);
  });

  test("liquidity of the outside world settles through the house, on a fine grid too; half and half pays both", async () => {
    const clock = new SystemClock();
    const place = await openPlace({ liquidity: "none", seed: 4, clock });
    onTestFinished(() => place.close());
    const { venue, chain } = place;
    const alice = await trader(venue, KEYS[0], 100);
    tell(place, { do: "approve", address: alice.address });
    await venue.idle();
    const [first] = venue.markets;
    const marketId = id<MarketId>(first!.conditionId);
    const tokens = first!.tokens.map(({ tokenId }) => tokenId);
    tell(place, { do: "market", market: marketId, tick: 0.001 });
    const auth = { apiKey: alice.creds.key, secret: alice.creds.secret, passphrase: alice.creds.passphrase };
    const feed = listen(venue.wsUser, { type: "user", auth, markets: [] });
    await feed.opened;
    place.moves.length = 0;
    const confirmed = () =>
      feed.events.filter((each) => each["event_type"] === "trade" && each["status"] === "CONFIRMED").length;
    const outside = (event: object) => {
      venue.venue.observe({
        ...{ marketId, outcome: 0, ...event, at: clock.monotonic(), receivedAt: clock.wall() },
      } as never);
      tell(place, { do: "faults" });
    };
    const levels = [
      LADDER.BID_0,
      6_120,
      80e6,
      LADDER.ASK_0,
      6_370,
      30_123_400,
      LADDER.ASK_0,
      6_510,
      7_777_700,
    ];
    outside({ type: "book_snapshot", levels, synthetic: false });

    // A buy of dollars at prices between cents, a sale, and a resting order that somebody outside sells to.
    const fak = (side: Side, tokenID: string, amount: number) =>
      alice.client.createAndPostMarketOrder({ tokenID, side, amount }, { tickSize: "0.001" }, OrderType.FAK);
    await fak(Side.BUY, tokens[0]!, 19.53);
    await soon(() => confirmed() === 2);
    await same(place, alice.address, tokens);
    await fak(Side.SELL, tokens[0]!, 12.3);
    const bid = { tokenID: tokens[0]!, side: Side.BUY, price: 0.621, size: 40 };
    await alice.client.createAndPostOrder(bid, { tickSize: "0.001" }, OrderType.GTC);
    outside({ type: "market_trade", side: "sell", price: 6_210, size: 13_579_900 });
    await soon(() => confirmed() === 4);
    await same(place, alice.address, tokens);
    expect(await alice.shares(tokens[0]!)).toBeGreaterThan(30);
    expect(place.moves).toEqual([]);

    tell(place, { do: "resolve", market: marketId, outcome: "50-50" });
    await venue.idle();
    const before = await alice.dollars();
    const shares = await alice.shares(tokens[0]!);
    await redeem(place, alice.address, marketId);
    expect(await alice.dollars()).toBeCloseTo(before + shares / 2, 5);
    expect(await alice.shares(tokens[0]!)).toBe(0);
    await same(place, alice.address, tokens);
    expect(place.moves).toHaveLength(2);
    expect((await chain.balances(FEE_RECEIVER)).pusd).toBeGreaterThan(0);
    feed.close();
  });

  test("the program prints the node's address, and takes it with it at SIGINT; without anvil it says so", async () => {
    const bin = join(import.meta.dirname, "../../packages/paper-venue/src/bin.ts");
    const args = ["--conditions=@matchpoint/source", "--no-warnings"];
    const child = spawn(process.execPath, [...args, bin, "--chain", "anvil", "--no-liquidity"]);
    onTestFinished(() => void child.kill("SIGTERM"));
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const ended = once(child, "exit");
    while (!out.includes("\n")) await once(child.stdout, "data");
    const line = JSON.parse(out) as { rpc: string; chainId: number };
    const ask = () =>
      fetch(line.rpc, {
        method: "POST",
        body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
        headers: { "content-type": "application/json" },
      });
    expect(await (await ask()).json()).toMatchObject({ result: "0x89" });
    expect(line.chainId).toBe(137);
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    await expect(ask()).rejects.toThrow();

    const elsewhere = "data:text/javascript,Object.defineProperty(process,'platform',{value:'none'})";
    const without = spawn(process.execPath, [...args, "--import", elsewhere, bin, "--chain", "anvil"], {
      env: { PATH: "" },
    });
    let said = "";
    without.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(without, "close")).toEqual([2, null]);
    expect(said).toMatch(/^error FILE_NOT_FOUND: there is no anvil, .*npm install.*\n$/);
  });
});
