import { createRelayer, type OrderParties, type Relayer } from "@matchpoint/adapters-polymarket";
import { SECRETS, type Clock, type Transport } from "@matchpoint/sdk";
import { whole, type Secrets } from "../secrets/index.ts";

/** How Polymarket's relayer knows us. None of it is ever printed, journaled or put into an error. */
export type RelayerKeys =
  | { readonly kind: "relayer_key"; readonly key: string; readonly address: string | undefined }
  | {
      readonly kind: "builder_key";
      readonly key: string;
      readonly secret: string;
      readonly passphrase: string;
    };

/** What a relayer of this machine takes a minute: all there is. */
const LOCAL_PER_MINUTE = 6_000;

/**
 * The relayer's own key, else a builder's; `undefined` when there are none.
 * @throws MatchpointError `CREDENTIALS_INVALID` saying which is missing, never what is in the others
 */
export async function relayerKeys(secrets: Secrets): Promise<RelayerKeys | undefined> {
  const key = await secrets.find("relayer_api_key");
  if (key !== undefined)
    return {
      kind: "relayer_key",
      key: key.reveal(),
      address: (await secrets.find("relayer_api_key_address"))?.reveal(),
    };
  const [builder, secret, passphrase] = await whole(
    ["builder_api_key", "builder_api_secret", "builder_api_passphrase"],
    secrets,
    "the builder's API key is not whole",
    `or none of them and ${SECRETS.relayer_api_key.variable}.`,
  );
  return builder === undefined
    ? undefined
    : { kind: "builder_key", key: builder, secret: secret!, passphrase: passphrase! };
}

/**
 * The relayer for a contract wallet; `undefined` without keys of one, and for a plain wallet. `local` is the venue's address when the
 * venue is of this machine: its relayer is there too.
 */
export function relayerOf(
  { signatureType, wallet }: OrderParties,
  ports: { readonly transport: Transport; readonly clock: Clock },
  local: string | undefined,
  keys: RelayerKeys | undefined,
): Relayer | undefined {
  if (signatureType === 0 || keys === undefined) return undefined;
  const where =
    local === undefined ? {} : { url: `${local.replace(/\/+$/, "")}/relayer`, perMinute: LOCAL_PER_MINUTE };
  // The relayer's key is of the account's own key unless something else is said.
  const credentials = keys.kind === "relayer_key" ? { ...keys, address: keys.address ?? wallet } : keys;
  return createRelayer({ ...ports, ...where, credentials });
}
