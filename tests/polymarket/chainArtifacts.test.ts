import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONTRACTS } from "@matchpoint/adapters-polymarket";
import { CHAIN_ADDRESSES, conditionIdOf, tokenIdsOf } from "@matchpoint/paper-venue";
import { expect, test } from "vitest";
import { ARTIFACTS, compileContracts } from "../../scripts/compile-contracts.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FIXTURE = resolve(
  process.env["MATCHPOINT_DATA"] ?? join(ROOT, "../shared/data"),
  "fixtures-nautilus_trader/polymarket-rust/gamma_market_sports_market_map_handicap.json",
);

test("the committed contracts are what their sources compile to, byte for byte", () => {
  expect(readFileSync(join(ROOT, ARTIFACTS), "utf8")).toBe(compileContracts(ROOT));
});

test("the contracts stand where the adapter and the official client look for them", () => {
  for (const [name, address] of Object.entries(CHAIN_ADDRESSES))
    expect(address, name).toBe(CONTRACTS[137][name as keyof typeof CHAIN_ADDRESSES]);
});

// A market of 2026-04-05 (Counter-Strike, FaZe against illwill), as Gamma listed it.
const REAL = {
  conditionId: "0xc7aaca82ff20c6d864d9a6ca5584f2d2f48855be2a757367bffe61aa1ce0e724",
  tokens: [
    "47614327674948554650113338538363888150821499552213302298732875136319525931648",
    "43341502537527404243762615980214558223125429784876480380195817335671883698477",
  ],
};

test("a real market's tokens follow from its condition", () => {
  expect(tokenIdsOf(REAL.conditionId)).toEqual(REAL.tokens);
});

test.skipIf(!existsSync(FIXTURE))("every market of a real listing has the tokens that are computed", () => {
  const markets: { conditionId: string; clobTokenIds: string; negRisk: boolean }[] = [];
  collect(JSON.parse(readFileSync(FIXTURE, "utf8")), markets);
  expect(markets.length).toBeGreaterThan(0);
  for (const { conditionId, clobTokenIds } of markets)
    expect(tokenIdsOf(conditionId)).toEqual(JSON.parse(clobTokenIds));
});

test("a condition depends on who answers the question", () => {
  const question = `0x${"ab".repeat(32)}`;
  expect(conditionIdOf(question)).not.toBe(conditionIdOf(question, CHAIN_ADDRESSES.collateral));
});

function collect(
  value: unknown,
  into: { conditionId: string; clobTokenIds: string; negRisk: boolean }[],
): void {
  if (typeof value !== "object" || value === null) return;
  if ("conditionId" in value && "clobTokenIds" in value) into.push(value as never);
  for (const each of Object.values(value)) collect(each, into);
}
