import { findAnvil, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Made } from "../../packages/cli/src/doctor/index.ts";
import {
  examined,
  KEY,
  Leftovers,
  lying,
  named,
  NOWHERE,
  ntpServer,
  WALLET,
  wellWith,
  type Lie,
} from "./bench.ts";

/** More accounts of every local test chain: one with money and no approvals, one with approvals and no money. */
const UNAPPROVED = {
  key: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
};
const PENNILESS = {
  key: "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
  address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
};

const anvil = findAnvil();
if (anvil === undefined) console.warn("skipped: no anvil here (npm install @foundry-rs/anvil-linux-amd64)");

/** A node's lie about one method, whatever its parameters. */
const says =
  (method: string, result: unknown): Lie =>
  (_, body) => {
    const call = JSON.parse(body) as { readonly id: unknown; readonly method: string };
    return call.method === method ? { json: { jsonrpc: "2.0", id: call.id, result } } : undefined;
  };
const honest: Lie = () => undefined;

describe.skipIf(anvil === undefined)("the doctor at the chain", () => {
  const over = new Leftovers();
  let venue: RunningVenue;
  let ntp: string;

  beforeAll(async () => {
    const onChain = { blockMs: 200, confirmations: 2 };
    venue = await startVenue({
      seed: 11,
      chain: "anvil",
      liquidity: "none",
      settlement: { mined_ms: 50 },
      onChain,
    });
    over.add(venue, (each) => each.close());
    for (const address of [WALLET, UNAPPROVED.address]) venue.command({ do: "fund", address, usd: 500 });
    for (const address of [WALLET, PENNILESS.address]) venue.command({ do: "approve", address });
    await venue.idle();
    ntp = await ntpServer(0, over);
  });
  afterAll(() => over.close());

  async function made(lie: Lie, key = KEY, nodes: readonly string[] = []): Promise<readonly Made[]> {
    const urls = [...nodes];
    while (urls.length < 3) urls.push(await lying(venue.rpc!, lie, over));
    const well = wellWith(venue, over.folder(), ntp);
    well.env["MATCHPOINT_PRIVATE_KEY"] = key;
    well.env["MATCHPOINT_RPC_URLS"] = urls.join(",");
    return examined(well);
  }

  it("finds nothing to say about a wallet that is ready", async () => {
    const all = await made(honest);
    expect(named(all), JSON.stringify(all)).toEqual([]);
    expect(all.find(({ id }) => id === "allowances")!.found).toMatch(/spenders have what they need/);
    expect(all.find(({ id }) => id === "account")!.found).toMatch(/the account has \$500/);
  });

  it.each([
    ["one node of three that is gone", honest, KEY, [NOWHERE], "rpc: warn", /2 of 3 nodes answer/],
    [
      "nodes of another chain",
      says("eth_chainId", "0x1"),
      KEY,
      [],
      "chain-id: fail",
      /serves chain 1, not 137/,
    ],
    [
      "contracts that are not there",
      says("eth_getCode", "0x"),
      KEY,
      [],
      "contracts: fail",
      /no contract at 0x/,
    ],
    ["no gas", says("eth_getBalance", "0x0"), KEY, [], "gas: fail", /0 POL/],
    ["missing approvals", honest, UNAPPROVED.key, [], "allowances: fail", /missing: pusd to /],
    ["no pUSD", honest, PENNILESS.key, [], "collateral: fail", /no pUSD at 0x3C44/],
  ] as const)("names %s, and nothing else", async (_, lie, key, nodes, names, found) => {
    const all = await made(lie, key, nodes);
    expect(named(all), JSON.stringify(all)).toEqual([names]);
    const line = all.find(({ id }) => names.startsWith(`${id}:`))!;
    expect(line.found).toMatch(found);
    expect(line.fix).not.toBe("");
    expect(JSON.stringify(all)).not.toContain(key.slice(2));
  });
});
