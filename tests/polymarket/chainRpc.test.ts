import {
  CONTRACTS,
  createRpcPool,
  createWalletChain,
  createWsTransport,
  walletChecks,
  type ChainMarketRef,
  type FinalityPolicy,
  type TxEntry,
  type TxReport,
  type WalletChain,
} from "@matchpoint/adapters-polymarket";
import { findAnvil, questionIdOf, startLocalChain, type LocalChain } from "@matchpoint/paper-venue";
import { SystemClock, type Shares } from "@matchpoint/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startLyingNode, type Lie, type LyingNode } from "./chainProxy.ts";
import { POL, skippedWithout, testWallet, usd } from "./chainSupport.ts";

const FIVE = 5_000_000 as Shares;
const ALL = { kinds: ["standard"], uses: ["trade", "split", "merge_redeem"] } as const;

describe.skipIf(skippedWithout(findAnvil()))("nodes that fail, hang and lie", () => {
  let chain: LocalChain;
  let market: ChainMarketRef;
  let nodes: LyingNode[] = [];
  let wallets = 300;

  beforeAll(async () => {
    chain = await startLocalChain();
    market = { ...(await chain.prepareMarket({ questionId: questionIdOf("rpc") })), negRisk: false };
  });
  afterAll(() => chain.close());
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    nodes = [];
  });

  async function open(
    lies: readonly Lie[],
    finality: FinalityPolicy = { kind: "blocks", blocks: 0 },
  ): Promise<{
    wallet: WalletChain;
    entries: TxEntry[];
    reports: TxReport[];
    address: string;
  }> {
    nodes = await Promise.all(lies.map(() => startLyingNode(chain.rpc)));
    for (const [index, node] of nodes.entries()) node.lie = lies[index]!;
    wallets += 1;
    const key = testWallet(wallets);
    const address = key.address as `0x${string}`;
    await chain.fund(address, { pol: POL, pusd: usd(50) });
    await chain.approveAll(address);
    const entries: TxEntry[] = [];
    const reports: TxReport[] = [];
    const wallet = await createWalletChain({
      rpcs: nodes.map(({ url }) => url),
      ...{ chainId: 137, signer: key, transport: createWsTransport(), clock: new SystemClock() },
      parties: { signatureType: 0, wallet: address, funder: address },
      journal: { append: (entry) => void entries.push(entry) },
      limits: { pollMs: 20, finality, rpcTimeoutMs: 1_500 },
    });
    wallet.onReport((report) => reports.push(report));
    return { wallet, entries, reports, address };
  }

  const honest: Lie = () => undefined;
  const silent: Lie = () => "hang";
  /** Says that everyone is a millionaire and everything is allowed. */
  const flattering: Lie = (method) =>
    method === "eth_call" || method === "eth_getBalance"
      ? { result: `0x${(10n ** 30n).toString(16).padStart(64, "0")}` }
      : undefined;
  const elsewhere: Lie = (method) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
  /** Has seen no transaction ever. */
  const blind: Lie = (method) => (/Receipt|ByHash/.test(method) ? { result: null } : undefined);

  test("one liar of three is outvoted, whatever it lies about", async () => {
    for (const lie of [flattering, blind]) {
      const { wallet, address } = await open([lie, honest, honest]);
      expect((await wallet.status()).pusd).toBe(usd(50));
      expect(await wallet.split(market, FIVE)).toMatchObject({ kind: "final", proceeds: usd(-5) });
      expect((await chain.balances(address, market.tokens)).tokens).toEqual([FIVE, FIVE]);
    }
  });

  test("a liar among two stops everything: nothing is signed on the word of one", async () => {
    const { wallet, entries } = await open([flattering, honest]);
    const result = await wallet.split(market, FIVE);
    expect(result).toMatchObject({ kind: "refused", code: "NODES" });
    expect(result.lines[0]).toMatch(/they differ: rpc 1 \(127\.0\.0\.1:\d+\) against rpc 2/);
    expect(entries).toEqual([]);
    expect(await walletChecks(wallet, ALL)).toMatchObject([{ id: "rpc", status: "fail" }]);
  });

  test("one node of three that hangs or answers in HTML is done without; it is told", async () => {
    for (const trouble of [silent, (): string => "html"]) {
      const { wallet } = await open([trouble, honest, honest]);
      expect(await wallet.split(market, FIVE)).toMatchObject({ kind: "final" });
      const rpc = (await walletChecks(wallet, ALL)).find(({ id }) => id === "rpc");
      expect(rpc).toMatchObject({ status: "warn" });
      expect(rpc?.found).toContain("rpc 1");
    }
  });

  test("two of three that hang leave too few: nothing is signed, and it comes back with them", async () => {
    const { wallet, entries } = await open([silent, silent, honest]);
    expect(await wallet.split(market, FIVE)).toMatchObject({ kind: "refused", code: "NODES" });
    expect(entries).toEqual([]);
    for (const node of nodes) node.lie = honest;
    expect(await wallet.split(market, FIVE)).toMatchObject({ kind: "final" });
  });

  test("a node of another chain is asked nothing else; it is checked again when it comes back from a failure", async () => {
    const { wallet } = await open([elsewhere, honest, honest]);
    expect(await wallet.split(market, FIVE)).toMatchObject({ kind: "final" });
    expect(new Set(nodes[0]!.calls)).toEqual(new Set(["eth_chainId"]));
    // It fails, and when it is there again, another stands behind its address.
    nodes[1]!.lie = silent;
    await wallet.status().catch(() => undefined);
    nodes[0]!.lie = honest;
    nodes[1]!.lie = (method) => (method === "eth_chainId" ? { result: "0x1" } : { result: "0x" });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    nodes[1]!.calls.length = 0;
    expect((await wallet.status()).pusd).toBe(usd(45));
    expect(new Set(nodes[1]!.calls)).toEqual(new Set(["eth_chainId"]));
    expect(wallet.rpcs().map(({ state }) => state)).toEqual(["ok", "wrong_chain", "ok"]);
  });

  test("all of another chain: one line says so, and no key of an address is shown", async () => {
    const { wallet } = await open([elsewhere, elsewhere]);
    const checks = await walletChecks(wallet, ALL);
    expect(checks).toMatchObject([
      { id: "chain-id", status: "fail", fix: "use an address of chain 137 (Polygon)" },
    ]);
    expect(checks[0]!.found).toMatch(/it serves chain 1, not 137/);
    for (const lie of [
      silent,
      (): string => "html",
      elsewhere,
      (): object => ({ error: { code: 1, message: "x" } }),
    ]) {
      for (const node of nodes) node.lie = lie;
      const error = (await wallet.status().catch((thrown: unknown) => thrown)) as Error & { cause?: unknown };
      const told = JSON.stringify([error.message, error.stack, String(error.cause), wallet.rpcs()]);
      expect(told).not.toContain("a-secret-key");
      expect(told).toContain("127.0.0.1");
    }
  });

  test("addresses that cannot be are refused before anything is asked, without being quoted", () => {
    const ports = { chainId: 137, transport: createWsTransport(), clock: new SystemClock() } as const;
    const at = "https://node.example/v2/a-secret-key";
    for (const urls of [[], ["not an address a-secret-key"], ["wss://node.example/a-secret-key"], [at, at]])
      expect(() => createRpcPool({ ...ports, urls })).toThrow(/^(?!.*a-secret-key)/s);
    expect(() => createRpcPool({ ...ports, urls: [at], quorum: 2 })).toThrow("2 of 1 nodes cannot agree");
  });

  test("what was taken by a node that then said nothing is unknown, and found by its hash", async () => {
    const { wallet, reports, address } = await open([honest]);
    const node = nodes[0]!;
    node.lie = (method, params) => {
      if (method !== "eth_sendRawTransaction") return undefined;
      node.lie = honest;
      void chain.send(method, params);
      return "hang";
    };
    const sent = await wallet.split(market, FIVE, { wait: "sent" });
    expect(sent.kind).toBe("unknown");
    for (let looked = 0; looked < 50 && reports.at(-1)?.status !== "FINAL"; looked += 1) {
      await wallet.tick();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(reports.map(({ status }) => status)).toEqual(["UNKNOWN", "FINAL"]);
    expect((await chain.balances(address, market.tokens)).tokens).toEqual([FIVE, FIVE]);
  });

  test("finality that has stopped is told at start-up", async () => {
    const { wallet } = await open([honest], { kind: "finalized" });
    const finality = async (): Promise<unknown> =>
      (await walletChecks(wallet, ALL)).find(({ id }) => id === "finality")?.status;
    await chain.mine(100);
    expect(await finality()).toBe("ok");
    nodes[0]!.lie = (method, params) =>
      method === "eth_getBlockByNumber" && params[0] === "finalized"
        ? { result: { number: "0x1", hash: `0x${"11".repeat(32)}` } }
        : undefined;
    expect(await finality()).toBe("warn");
  });

  test("an address without its contract is found at start-up", async () => {
    const { wallet } = await open([
      (method, params) =>
        method === "eth_getCode" && params[0] === CONTRACTS[137].ctfExchange ? { result: "0x" } : undefined,
    ]);
    const found = (await walletChecks(wallet, ALL)).find(({ id }) => id === "contracts");
    expect(found).toMatchObject({ status: "fail", found: `no contract at ${CONTRACTS[137].ctfExchange}` });
  });
});
