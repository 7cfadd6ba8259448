import { z } from "zod";
import { isSafeAddress, MOST_URL } from "./address.ts";
import { nearest } from "./nearest.ts";

/** A secret that something here asks for. */
interface SecretUse {
  /** The environment's variable, and the file in the service manager's folder, that it is read from when nothing else is said. */
  readonly variable: string;
  readonly what: string;
}

const own = (name: string, what: string): SecretUse => ({ variable: `MATCHPOINT_${name}`, what });

/** Every secret by its name in the configuration. */
export const SECRETS = {
  private_key: own("PRIVATE_KEY", "The key of the account's wallet: 0x and 64 hexadecimal digits."),
  api_key: own("API_KEY", "Polymarket's API key, with the two that follow; without the three it is derived."),
  api_secret: own("API_SECRET", "The API key's secret."),
  api_passphrase: own("API_PASSPHRASE", "The API key's passphrase."),
  rpc_urls: own(
    "RPC_URLS",
    "Nodes of the chain, with commas between them; asked before `execution.rpc_urls`.",
  ),
  relayer_api_key: own(
    "RELAYER_API_KEY",
    "A key of Polymarket's relayer, which sends for a contract wallet.",
  ),
  relayer_api_key_address: own(
    "RELAYER_API_KEY_ADDRESS",
    "Whose the relayer's key is, if not the account's own.",
  ),
  builder_api_key: own("BUILDER_API_KEY", "A builder's key, in place of the relayer's."),
  builder_api_secret: own("BUILDER_API_SECRET", "The builder key's secret."),
  builder_api_passphrase: own("BUILDER_API_PASSPHRASE", "The builder key's passphrase."),
  grid_api_key: own("GRID_API_KEY", "GRID's key."),
  pandascore_token: own("PANDASCORE_TOKEN", "PandaScore's token."),
  riot_gateway_key: own("RIOT_GATEWAY_KEY", "The x-api-key of Riot's gateway."),
  steam_api_key: own("STEAM_API_KEY", "Steam's Web API key."),
  liquipedia_api_key: own("LIQUIPEDIA_API_KEY", "Liquipedia's LPDB key."),
  telegram_token: own("TELEGRAM_TOKEN", "The token of the Telegram bot that tells alerts."),
  discord_webhook_url: own("DISCORD_WEBHOOK_URL", "The address of the Discord webhook that tells alerts."),
  alert_webhook_url: own("ALERT_WEBHOOK_URL", "Where alerts are posted as JSON; https, or to this machine."),
  alert_webhook_token: own("ALERT_WEBHOOK_TOKEN", "Shown there as a bearer token; may be left out."),
  metrics_token: own(
    "METRICS_TOKEN",
    "What has to be shown to read `/metrics`, as a bearer token; without it whoever is on this machine may.",
  ),
  keystore_passphrase: own(
    "KEYSTORE_PASSPHRASE",
    "What an encrypted keystore is opened with; asked for in the terminal when it is nowhere.",
  ),
  doppler_token: { variable: "DOPPLER_TOKEN", what: "Doppler's service token." },
  vault_token: { variable: "VAULT_TOKEN", what: "Vault's token, with `auth: token`." },
  vault_role_id: { variable: "VAULT_ROLE_ID", what: "The AppRole's id, with `auth: approle`." },
  vault_secret_id: { variable: "VAULT_SECRET_ID", what: "The AppRole's secret id, with `auth: approle`." },
} as const satisfies Readonly<Record<string, SecretUse>>;

/** Name of a secret in the configuration. */
export type SecretKey = keyof typeof SECRETS;

/** Where a secret can come from without code of one's own. */
export const SECRET_SCHEMES = [
  "env",
  "file",
  "credentials",
  "keystore",
  "prompt",
  "doppler",
  "vault",
  "ssm",
] as const;

const FORM = "write where it is, such as env:NAME, file:/path, keystore:/path, vault:path#field, or prompt";
const REFERENCE = /^(?:prompt|[a-z][a-z0-9_]*:\S(?:.*\S)?)$/;
/** 64 hexadecimal digits, wherever they stand: a private key. */
const KEY = /[0-9a-f]{64}/i;

// Messages of a schema's own formats and types show the value, and here it may be a secret that was put in the wrong place.
const reference = z
  .string({ error: `is no text: ${FORM}` })
  .refine((text) => !KEY.test(text), {
    abort: true,
    error: `looks like a key itself, and secrets do not belong in a configuration file: ${FORM}`,
  })
  .refine((text) => REFERENCE.test(text), { error: `does not say where the secret is: ${FORM}` });

/** Where each secret comes from. */
export const SECRETS_CONFIG = z.strictObject(
  Object.fromEntries(
    (Object.entries(SECRETS) as [SecretKey, SecretUse][]).map(([name, { variable, what }]) => [
      name,
      reference.exactOptional().describe(`${what} Absent: the environment's ${variable}.`),
    ]),
  ) as Record<SecretKey, z.ZodExactOptional<typeof reference>>,
);

const address = z
  .string({ error: `must be an address: ${MOST_URL}` })
  .refine(isSafeAddress, { error: `must be an address: ${MOST_URL}` });
const part = z.string().regex(/^[\w-]+(?:\/[\w-]+)*$/, "must be a path of letters, digits, - and _");

const SECRET_PARAM =
  /^(api[_-]?key|api[_-]?secret|secret|private[_-]?key|passphrase|password|mnemonic|token)$/i;

