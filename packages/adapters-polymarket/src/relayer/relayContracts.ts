import { Interface } from "ethers";
import type { Address, ChainId } from "../venue/contracts.ts";

/** Contracts that stand between a key and the wallet that it signs for. */
export interface RelayContracts {
  readonly safeFactory: Address;
  /** Carries out several calls of a Safe as one. */
  readonly safeMultisend: Address;
  readonly proxyFactory: Address;
  /** Counts and checks what proxies are told. */
  readonly relayHub: Address;
  readonly depositWalletFactory: Address;
  /** What deposit wallets of today are made from, and those of the first weeks. */
  readonly depositWalletBeacon: Address;
  readonly depositWalletImplementation: Address;
}

/**
 * By chain; only Polygon has all of them. Source: docs.polymarket.com/resources/contracts, `src/config` of
 * `@polymarket/builder-relayer-client` and `environments` of `@polymarket/client`.
 */
export const RELAY_CONTRACTS: Readonly<Partial<Record<ChainId, RelayContracts>>> = Object.freeze({
  137: Object.freeze({
    safeFactory: "0xaacFeEa03eb1561C4e67d661e40682Bd20E3541b",
    safeMultisend: "0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761",
    proxyFactory: "0xaB45c5A4B0c941a2F231C04C3f49182e1A254052",
    relayHub: "0xD216153c06E857cD7f72665E0aF1d7D82172F494",
    depositWalletFactory: "0x00000000000Fb5C9ADea0298D729A0CB3823Cc07",
    depositWalletBeacon: "0x7A18EDfe055488A3128f01F563e5B479D92ffc3a",
    depositWalletImplementation: "0x58CA52ebe0DadfdF531Cde7062e76746de4Db1eB",
  }),
});

/** A Safe, as far as it is read and told. */
export const SAFE = new Interface([
  "function nonce() view returns (uint256)",
  "event ExecutionSuccess(bytes32 txHash, uint256 payment)",
  "event ExecutionFailure(bytes32 txHash, uint256 payment)",
]);

/** Several calls of a Safe as one. */
export const MULTISEND = new Interface(["function multiSend(bytes transactions) payable"]);

/** Through whom a proxy is told what to do. Source: github.com/Polymarket/proxy-factories. */
export const PROXY_FACTORY = new Interface([
  "function proxy((uint8 typeCode, address to, uint256 value, bytes data)[] calls) payable returns (bytes[])",
]);

/** The hub of the Gas Station Network's first version. */
export const RELAY_HUB = new Interface([
  "function getNonce(address from) view returns (uint256)",
  "event TransactionRelayed(address indexed relay, address indexed from, address indexed to, bytes4 selector, uint8 status, uint256 charge)",
]);

/** A deposit wallet. Its verified source is on polygonscan.com at the implementation's address. */
export const DEPOSIT_WALLET = new Interface([
  "function nonce() view returns (uint256)",
  "event BatchExecuted(uint256 nonce)",
]);
