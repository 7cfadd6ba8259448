import { MatchpointError, Secret } from "@matchpoint/sdk";
import { decryptKeystoreJson, isKeystoreJson } from "ethers";

/** What deriving a key may take: anything beyond was not made by a wallet, and would hold this process up. */
const MOST_BYTES = 1_073_741_824;
const MOST_LANES = 64;
const MOST_ROUNDS = 10_000_000;

/**
 * Opens an encrypted keystore (version 3, as geth and ethers write it; scrypt or pbkdf2). It takes about a second, on purpose.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID` when it is no such keystore, or the passphrase is not its own; without either in it
 */
export async function openKeystore(json: string, passphrase: string): Promise<Secret> {
  const invalid = (message: string, hint: string): MatchpointError =>
    new MatchpointError("CREDENTIALS_INVALID", message, { hint });
  if (!isKeystoreJson(json))
    throw invalid("is no keystore of version 3", "It is the JSON file that geth and ethers write.");
  if (!isBearable(JSON.parse(json) as object))
    throw invalid(
      "its key would take too much to derive",
      "Encrypt it anew with the usual strength: scrypt with n 262144, r 8, p 1.",
    );
  try {
    // Wallets take a passphrase as Unicode NFKC; so does ethers.
    const { privateKey } = await decryptKeystoreJson(json, passphrase);
    return new Secret(privateKey);
  } catch (error) {
    // The error's own text is not passed on: it may quote what it was given.
    const wrong = /^incorrect password/.test((error as Error).message);
    throw wrong
      ? invalid(
          "the passphrase is not this keystore's",
          "Small and capital letters matter, and so do blanks within.",
        )
      : invalid(
          "cannot be opened: a part of it is missing or of another kind",
          "Is it whole? Its cipher has to be aes-128-ctr.",
        );
  }
}

function isBearable(keystore: object): boolean {
  const params = below(below(keystore, "crypto"), "kdfparams");
  const [n, r, p, c] = ["n", "r", "p", "c"].map((name) => Number(valueAt(params, name) ?? 0));
  return n! * r! * 128 <= MOST_BYTES && p! <= MOST_LANES && c! <= MOST_ROUNDS;
}

/** Wallets do not agree on capitals: ethers reads keys in any. */
function valueAt(value: object, name: string): unknown {
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}

function below(value: object, name: string): object {
  const found = valueAt(value, name);
  return typeof found === "object" && found !== null ? found : {};
}
