import { formatShares, formatUsdc, MatchpointError, type Shares, type Usdc } from "@matchpoint/sdk";
import { ZERO_BYTES32 } from "../order/order.ts";
import type { Address, VenueContracts } from "../venue/contracts.ts";
import { ADAPTER, contractCall, RAMPS, type ContractCall } from "./contractCalls.ts";

/** A market as the chain knows it. */
export interface ChainMarketRef {
  /** `0x` and 64 hexadecimal digits. */
  readonly conditionId: string;
  /** Ids of the outcome tokens, in the market's order. */
  readonly tokens: readonly [string, string];
  readonly negRisk: boolean;
}

/** A call and what it does in words. `key` is shared by those that must not be under way together. */
export interface WalletAction extends ContractCall {
  readonly what: string;
  readonly key: string;
  /** Calls that are carried out with it, all or nothing: only a contract wallet can. */
  readonly also?: readonly ContractCall[];
  /** The contract wallet itself, which is `to`, is to be made. */
  readonly makes?: true;
}

/** Calls for what a wallet does with its money. */
export type WalletActions = ReturnType<typeof walletActions>;

/** Both outcomes of a market of two. */
const BOTH = [1, 2];

/** Calls for what a wallet does with its money, not sent. Amounts in millionths, all above zero. */
export function walletActions(contracts: VenueContracts, holder: Address) {
  const named = (address: Address | undefined, name: string): Address => {
    if (address === undefined)
      throw new MatchpointError("CAPABILITY_UNSUPPORTED", `this chain has no documented ${name}`);
    return address;
  };
  const adapterOf = ({ negRisk }: ChainMarketRef): Address =>
    negRisk
      ? named(contracts.negRiskCtfCollateralAdapter, "neg-risk collateral adapter")
      : named(contracts.ctfCollateralAdapter, "collateral adapter");
  const position = (
    market: ChainMarketRef,
    name: "splitPosition" | "mergePositions" | "redeemPositions",
    amount: readonly number[],
  ): ContractCall => {
    const args = [contracts.collateral, ZERO_BYTES32, market.conditionId, BOTH, ...amount];
    return contractCall(adapterOf(market), ADAPTER, name, args);
  };
  return {
    adapterOf,
    wrap(amount: Usdc): WalletAction {
      const args = [named(contracts.usdcE, "USDC.e"), holder, above(amount)];
      const call = contractCall(named(contracts.collateralOnramp, "onramp"), RAMPS, "wrap", args);
      return { ...call, what: `wrap ${formatUsdc(amount)} USDC.e into pUSD`, key: "wrap" };
    },
    unwrap(amount: Usdc): WalletAction {
      const args = [named(contracts.usdcE, "USDC.e"), holder, above(amount)];
      const call = contractCall(named(contracts.collateralOfframp, "offramp"), RAMPS, "unwrap", args);
      return { ...call, what: `unwrap ${formatUsdc(amount)} pUSD into USDC.e`, key: "unwrap" };
    },
    split(market: ChainMarketRef, amount: Shares): WalletAction {
      const what = `split ${formatShares(amount)} pUSD into pairs of ${short(market)}`;
      return {
        ...position(market, "splitPosition", [above(amount)]),
        what,
        key: `split:${market.conditionId}`,
      };
    },
    merge(market: ChainMarketRef, amount: Shares): WalletAction {
      const what = `merge ${formatShares(amount)} pairs of ${short(market)}`;
      return {
        ...position(market, "mergePositions", [above(amount)]),
        what,
        key: `merge:${market.conditionId}`,
      };
    },
    redeem(market: ChainMarketRef): WalletAction {
      const what = `redeem all of ${short(market)}`;
      return { ...position(market, "redeemPositions", []), what, key: `redeem:${market.conditionId}` };
    },
  };
}

/** The beginning of a market's id, for reading. */
export function short({ conditionId }: ChainMarketRef): string {
  return `${conditionId.slice(0, 10)}…`;
}

function above(amount: number): number {
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new MatchpointError("UNIT_INVALID", `${amount} is not an amount of millionths above zero`);
}