/** How the providers of secrets are reached. */
export const SECRET_PROVIDERS_CONFIG = z.strictObject({
  timeout_ms: z
    .int()
    .min(100)
    .max(60_000)
    .default(5_000)
    .describe("How long a secret manager may take to answer one request."),
  doppler: z
    .strictObject({
      url: address.default("https://api.doppler.com").describe("Doppler's address."),
      project: part.exactOptional().describe("Absent: the one that the service token is for."),
      config: part.exactOptional().describe("Absent: the one that the service token is for."),
    })
    .exactOptional(),
  vault: z
    .strictObject({
      address: address.describe("Vault's address, of the active node: redirects are not followed."),
      namespace: part.exactOptional().describe("Of Vault Enterprise."),
      mount: part.default("secret").describe("Where the key-value engine, version 2, is mounted."),
      auth: z
        .enum(["token", "approle"])
        .default("token")
        .describe("By `secrets.vault_token`, or by `secrets.vault_role_id` and `secrets.vault_secret_id`."),
      approle_mount: part.default("approle").describe("Where AppRole is mounted."),
    })
    .exactOptional(),
  ssm: z
    .strictObject({
      region: z
        .string()
        .regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d$/, "must be a region such as eu-west-1")
        .exactOptional()
        .describe("Absent: the one that the AWS SDK finds by itself."),
      endpoint: address.exactOptional().describe("Absent: the region's own."),
    })
    .exactOptional(),
  custom: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, "must be a name of small letters, digits and _"),
      z.strictObject({
        use: z
          .string()
          .min(1)
          .describe(
            "A file (`./secrets/mine.ts`) or an npm package that exports a SecretProvider, or a function that makes one.",
          ),
        params: z
          .record(z.string(), z.unknown())
          .default({})
          .describe(
            "What that function is given. No secrets: the configuration is copied into every journal.",
          ),
      }),
    )
    .exactOptional()
    .describe("Providers of your own: `NAME: { use: ./secrets/mine.ts }` serves `NAME:…`."),
});

/** What a provider needs to be asked at all. */
const NEEDS: Readonly<Record<string, readonly SecretKey[]>> = {
  keystore: ["keystore_passphrase"],
  doppler: ["doppler_token"],
  vault: ["vault_token", "vault_role_id", "vault_secret_id"],
};

/** The form of what stands after each provider's name. */
const FORMS: Readonly<Record<string, readonly [RegExp, string]>> = {
  env: [/^[A-Za-z_]\w*$/, "env:NAME"],
  credentials: [/^[A-Za-z_][\w.-]*$/, "credentials:NAME"],
  file: [
    /^(?:~?\/|[A-Za-z]:[\\/])./,
    "file: and a whole path, such as file:/etc/matchpoint/key or file:~/keys/key",
  ],
  keystore: [/^(?:~?\/|[A-Za-z]:[\\/])./, "keystore: and a whole path, such as keystore:~/keys/bot.json"],
  doppler: [/^[A-Z_][A-Z0-9_]*$/, "doppler:NAME, of capital letters, digits and _"],
  vault: [
    /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*#[\w.-]+$/,
    "vault:path#field, such as vault:matchpoint/live#private_key",
  ],
  ssm: [/^[\w./-]+$/, "ssm:/path/of/the/parameter"],
};

interface Given {
  readonly secrets?: z.output<typeof SECRETS_CONFIG> | undefined;
  readonly secret_providers?: z.output<typeof SECRET_PROVIDERS_CONFIG> | undefined;
}

/** What only the two sections together show: references that nobody can serve. */
export function secretProblems(
  { secrets = {}, secret_providers: providers }: Given,
  ctx: z.core.$RefinementCtx,
): void {
  const problem = (path: readonly string[], message: string, atKey = false): void => {
    ctx.addIssue({ code: "custom", path: [...path], message, params: { atKey } });
  };
  const custom = providers?.custom ?? {};
  for (const [name, { params }] of Object.entries(custom)) {
    const at = ["secret_providers", "custom", name];
    if ((SECRET_SCHEMES as readonly string[]).includes(name))
      problem(at, "is one of Matchpoint's own: give yours another name", true);
    for (const key of Object.keys(params).filter((each) => SECRET_PARAM.test(each)))
      problem([...at, "params", key], "secrets do not belong in a configuration file", true);
  }
  const known = [...SECRET_SCHEMES, ...Object.keys(custom)];
  for (const name of Object.keys(secrets) as SecretKey[]) {
    const wrong = referenceProblem(name, secrets, known, providers?.vault !== undefined);
    if (wrong !== undefined) problem(["secrets", name], wrong);
  }
}

function referenceProblem(
  name: SecretKey,
  secrets: NonNullable<Given["secrets"]>,
  known: readonly string[],
  vault: boolean,
): string | undefined {
  const text = secrets[name] ?? "";
  const scheme = schemeOf(text);
  if (!known.includes(scheme)) {
    const meant = nearest(scheme, known);
    const help = meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
    return `no provider of that name; ${help}`;
  }
  const form = FORMS[scheme];
  if (form?.[0].test(text.slice(scheme.length + 1)) === false) return `must be ${form[1]}`;
  if (scheme === "prompt" && text !== "prompt") return "must be prompt alone";
  if (scheme === "keystore" && name !== "private_key")
    return "a keystore holds a private key and nothing else";
  if (scheme === "vault" && !vault) return "Vault's address is missing: set secret_providers.vault.address";
  return needs(name, secrets, []) ? "is needed to read itself: take it from another provider" : undefined;
}

/** Whether a secret has to be known before it can be had. */
function needs(
  name: SecretKey,
  secrets: NonNullable<Given["secrets"]>,
  above: readonly SecretKey[],
): boolean {
  if (above.includes(name)) return above[0] === name;
  const needed = NEEDS[schemeOf(secrets[name] ?? "")] ?? [];
  return needed.some((each) => needs(each, secrets, [...above, name]));
}

function schemeOf(text: string): string {
  return text.split(":", 1)[0]!;
}
