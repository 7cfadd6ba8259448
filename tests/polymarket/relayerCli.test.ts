import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deriveWallets, RELAY_CONTRACTS, type Address } from "@matchpoint/adapters-polymarket";
import { findAnvil, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { walletCommand, type WalletFlags } from "../../packages/cli/src/commands/wallet.ts";
import { Environment } from "../../packages/cli/src/secrets/index.ts";
import type { Io } from "../../packages/cli/src/io.ts";

// The first account of every local test chain, and the deposit wallet that it has.
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const OWNER: Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const WALLET = deriveWallets(OWNER, 3, RELAY_CONTRACTS[137]!)[0]!;
const RELAYER_KEY = "0190b317-a1d3-7bec-9b91-canary000001";

describe.skipIf(findAnvil() === undefined)("a deposit wallet's commands", () => {
  let venue: RunningVenue;
  let folder: string;
  let config: string;
  let market: string;

  beforeAll(async () => {
    venue = await startVenue({ seed: 21, chain: "anvil", liquidity: "none", tickChanges: false });
    venue.command({ do: "fund", address: WALLET, usd: 50, asset: "usdc.e" });
    await venue.idle();
    folder = mkdtempSync(join(tmpdir(), "matchpoint-relayer-"));
    const [listed] = venue.markets;
    market = listed!.conditionId;
    const outcomes = listed!.tokens.map(
      ({ tokenId, outcome }) => `{ token: "${tokenId}", name: "${outcome}" }`,
    );
    config = join(folder, "bot.yaml");
    writeFileSync(
      config,
      `
mode: live
strategies: []
markets:
  - { id: "${market}", title: "a market", outcomes: [${outcomes.join(", ")}] }
journal: { dir: "${folder}" }
execution: { signature_type: 3, funder: "${WALLET}", clob_url: "${venue.clob}", user_url: "${venue.wsUser}" }
`,
    );
  });
  afterAll(async () => {
    await venue.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  const shown: string[] = [];

  async function wallet(
    action: string,
    flags: Partial<WalletFlags> = {},
    relayerKey: string | undefined = RELAYER_KEY,
  ): Promise<{ readonly code: number; readonly out: string }> {
    vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
    vi.stubEnv("MATCHPOINT_RPC_URLS", venue.rpc);
    vi.stubEnv("MATCHPOINT_RELAYER_API_KEY", relayerKey);
    const lines: string[] = [];
    const io = {
      ...{ out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) },
      ...{ redraw: () => undefined, interactive: false, columns: 80, closed: new AbortController().signal },
    } satisfies Io;
    const code = await walletCommand(
      action,
      { config, ...flags },
      { strategies: {}, environment: new Environment(process.env, false) },
      io,
    );
    shown.push(...lines);
    return { code, out: lines.join("\n") };
  }

  test("without a key of the relayer one line says what to do", async () => {
    const { code, out } = await wallet("approve", {}, "");
    expect(code).toBe(1);
    expect(out).toMatch(
      /go through Polymarket's relayer\n +give the key of the relayer \(MATCHPOINT_RELAYER_API_KEY/,
    );
    expect((await wallet("status", {}, "")).out).toMatch(/fail sender/);
  });

  test("a dry run shows every step and does none of them", async () => {
    const approve = await wallet("approve", { dryRun: true });
    expect(approve.out).toMatch(/would make the wallet 0x94b|would make the wallet 0x/);
    expect(approve.out).toMatch(/would approve .* when that is final/s);
    const wrap = await wallet("wrap", { dryRun: true, amount: "40" });
    expect(wrap.out).toMatch(/would make .*would approve up to 40 USDC\.e .*would wrap 40 USDC\.e/s);
    expect([approve.code, wrap.code]).toEqual([0, 0]);
    const status = await wallet("status");
    expect(status.out).toMatch(/not made yet/);
    expect(status.out).toMatch(/warn sender/);
  });

  /** What was ever written down to be sent. */
  const sent = (): string => {
    const path = join(folder, `wallet-137-${OWNER.toLowerCase()}.chain.jsonl`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };

  test.each([
    [
      "wrap",
      "60",
      /wrap 60 USDC\.e .*not sent: 0x\w{40} holds 50 USDC\.e: send it more .* take --amount 50$/s,
    ],
    ["unwrap", "99999", /unwrap 99999 pUSD .*not sent: 0x\w{40} holds 0 pUSD: .*matchpoint wallet wrap.*$/s],
    ["split", "20", /split 20 pUSD .*not sent: 0x\w{40} holds 0 pUSD: .*matchpoint wallet wrap.*$/s],
  ])("%s of more than there is sends nothing before it says so, not even an approval", async (...row) => {
    const [action, amount, says] = row;
    for (const dryRun of [true, false]) {
      const { code, out } = await wallet(action, { amount, market, dryRun });
      expect([code, out]).toEqual([1, expect.stringMatching(says)]);
      expect(out).not.toMatch(/would|approve|final/);
    }
    expect(sent()).toBe("");
  });

  test("an amount that is missing is asked for before the wallet is made", async () => {
    for (const action of ["wrap", "unwrap", "split"])
      await expect(wallet(action, { market })).rejects.toMatchObject({ code: "USAGE" });
    expect(sent()).toBe("");
  });

  test("merges and redeems nothing where nothing is held", async () => {
    for (const action of ["merge", "redeem"])
      for (const dryRun of [true, false]) {
        const { code, out } = await wallet(action, { dryRun });
        expect([code, out]).toEqual([0, expect.stringMatching(/nothing to do: no/)]);
      }
    expect(sent()).toBe("");
  });

  test("makes, approves, wraps, splits, merges and redeems; what is the chain's is told", async () => {
    const done = async (action: string, flags: Partial<WalletFlags> = {}): Promise<string> => {
      const { code, out } = await wallet(action, flags);
      expect([code, out]).toEqual([0, expect.stringContaining("final")]);
      return out;
    };
    await done("wrap", { amount: "40" });
    const rehearsed = await wallet("unwrap", { amount: "40", dryRun: true });
    expect(rehearsed.out).toMatch(/would approve .*would unwrap 40 pUSD into USDC\.e, when that is final/s);
    const all = sent();
    const more = await wallet("unwrap", { amount: "40.5" });
    expect([more.code, more.out]).toEqual([1, expect.stringMatching(/holds 40 pUSD: .*--amount 40$/)]);
    expect(sent()).toBe(all);
    await done("approve");
    // What a split takes is approved with it, and no more.
    await done("split", { amount: "10", market });
    expect((await wallet("status")).out).toMatch(/10 \/ 10 shares/);
    await done("merge");
    expect((await wallet("merge")).out).toMatch(/nothing to do/);
    await done("split", { amount: "5", market });
    venue.command({ do: "resolve", market, outcome: 0 });
    await venue.idle();
    await done("redeem");
    const status = await wallet("status");
    expect([status.code, status.out]).toEqual([0, expect.stringMatching(/pUSD +40/)]);
    expect(status.out).toMatch(/ok +sender .* sends for 0x/);
    await done("unwrap", { amount: "40" });
  });

  test("no key is in anything that was shown", () => {
    expect(shown.length).toBeGreaterThan(20);
    for (const line of shown) {
      expect(line).not.toContain(KEY.slice(2));
      expect(line).not.toContain(RELAYER_KEY);
    }
  });
});
