import { MatchpointError, type Usdc } from "@matchpoint/sdk";
import type { Address } from "../venue/contracts.ts";
import { ERC20 } from "./contractCalls.ts";
import type { ChainReceipt } from "./wire.ts";

const TRANSFER = ERC20.getEvent("Transfer")!.topicHash;

/**
 * The dollars that a transaction brought to a wallet, less those that it took: the sum of the token's own transfer logs, in
 * micro-dollars. @throws `MatchpointError` `UNIT_OVERFLOW`
 */
export function netTransfers(receipt: ChainReceipt, token: Address, wallet: Address): Usdc {
  const at = token.toLowerCase();
  const mine = `0x${wallet.slice(2).toLowerCase().padStart(64, "0")}`;
  let net = 0n;
  for (const { address, topics, data } of receipt.logs) {
    if (address !== at || topics[0] !== TRANSFER || topics.length !== 3) continue;
    const amount = BigInt(data);
    if (topics[2] === mine) net += amount;
    if (topics[1] === mine) net -= amount;
  }
  if (net > BigInt(Number.MAX_SAFE_INTEGER) || net < -BigInt(Number.MAX_SAFE_INTEGER))
    throw new MatchpointError("UNIT_OVERFLOW", `${net} micro-dollars are more than can be held exactly`);
  return Number(net) as Usdc;
}
