import { AbiCoder, id as hashText, solidityPackedKeccak256 } from "ethers";
import { CHAIN_ADDRESSES, STEWARD } from "./addresses.ts";

/** The field of the curve y^2 = x^3 + 3 (alt_bn128), on which ids of collections lie. */
const P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** 32 bytes for a question: the hash of its text. */
export function questionIdOf(text: string): string {
  return hashText(text);
}

/** The condition of a question of two outcomes that the local chain's steward answers. */
export function conditionIdOf(questionId: string, oracle: string = STEWARD): string {
  return solidityPackedKeccak256(["address", "bytes32", "uint256"], [oracle, questionId, 2n]);
}

/**
 * The ids of a condition's two outcome tokens, as decimal numbers, first outcome first: as Gnosis' conditional tokens derive
 * them from USDC.e, so that those of real markets come out too.
 *
 * @example
 * ```ts
 * import { conditionIdOf, questionIdOf, tokenIdsOf } from "@matchpoint/paper-venue";
 * const [first, second] = tokenIdsOf(conditionIdOf(questionIdOf("Will T1 win?")));
 * ```
 */
export function tokenIdsOf(conditionId: string): readonly [string, string] {
  return [tokenIdOf(conditionId, 1n), tokenIdOf(conditionId, 2n)];
}

function tokenIdOf(conditionId: string, indexSet: bigint): string {
  const collection = collectionIdOf(conditionId, indexSet);
  const encoded = solidityPackedKeccak256(["address", "bytes32"], [CHAIN_ADDRESSES.usdcE, collection]);
  return BigInt(encoded).toString();
}

function collectionIdOf(conditionId: string, indexSet: bigint): string {
  let x = BigInt(solidityPackedKeccak256(["bytes32", "uint256"], [conditionId, indexSet]));
  const odd = x >> 255n === 1n;
  let y: bigint;
  let square: bigint;
  do {
    x = (x + 1n) % P;
    square = (x * x * x + 3n) % P;
    y = power(square, (P + 1n) / 4n);
  } while ((y * y) % P !== square);
  if (odd !== (y % 2n === 1n)) y = P - y;
  return AbiCoder.defaultAbiCoder().encode(["uint256"], [y % 2n === 1n ? x ^ (1n << 254n) : x]);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let factor = base % P, rest = exponent; rest > 0n; rest >>= 1n, factor = (factor * factor) % P)
    if ((rest & 1n) === 1n) result = (result * factor) % P;
  return result;
}
