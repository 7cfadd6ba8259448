import type { WalletAction, WalletChain, WalletResult } from "@matchpoint/adapters-polymarket";
import { formatUsdc, type Usdc } from "@matchpoint/sdk";

/** What gives dollars away: USDC.e when it wraps, pUSD otherwise. */
type Spends = "wrap" | "unwrap" | "split";

/**
 * Why an amount cannot be given away, by the chain's own balance; `undefined` when enough is held. Asked before anything is sent or
 * promised: an approval of what is not there would be paid for, and would stand, for nothing.
 * @throws MatchpointError `CHAIN_UNREACHABLE`, `CHAIN_DISPUTED`
 */
export async function shortOf(
  { holder, reads, contracts }: Pick<WalletChain, "holder" | "reads" | "contracts">,
  spends: Spends,
  amount: Usdc,
  { what }: Pick<WalletAction, "what">,
): Promise<WalletResult | undefined> {
  const token = spends === "wrap" ? contracts.usdcE : contracts.collateral;
  // The action itself says that this chain has none.
  if (token === undefined) return undefined;
  const held = await reads.dollars(token, holder, await reads.latest());
  if (held >= amount) return undefined;
  const name = spends === "wrap" ? "USDC.e" : "pUSD";
  const get =
    spends === "wrap" ? "send it more USDC.e" : "get more (matchpoint wallet wrap makes USDC.e pUSD)";
  const less = held > 0 ? `, or take --amount ${formatUsdc(held)}` : "";
  const line = `not sent: ${holder} holds ${formatUsdc(held)} ${name}: ${get}${less}`;
  return { kind: "refused", what, code: "AMOUNT", lines: [line] };
}
