import { MatchpointError } from "@matchpoint/sdk";
import { SigningKey } from "ethers";
import { bytesOf, hexOf } from "../order/bytes.ts";

/** Who does the arithmetic on secp256k1: a native addon, WebAssembly, or plain JavaScript. */
export type CurveName = "native" | "wasm" | "pure";

/** A signature's numbers, 64 bytes, and which of two keys it recovers to. */
export interface CurveSignature {
  readonly rs: Uint8Array;
  readonly recovery: number;
}

/**
 * secp256k1. All three give the same bytes: nonces as RFC 6979 derives them from key and digest, `s` in the lower half.
 * They differ in speed alone (and, for one digest in 2^128, in the nonce: both signatures hold then).
 */
export interface Curve {
  readonly name: CurveName;
  /** Signs 32 bytes with a private key of 32 bytes. */
  readonly sign: (digest: Uint8Array, key: Uint8Array) => CurveSignature;
  /** The public key that made a signature, 65 bytes; `undefined` when there is none. */
  readonly recover: (digest: Uint8Array, signature: CurveSignature) => Uint8Array | undefined;
}

/** Plain JavaScript, by the curve that ethers brings along: always there, the slowest of the three. */
export const PURE_CURVE: Curve = Object.freeze({
  name: "pure",
  sign(digest, key) {
    const { r, s, yParity } = new SigningKey(key).sign(digest);
    return { rs: bytesOf(`${r}${s.slice(2)}`), recovery: yParity };
  },
  recover(digest, { rs, recovery }) {
    try {
      const key = SigningKey.recoverPublicKey(digest, {
        r: hexOf(rs.subarray(0, 32)),
        s: hexOf(rs.subarray(32)),
        yParity: recovery === 0 ? 0 : 1,
      });
      return bytesOf(key);
    } catch {
      return undefined;
    }
  },
} satisfies Curve);

/** The part of the package `secp256k1` that is used. */
interface NativeModule {
  readonly ecdsaSign: (digest: Uint8Array, key: Uint8Array) => { signature: Uint8Array; recid: number };
  readonly ecdsaRecover: (
    rs: Uint8Array,
    recovery: number,
    digest: Uint8Array,
    compressed: boolean,
  ) => Uint8Array;
}

/** The part of the package `tiny-secp256k1` that is used. */
interface WasmModule {
  readonly signRecoverable: (
    digest: Uint8Array,
    key: Uint8Array,
  ) => { signature: Uint8Array; recoveryId: number };
  readonly recover: (
    digest: Uint8Array,
    rs: Uint8Array,
    recovery: number,
    compressed: boolean,
  ) => Uint8Array | null;
}

const PACKAGES = { native: "secp256k1", wasm: "tiny-secp256k1" } as const;

/**
 * Loads the fastest curve that is installed: the package `secp256k1` (native), else `tiny-secp256k1` (WebAssembly), else plain
 * JavaScript. Both packages are optional peers: nothing is installed that was not asked for. Each is tried on a signature whose
 * bytes are known before it is used.
 *
 * @example
 * ```ts
 * import { createWalletSigner, loadCurve } from "@matchpoint/adapters-polymarket";
 * const signerOf = async (privateKey: string) => createWalletSigner(privateKey, await loadCurve());
 * ```
 * @param wanted only this one
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` when the one that is wanted is not installed, or does not sign as it should
 */
export async function loadCurve(wanted?: CurveName): Promise<Curve> {
  if (wanted === "pure") return PURE_CURVE;
  if (wanted !== undefined && !Object.hasOwn(PACKAGES, wanted))
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", `there is no curve ${JSON.stringify(wanted)}`, {
      hint: "It is native, wasm or pure.",
    });
  for (const name of ["native", "wasm"] as const) {
    if (wanted !== undefined && wanted !== name) continue;
    const problem = await tryCurve(name);
    if (typeof problem === "object") return problem;
    if (wanted === undefined) continue;
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", `the ${name} curve cannot be used: ${problem}`, {
      hint: `npm install ${PACKAGES[name]}, or take another curve: they all sign the same bytes.`,
    });
  }
  return PURE_CURVE;
}

/** A curve, or why there is none. */
async function tryCurve(name: "native" | "wasm"): Promise<Curve | string> {
  try {
    // Named by a variable: a bundler must not look for a package that may not be there.
    const loaded = (await import(PACKAGES[name])) as { readonly default?: unknown };
    const curve =
      name === "native"
        ? nativeCurve((loaded.default ?? loaded) as NativeModule)
        : wasmCurve(loaded as unknown as WasmModule);
    return signsAsExpected(curve) ? curve : `${PACKAGES[name]} signs other bytes than it should`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nativeCurve({ ecdsaSign, ecdsaRecover }: NativeModule): Curve {
  return Object.freeze({
    name: "native",
    sign(digest, key) {
      const { signature, recid } = ecdsaSign(digest, key);
      return { rs: signature, recovery: recid };
    },
    recover: (digest, { rs, recovery }) => attempt(() => ecdsaRecover(rs, recovery, digest, false)),
  } satisfies Curve);
}

function wasmCurve({ signRecoverable, recover }: WasmModule): Curve {
  return Object.freeze({
    name: "wasm",
    sign(digest, key) {
      const { signature, recoveryId } = signRecoverable(digest, key);
      return { rs: signature, recovery: recoveryId };
    },
    recover: (digest, { rs, recovery }) => attempt(() => recover(digest, rs, recovery, false) ?? undefined),
  } satisfies Curve);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Tries a curve on a few digests, against plain JavaScript. */
function signsAsExpected(curve: Curve): boolean {
  const key = new Uint8Array(32).fill(7);
  for (const seed of [1, 2, 3, 128]) {
    const digest = new Uint8Array(32).fill(seed);
    const signature = curve.sign(digest, key);
    const expected = PURE_CURVE.sign(digest, key);
    if (signature.recovery !== expected.recovery || hexOf(signature.rs) !== hexOf(expected.rs)) return false;
    const recovered = curve.recover(digest, signature);
    if (recovered === undefined || hexOf(recovered) !== hexOf(PURE_CURVE.recover(digest, expected)!))
      return false;
  }
  return true;
}
