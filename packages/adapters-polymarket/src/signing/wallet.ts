import { MatchpointError } from "@matchpoint/sdk";
import { computeAddress, SigningKey, Wallet, type AbstractSigner, type TransactionRequest } from "ethers";
import { bytesOf, hexOf } from "../order/bytes.ts";
import { readAddress } from "../order/order.ts";
import type { Hex } from "../venue/contracts.ts";
import { PURE_CURVE, type Curve } from "./curve.ts";
import type { Turn } from "./epochs.ts";
import type { Signer } from "./signer.ts";

/**
 * A signer with a private key in this process, on a curve of `loadCurve` (default: plain JavaScript). The key is held in a closure: the signer has no field, text or JSON form with it,
 * and no error quotes it.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID` when it is not `0x` and 64 hexadecimal digits, or no key of the curve
 */
export function createWalletSigner(privateKey: string, curve: Curve = PURE_CURVE): Signer {
  const { publicKey, privateKey: checked } = readKey(privateKey);
  const key = bytesOf(checked);
  const signer: Signer = Object.freeze({
    address: readAddress(computeAddress(publicKey), "wallet"),
    sign({ digest }: { readonly digest: Hex }) {
      const { rs, recovery } = curve.sign(bytesOf(digest), key);
      return `${hexOf(rs)}${recovery === 0 ? "1b" : "1c"}` as Hex;
    },
  });
  IN_PROCESS.add(signer);
  return signer;
}

/** Signers whose key is in this process: they cannot answer for another. */
const IN_PROCESS = new WeakSet<Signer>();

/** Whether a signer has its key in this process. */
export function isInProcess(signer: Signer): boolean {
  return IN_PROCESS.has(signer);
}

/** Signs transactions; with a turn, only as long as it lasts. */
export type WalletChainSigner = Pick<
  Wallet,
  "getAddress" | "signTransaction" | "signMessage" | "signTypedData"
> &
  Pick<Turn, "stale">;

/**
 * Signs transactions with a private key in this process: what `createWalletChain` takes. Nothing of the key can be read from it.
 * @param turn - whose turn it is, the account's order signer: from when a process that started later has signed, nothing is signed here,
 *   and the wallet sends nothing more. Default: there is no fence
 * @throws `MatchpointError` `CREDENTIALS_INVALID` as {@link createWalletSigner}; its methods `SIGNING_REFUSED` once it was overtaken
 */
export function createChainSigner(privateKey: string, turn: Turn = {}): WalletChainSigner {
  const wallet = new Wallet(readKey(privateKey));
  const { begin, stale } = turn;
  /** What is refused is refused by the promise, as a signer elsewhere would. */
  const inTurn = async <T>(sign: () => Promise<T>): Promise<T> => {
    begin?.();
    return sign();
  };
  return Object.freeze({
    getAddress: () => wallet.getAddress(),
    signTransaction: (tx: TransactionRequest) => inTurn(() => wallet.signTransaction(tx)),
    signMessage: (message: string | Uint8Array) => inTurn(() => wallet.signMessage(message)),
    signTypedData: (...args: Parameters<Wallet["signTypedData"]>) =>
      inTurn(() => wallet.signTypedData(...args)),
    ...(stale === undefined ? {} : { stale }),
  });
}

/** A signer from an ethers v6 wallet or account of a provider, which is asked to sign typed data. */
export async function createEthersSigner(
  account: Pick<AbstractSigner, "getAddress" | "signTypedData">,
): Promise<Signer> {
  const address = readAddress(await account.getAddress(), "account");
  return Object.freeze({
    address,
    async sign(request) {
      const { domain, types, message } = request.typedData();
      return (await account.signTypedData(domain, types, message)) as Hex;
    },
  } satisfies Signer);
}

function readKey(privateKey: unknown): SigningKey {
  if (typeof privateKey === "string" && /^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    try {
      const key = new SigningKey(privateKey);
      // Computed here: 0 and numbers beyond the curve's order are found out only now.
      if (key.publicKey !== "") return key;
    } catch {
      // Not passed on as a cause: what it says of its argument is not ours to vouch for.
    }
  }
  throw new MatchpointError("CREDENTIALS_INVALID", "the private key is not one", {
    hint: "it is 0x and 64 hexadecimal digits, without blanks or quotes",
  });
}
