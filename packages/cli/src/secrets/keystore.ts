import { openKeystore } from "@matchpoint/adapters-polymarket";
import { isMatchpointError, type Secret, type SecretProvider } from "@matchpoint/sdk";
import { readSecretFile } from "./secretFile.ts";

/** What {@link keystoreSecrets} needs. */
export interface KeystoreOptions {
  /** The passphrase, where one is kept; `undefined`: a person is asked. */
  readonly passphrase: () => Promise<Secret | undefined>;
  /** Asks a person, by the words given. */
  readonly ask: (what: string) => Promise<Secret>;
}

/** How openKeystore says that it was another. */
const WRONG = "the passphrase is not";
/** How often a person may mistype. */
const TRIES = 3;

/** The private key of an encrypted keystore. Names are paths; the file is held to the same as a plain one. */
export function keystoreSecrets({ passphrase, ask }: KeystoreOptions): SecretProvider {
  return {
    async get(path) {
      const json = await readSecretFile(path);
      const kept = await passphrase();
      if (kept !== undefined) return openKeystore(json, kept.reveal());
      for (let tried = 1; ; tried += 1) {
        const given = await ask(
          tried === 1 ? `the passphrase of ${path}` : "it again: that was not the passphrase",
        );
        try {
          return await openKeystore(json, given.reveal());
        } catch (error) {
          if (!isMatchpointError(error) || !error.message.startsWith(WRONG) || tried === TRIES) throw error;
        }
      }
    },
  };
}
