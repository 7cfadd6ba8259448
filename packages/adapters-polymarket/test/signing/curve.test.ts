import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hexlify, keccak256, SigningKey } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadCurve, PURE_CURVE, type CurveName } from "../../src/index.ts";
import { keccak } from "../../src/order/keccak.ts";

const NAMES: readonly CurveName[] = ["native", "wasm", "pure"];
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe.each(NAMES)("the %s curve", (name) => {
  test("signs the bytes that ethers signs, and recovers the key that signed", async () => {
    const curve = await loadCurve(name);
    expect(curve.name).toBe(name);
    fc.assert(
      fc.property(bytes32, bytes32, (digest, key) => {
        const scalar = BigInt(hexlify(key));
        // From the order on (one digest in 2^128), libraries differ in whether they reduce the digest for the nonce.
        fc.pre(scalar > 0n && scalar < ORDER && BigInt(hexlify(digest)) < ORDER);
        const signature = curve.sign(digest, key);
        const known = new SigningKey(key);
        const { r, s, yParity } = known.sign(digest);
        expect([hexlify(signature.rs), signature.recovery]).toEqual([r + s.slice(2), yParity]);
        expect(hexlify(curve.recover(digest, signature)!)).toBe(known.publicKey);
      }),
      { numRuns: 60 },
    );
  });

  test("recovers nothing from numbers that no key signed", async () => {
    const curve = await loadCurve(name);
    const digest = new Uint8Array(32).fill(1);
    for (const fill of [0, 255])
      expect(curve.recover(digest, { rs: new Uint8Array(64).fill(fill), recovery: 0 })).toBeUndefined();
  });
});

test("the fastest that is installed is taken", async () => {
  expect((await loadCurve()).name).toBe("native");
});

test("a curve that does not exist is refused by name", async () => {
  await expect(loadCurve("quantum" as never)).rejects.toMatchObject({ code: "CAPABILITY_UNSUPPORTED" });
});

/** What a program without these packages gets. */
function without(missing: readonly string[], wanted: string): string {
  const hook = `import { registerHooks } from "node:module";
registerHooks({ resolve(name, context, next) {
  if (${JSON.stringify(missing)}.includes(name)) throw new Error("Cannot find package '" + name + "'");
  return next(name, context);
} });`;
  const door = new URL("../../src/index.ts", import.meta.url).href;
  const program = `const { loadCurve } = await import(${JSON.stringify(door)});
try { console.log((await loadCurve(${wanted})).name); } catch (error) { console.log(error.code, error.message, error.hint); }`;
  const args = ["--conditions=@matchpoint/source", "--no-warnings", "--input-type=module"];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...args, "--import", `data:text/javascript,${encodeURIComponent(hook)}`, "-e", program],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8" },
  );
  return stdout.trim() + stderr;
}

test("without its packages there is the next fastest, and a clear word for who wanted one", () => {
  expect(without(["secp256k1"], "")).toBe("wasm");
  expect(without(["secp256k1", "tiny-secp256k1"], "")).toBe("pure");
  expect(without(["secp256k1"], '"native"')).toMatch(
    /^CAPABILITY_UNSUPPORTED the native curve cannot be used: .*secp256k1'\s+npm install secp256k1/,
  );
});

test("keccak is ethers' keccak, at every length around its blocks", () => {
  for (let length = 0; length < 420; length++) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 31 + length) & 255);
    expect(hexlify(keccak(bytes))).toBe(keccak256(bytes));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      expect(hexlify(keccak(bytes))).toBe(keccak256(bytes));
    }),
  );
  expect(PURE_CURVE.name).toBe("pure");
});
