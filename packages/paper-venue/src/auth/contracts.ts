/**
 * What signatures name. Source: docs.polymarket.com/resources/contracts and `src/config.ts` of `@polymarket/clob-client-v2`.
 * Kept apart from the trading adapter on purpose: the venue checks what the adapter signs.
 * @module
 */
import type { TypedDataDomain } from "ethers";

/** Exchange contracts by chain. */
const EXCHANGES = {
  137: {
    standard: "0xE111180000d2663C0091e4f400237545B87B996B",
    negRisk: "0xe2222d279d744050d28e00520010520000310F59",
    v3: "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa",
  },
  80002: {
    standard: "0xE111180000d2663C0091e4f400237545B87B996B",
    negRisk: "0xe2222d279d744050d28e00520010520000310F59",
    v3: "0x9fE6e61422AdB6F610d8597F9684b16912D50C3D",
  },
} as const;

/** The neg-risk adapter of the first CLOB, whose allowance neg-risk orders still need (github.com/okx/plugin-store/pull/151). */
export const NEG_RISK_ADAPTER = "0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296";

/** The exchange contract that settles a market's orders. */
export function exchangeAddress(chainId: 137 | 80002, version: "v1" | "v2", negRisk: boolean): string {
  const row = EXCHANGES[chainId];
  return version === "v2" ? row.v3 : negRisk ? row.negRisk : row.standard;
}

/** The EIP-712 domain of a market's orders. */
export function orderDomain(chainId: 137 | 80002, version: "v1" | "v2", negRisk: boolean): TypedDataDomain {
  return {
    name: "Polymarket CTF Exchange",
    version: version === "v2" ? "3" : "2",
    chainId,
    verifyingContract: exchangeAddress(chainId, version, negRisk),
  };
}

/** Whose allowance orders of a market need. */
export function spendersOf(chainId: 137 | 80002, version: "v1" | "v2", negRisk: boolean): readonly string[] {
  const exchange = exchangeAddress(chainId, version, negRisk);
  return negRisk && version === "v1" ? [exchange, NEG_RISK_ADAPTER] : [exchange];
}

/** Every spender that `/balance-allowance` lists. */
export function allSpenders(chainId: 137 | 80002): readonly string[] {
  const { standard, negRisk } = EXCHANGES[chainId];
  return [standard, negRisk, NEG_RISK_ADAPTER];
}
