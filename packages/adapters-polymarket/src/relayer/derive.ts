import { concat, getCreate2Address, keccak256, toBeHex, zeroPadValue } from "ethers";
import type { Address } from "../venue/contracts.ts";
import type { RelayContracts } from "./relayContracts.ts";

/** Hashes of the code that makes a Safe and a proxy. Source: `src/constants` of `@polymarket/builder-relayer-client`. */
const SAFE_INIT_CODE_HASH = "0x2bce2127ff07fb632d16c8347c4ebf501f4841168bed00d9e6ef715ddb6fcecf";
const PROXY_INIT_CODE_HASH = "0xd21df8dc65880a8606f09fe0ce3df9b8869287ab0b058be05aa9e8af6330a00b";

/** The code that makes an ERC-1967 proxy with arguments: by a beacon, and by an implementation. */
const BEACON_PROXY = [
  0x6100523d8160233d3973n,
  "0x60195155f3363d3d373d3d363d602036600436635c60da1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3",
] as const;
const PLAIN_PROXY = [
  0x61003d3d8160233d3973n,
  "0x60095155f3363d3d373d3d363d7f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc545af43d6000803e6038573d6000fd5b3d6000f3",
] as const;

/**
 * The wallets that a key may have of a signature type, that of today first. They are where `CREATE2` puts them, made or not.
 * Source: `wallet` of `@polymarket/client`, whose own examples a test compares with.
 *
 * @example
 * ```ts
 * import { deriveWallets, RELAY_CONTRACTS, type Address } from "@matchpoint/adapters-polymarket";
 * const [depositWallet] = deriveWallets("0x0000000000000000000000000000000000000001" as Address, 3, RELAY_CONTRACTS[137]!);
 * ```
 */
export function deriveWallets(
  owner: Address,
  signatureType: 1 | 2 | 3,
  contracts: RelayContracts,
): readonly Address[] {
  const padded = zeroPadValue(owner, 32);
  if (signatureType === 1) return [create2(contracts.proxyFactory, keccak256(owner), PROXY_INIT_CODE_HASH)];
  if (signatureType === 2) return [create2(contracts.safeFactory, keccak256(padded), SAFE_INIT_CODE_HASH)];
  const { depositWalletFactory: factory, depositWalletBeacon, depositWalletImplementation } = contracts;
  const args = concat([zeroPadValue(factory, 32), padded]);
  const made = ([prefix, rest]: typeof BEACON_PROXY | typeof PLAIN_PROXY, from: Address): Address => {
    const code = concat([toBeHex(prefix + (64n << 56n), 10), from, rest, args]);
    return create2(factory, keccak256(args), keccak256(code));
  };
  return [made(BEACON_PROXY, depositWalletBeacon), made(PLAIN_PROXY, depositWalletImplementation)];
}

function create2(factory: Address, salt: string, codeHash: string): Address {
  return getCreate2Address(factory, salt, codeHash) as Address;
}
