import { Wallet } from "ethers";
import { expect, test } from "vitest";
import { deriveWallets } from "../../src/relayer/derive.ts";
import { RELAY_CONTRACTS } from "../../src/relayer/relayContracts.ts";
import { relayBody, signRelay, type RelayDraft } from "../../src/relayer/relayRequest.ts";
import type { Address, Hex } from "../../src/venue/contracts.ts";

const CONTRACTS = RELAY_CONTRACTS[137]!;
// The first account of every local chain.
const KEY = new Wallet("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const FROM = KEY.address as Address;
const ONE: Address = "0x0000000000000000000000000000000000000001";
const USDC: Address = "0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174";
const APPROVE: Hex =
  "0x095ea7b30000000000000000000000004d97dcd97ec945f40cf65f87097ace5ea0476045ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

const draft = (over: Partial<RelayDraft>): RelayDraft => ({
  ...{ relayType: "SAFE", chainId: 137, from: FROM, nonce: "0", metadata: "" },
  wallet: deriveWallets(FROM, 2, CONTRACTS)[0]!,
  calls: [{ to: USDC, data: APPROVE }],
  ...over,
});

test("wallets are where @polymarket/client derives them", () => {
  const all = ([1, 2, 3] as const).flatMap((type) => deriveWallets(ONE, type, CONTRACTS));
  expect(all.map((each) => each.toLowerCase())).toEqual([
    "0x7754536ecd85c00b2e0cf9c1aa679340d8550756",
    "0x766b6851a199bf91ae3fa13b1cfac5187355118f",
    "0x94bf330955a0b957662feaf878de77bf25f76cd9",
    "0x57ffbc34de23124faeb8387fcd689d314e57accd",
  ]);
});

test("signatures equal those of @polymarket/builder-relayer-client's own examples", async () => {
  expect(await signRelay(KEY, draft({}), CONTRACTS)).toBe(
    "0xf368488355b0566e99eff3bccc35e98b77d8f3a6e6866176188488c34f0305b07e4a4c600c7a1592e4ac1e96b5887ebff2cb26987a3ad501006b39944df098c21f",
  );
  const proxy = draft({
    relayType: "PROXY",
    gasLimit: "85338",
    relay: "0xae700edfd9ab986395f3999fe11177b9903a52f1",
  });
  expect(await signRelay(KEY, proxy, CONTRACTS)).toBe(
    "0x4c18e2d2294a00d686714aff8e7936ab657cb4655dfccb2b556efadcb7e835f800dc2fecec69c501e29bb36ecb54b4da6b7c410c4dc740a33af2afde2b77297e1b",
  );
  expect(await signRelay(KEY, draft({ relayType: "SAFE-CREATE", calls: [] }), CONTRACTS)).toBe(
    "0xe3e791c24134b7bebe93b4771bd07c7fe7bbe115eeb0bf629ac3b7a435e7ac8d05f979729d873f7d0e16205becf48ee450aa382bc28c65eedcd6454e81d81f921b",
  );
  expect(await signRelay(KEY, draft({ relayType: "WALLET-CREATE", calls: [] }), CONTRACTS)).toBe("0x");
});

test("bodies have the fields of the relayer's own page", async () => {
  const body = (each: RelayDraft, signature: Hex): unknown =>
    JSON.parse(relayBody(each, signature, CONTRACTS));
  const wallet = deriveWallets(FROM, 3, CONTRACTS)[0]!;
  expect(body(draft({ relayType: "WALLET", wallet, deadline: "1790000600", nonce: "7" }), "0x12")).toEqual({
    ...{ type: "WALLET", from: FROM, to: CONTRACTS.depositWalletFactory, nonce: "7" },
    ...{ signature: "0x12", metadata: "" },
    depositWalletParams: {
      ...{ depositWallet: wallet, deadline: "1790000600" },
      calls: [{ target: USDC, value: "0", data: APPROVE }],
    },
  });
  expect(body(draft({ relayType: "WALLET-CREATE", wallet, calls: [] }), "0x")).toEqual({
    ...{ type: "WALLET-CREATE", from: FROM, to: CONTRACTS.depositWalletFactory, metadata: "" },
  });
  const safe = body(draft({}), "0x12") as { proxyWallet: string; signatureParams: object };
  expect(safe).toMatchObject({ type: "SAFE", from: FROM, to: USDC, data: APPROVE, nonce: "0" });
  expect(safe.proxyWallet).toBe(deriveWallets(FROM, 2, CONTRACTS)[0]);
  expect(Object.keys(safe.signatureParams).sort()).toEqual(
    ["baseGas", "gasPrice", "gasToken", "operation", "refundReceiver", "safeTxnGas"].sort(),
  );
  // Two calls of a Safe are one, by delegation to the multisend contract.
  const two = body(draft({ calls: [draft({}).calls[0]!, draft({}).calls[0]!] }), "0x12");
  expect(two).toMatchObject({ to: CONTRACTS.safeMultisend, signatureParams: { operation: "1" } });
  const proxy = body(draft({ relayType: "PROXY", gasLimit: "9", relay: ONE }), "0x12");
  expect(proxy).toMatchObject({
    ...{ type: "PROXY", to: CONTRACTS.proxyFactory },
    signatureParams: {
      relay: ONE,
      relayHub: CONTRACTS.relayHub,
      relayerFee: "0",
      gasPrice: "0",
      gasLimit: "9",
    },
  });
});

test("a signer that signs something else, or fails, is refused without its words", async () => {
  const other = Wallet.createRandom();
  await expect(signRelay(other, draft({}), CONTRACTS)).rejects.toThrow("the signature is not the key's");
  const fails = (): Promise<string> => Promise.reject(new Error("secret words"));
  const locked = { signMessage: fails, signTypedData: fails };
  const error = await signRelay(locked, draft({}), CONTRACTS).catch((cause: unknown) => cause as Error);
  expect((error as Error).message).toContain("the signer did not sign");
  expect(String(error)).not.toContain("secret words");
});
