import { createRelayer, type OrderParties, type Relayer } from "@matchpoint/adapters-polymarket";
import { MatchpointError, type Clock, type Transport } from "@matchpoint/sdk";

/** The environment's variables for Polymarket's relayer. None is ever printed, journaled or put into an error. */
export const RELAYER_KEYS = {
  key: "MATCHPOINT_RELAYER_API_KEY",
  address: "MATCHPOINT_RELAYER_API_KEY_ADDRESS",
  builderKey: "MATCHPOINT_BUILDER_API_KEY",
  builderSecret: "MATCHPOINT_BUILDER_API_SECRET",
  builderPassphrase: "MATCHPOINT_BUILDER_API_PASSPHRASE",
} as const;

/** What a relayer of this machine takes a minute: all there is. */
const LOCAL_PER_MINUTE = 6_000;

/**
 * The relayer for a contract wallet, by the keys of the environment: its own, else a builder's; `undefined` when there are none, and for
 * a plain wallet. `local` is the venue's address when the venue is of this machine: its relayer is there too.
 * @throws MatchpointError `CREDENTIALS_INVALID` saying which variable is missing or wrong, never what is in it
 */
export function relayerOf(
  { signatureType, wallet }: OrderParties,
  ports: { readonly transport: Transport; readonly clock: Clock },
  local: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Relayer | undefined {
  if (signatureType === 0) return undefined;
  const read = (name: keyof typeof RELAYER_KEYS): string | undefined => {
    const value = env[RELAYER_KEYS[name]]?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const where =
    local === undefined ? {} : { url: `${local.replace(/\/+$/, "")}/relayer`, perMinute: LOCAL_PER_MINUTE };
  const key = read("key");
  if (key !== undefined) {
    // It is of the account's own key unless something else is said.
    const address = read("address") ?? wallet;
    return createRelayer({ ...ports, ...where, credentials: { kind: "relayer_key", key, address } });
  }
  const names = ["builderKey", "builderSecret", "builderPassphrase"] as const;
  const [builder, secret, passphrase] = names.map(read);
  if (builder === undefined && secret === undefined && passphrase === undefined) return undefined;
  if (builder === undefined || secret === undefined || passphrase === undefined)
    throw new MatchpointError("CREDENTIALS_INVALID", "the builder's API key is not whole", {
      hint: `Set ${names.map((name) => RELAYER_KEYS[name]).join(", ")}, or none of them and ${RELAYER_KEYS.key}.`,
    });
  const credentials = { kind: "builder_key", key: builder, secret, passphrase } as const;
  return createRelayer({ ...ports, ...where, credentials });
}
