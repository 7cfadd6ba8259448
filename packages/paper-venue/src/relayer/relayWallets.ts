import { concat, getAddress, getCreate2Address, Interface, keccak256, toBeHex, zeroPadValue } from "ethers";
import { RELAY_ADDRESSES, RELAY_OPERATOR } from "../chain/addresses.ts";
import { ARTIFACTS } from "../chain/artifacts.ts";
import type { LocalChain } from "../chain/localChain.ts";

/** Kinds of requests. */
export type RelayKind = "SAFE" | "PROXY" | "WALLET" | "SAFE-CREATE" | "WALLET-CREATE";

/** A call as the relayer hands it to the chain. */
export interface RelayedCall {
  readonly to: string;
  readonly data: string;
}

/** A request as it is sent. Fields that its kind does not have are absent. */
export interface RelayForm {
  readonly kind: RelayKind;
  readonly from: string;
  readonly to: string;
  readonly wallet: string;
  readonly data: string;
  readonly nonce: string;
  readonly signature: string;
  readonly params: Readonly<Record<string, string>>;
  readonly deadline: string;
  readonly calls: readonly { readonly target: string; readonly value: string; readonly data: string }[];
  readonly metadata: string;
}

const SAFE = new Interface(ARTIFACTS.Safe.abi);
const SAFE_FACTORY = new Interface(ARTIFACTS.SafeFactory.abi);
const HUB = new Interface(ARTIFACTS.RelayHub.abi);
const FACTORY = new Interface(ARTIFACTS.DepositWalletFactory.abi);
const { safeFactory, proxyFactory, relayHub, depositWalletFactory, depositWalletBeacon } = RELAY_ADDRESSES;
const SAFE_INIT_CODE_HASH = "0x2bce2127ff07fb632d16c8347c4ebf501f4841168bed00d9e6ef715ddb6fcecf";
const PROXY_INIT_CODE_HASH = "0xd21df8dc65880a8606f09fe0ce3df9b8869287ab0b058be05aa9e8af6330a00b";
const BEACON_PROXY =
  "0x60195155f3363d3d373d3d363d602036600436635c60da1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3";

/** The wallet that a key has of a signature type: 1 a proxy, 2 a Safe, 3 a deposit wallet. In lower case. */
export function walletOf(owner: string, signatureType: 1 | 2 | 3): string {
  const padded = zeroPadValue(owner, 32);
  if (signatureType === 1)
    return getCreate2Address(proxyFactory, keccak256(owner), PROXY_INIT_CODE_HASH).toLowerCase();
  if (signatureType === 2)
    return getCreate2Address(safeFactory, keccak256(padded), SAFE_INIT_CODE_HASH).toLowerCase();
  const args = concat([zeroPadValue(depositWalletFactory, 32), padded]);
  const prefix = toBeHex(0x6100523d8160233d3973n + (64n << 56n), 10);
  const code = keccak256(concat([prefix, depositWalletBeacon, BEACON_PROXY, args]));
  return getCreate2Address(depositWalletFactory, keccak256(args), code).toLowerCase();
}

/** The signature type of a kind of request. */
export function typeOf(kind: RelayKind): 1 | 2 | 3 {
  return kind === "PROXY" ? 1 : kind.startsWith("SAFE") ? 2 : 3;
}

/** The nonce that the chain wants next; 0 for a wallet that is not there. */
export async function nonceOf(chain: LocalChain, kind: RelayKind, owner: string): Promise<bigint> {
  const [to, data] =
    kind === "PROXY"
      ? [relayHub, HUB.encodeFunctionData("getNonce", [owner])]
      : [walletOf(owner, typeOf(kind)), SAFE.encodeFunctionData("nonce")];
  const out = await chain.send<string>("eth_call", [{ to, data }, "latest"]);
  return out === "0x" ? 0n : BigInt(out);
}

export async function isMade(chain: LocalChain, wallet: string): Promise<boolean> {
  return (await chain.send<string>("eth_getCode", [wallet, "latest"])) !== "0x";
}

/** What has to be there before a call: a Safe's code, for its factory cannot make it. */
export async function prepareCall(chain: LocalChain, { kind, wallet }: RelayForm): Promise<void> {
  if (kind === "SAFE-CREATE" && !(await isMade(chain, wallet)))
    await chain.send("anvil_setCode", [wallet, ARTIFACTS.Safe.runtime]);
}

/** The transaction that carries a request out. Whether its signature holds is for the contracts to say. */
export function callOf(form: RelayForm): RelayedCall {
  const { kind, from, to, wallet, data, nonce, signature, params } = form;
  switch (kind) {
    case "SAFE": {
      const gas = [params["safeTxnGas"], params["baseGas"], params["gasPrice"]].map((each) => each ?? "0");
      const none = `0x${"0".repeat(40)}`;
      const refund = [params["gasToken"] ?? none, params["refundReceiver"] ?? none];
      const args = [to, "0", data, params["operation"] ?? "0", ...gas, ...refund, signature];
      return { to: getAddress(wallet), data: SAFE.encodeFunctionData("execTransaction", args) };
    }
    case "PROXY": {
      const gas = [params["relayerFee"] ?? "0", params["gasPrice"] ?? "0", params["gasLimit"] ?? "0"];
      const args = [from, to, data, ...gas, nonce, signature, "0x"];
      return { to: relayHub, data: HUB.encodeFunctionData("relayCall", args) };
    }
    case "WALLET": {
      const batch = { wallet, nonce, deadline: form.deadline, calls: form.calls };
      return {
        to: depositWalletFactory,
        data: FACTORY.encodeFunctionData("proxy", [[batch], [signature]]),
      };
    }
    case "SAFE-CREATE": {
      const sig = {
        v: Number(`0x${signature.slice(130, 132)}`),
        r: `0x${signature.slice(2, 66)}`,
        s: `0x${signature.slice(66, 130)}`,
      };
      const none = `0x${"0".repeat(40)}`;
      const pay = [
        params["paymentToken"] ?? none,
        params["payment"] ?? "0",
        params["paymentReceiver"] ?? none,
      ];
      return { to: safeFactory, data: SAFE_FACTORY.encodeFunctionData("createProxy", [...pay, sig]) };
    }
    case "WALLET-CREATE":
      return {
        to: depositWalletFactory,
        data: FACTORY.encodeFunctionData("deploy", [[from], [zeroPadValue(from, 32)]]),
      };
  }
}

/** Who hands it in: proxies have signed for it. */
export const SENDER = RELAY_OPERATOR;
