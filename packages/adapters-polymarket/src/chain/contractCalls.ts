import { Interface } from "ethers";
import type { Address, Hex } from "../venue/contracts.ts";

/** ERC-20, as USDC.e and pUSD are. */
export const ERC20 = new Interface([
  "function balanceOf(address owner) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 amount) returns (bool)",
  "event Transfer(address indexed from, address indexed to, uint256 amount)",
]);

/** Gnosis' conditional tokens (ERC-1155). */
export const CTF = new Interface([
  "function balanceOf(address owner, uint256 id) view returns (uint256)",
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
  "function setApprovalForAll(address operator, bool approved)",
  "function getOutcomeSlotCount(bytes32 conditionId) view returns (uint256)",
  "function payoutDenominator(bytes32 conditionId) view returns (uint256)",
  "function payoutNumerators(bytes32 conditionId, uint256 index) view returns (uint256)",
]);

/** The ramps between USDC.e and pUSD. Source: docs.polymarket.com/concepts/pusd. */
export const RAMPS = new Interface([
  "function wrap(address asset, address to, uint256 amount)",
  "function unwrap(address asset, address to, uint256 amount)",
  "function paused(address asset) view returns (bool)",
]);

/**
 * The collateral adapters: called as the conditional tokens are, but for pUSD. They look at the condition and the amount alone.
 * Source: docs.polymarket.com/trading/positions/manage.
 */
export const ADAPTER = new Interface([
  "function splitPosition(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)",
  "function mergePositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)",
  "function redeemPositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] indexSets)",
]);

/** A call to a contract, as it would be sent. */
export interface ContractCall {
  readonly to: Address;
  readonly data: Hex;
}

/** Encodes a call. */
export function contractCall(
  to: Address,
  face: Interface,
  name: string,
  args: readonly unknown[],
): ContractCall {
  return { to, data: face.encodeFunctionData(name, args) as Hex };
}
