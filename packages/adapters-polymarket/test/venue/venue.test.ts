import { getContractConfig } from "@polymarket/clob-client-v2";
import { getAddress } from "ethers";
import { expect, test } from "vitest";
import { CONTRACTS, EXCHANGES, TICKS } from "../../src/index.ts";

const CHAINS = [137, 80002] as const;

test.each(CHAINS)("contracts on chain %i are those of the official client", (chain) => {
  const official = getContractConfig(chain);
  expect(CONTRACTS[chain]).toMatchObject({
    ctfExchange: official.exchangeV2,
    negRiskExchange: official.negRiskExchangeV2,
    exchangeV3: official.exchangeV3,
    conditionalTokens: official.conditionalTokens,
    collateral: official.collateral,
    negRiskAdapter: official.negRiskAdapter,
  });
});

test.each(CHAINS)("every address on chain %i has a right checksum and stands once", (chain) => {
  const addresses = Object.values(CONTRACTS[chain]);
  for (const address of addresses) expect(getAddress(address)).toBe(address);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test("the market's version and its kind choose the exchange", () => {
  const { v1, v2 } = EXCHANGES[137];
  expect([v1.standard.version, v1.standard.verifyingContract]).toEqual(["2", CONTRACTS[137].ctfExchange]);
  expect([v1.negRisk.version, v1.negRisk.verifyingContract]).toEqual(["2", CONTRACTS[137].negRiskExchange]);
  expect([v2.standard.version, v2.standard.verifyingContract]).toEqual(["3", CONTRACTS[137].exchangeV3]);
  expect(v2.negRisk).toEqual(v2.standard);
});

test("the data cannot be changed while running", () => {
  const write = (target: object, key: string): boolean => Reflect.set(target, key, "x");
  expect(write(CONTRACTS, "137")).toBe(false);
  expect(write(CONTRACTS[137], "ctfExchange")).toBe(false);
  expect(write(EXCHANGES, "137")).toBe(false);
  expect(write(EXCHANGES[137], "v1")).toBe(false);
  expect(write(EXCHANGES[137].v1, "standard")).toBe(false);
  expect(write(EXCHANGES[137].v1.standard, "chainId")).toBe(false);
  expect(write(TICKS, "0")).toBe(false);
});
