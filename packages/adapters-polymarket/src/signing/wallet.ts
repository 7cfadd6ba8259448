import { MatchpointError } from "@matchpoint/sdk";
import { computeAddress, SigningKey, type AbstractSigner } from "ethers";
import { readAddress } from "../order/order.ts";
import type { Hex } from "../venue/contracts.ts";
import type { Signer } from "./signer.ts";

/**
 * A signer with a private key in this process. The key is held in a closure: the signer has no field, text or JSON form with it,
 * and no error quotes it.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID` when it is not `0x` and 64 hexadecimal digits, or no key of the curve
 */
export function createWalletSigner(privateKey: string): Signer {
  const key = readKey(privateKey);
  return Object.freeze({
    address: readAddress(computeAddress(key.publicKey), "wallet"),
    sign: ({ digest }: { readonly digest: Hex }) => key.sign(digest).serialized as Hex,
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
