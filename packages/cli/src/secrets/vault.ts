import { MatchpointError, Secret, type SecretProvider } from "@matchpoint/sdk";
import { ask, headerValue, part, type Answer } from "./ask.ts";

/** What {@link vaultSecrets} needs. */
export interface VaultOptions {
  readonly address: string;
  readonly namespace?: string;
  /** Where the key-value engine, version 2, is mounted. */
  readonly mount: string;
  readonly timeoutMs: number;
  readonly auth:
    | { readonly kind: "token"; readonly token: () => Promise<Secret> }
    | {
        readonly kind: "approle";
        readonly mount: string;
        readonly roleId: () => Promise<Secret>;
        readonly secretId: () => Promise<Secret>;
      };
}

/**
 * Secrets of HashiCorp Vault's key-value engine, version 2, by token or AppRole. Sources:
 * developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 and /auth/approle. Names are `path#field`.
 */
export function vaultSecrets(options: VaultOptions): SecretProvider {
  const { mount, auth } = options;
  let token: Promise<Secret> | undefined;
  const login = (): Promise<Secret> => {
    token ??= auth.kind === "token" ? auth.token() : approle(options, auth);
    token.catch(() => {
      token = undefined;
    });
    return token;
  };
  return {
    async get(name) {
      const [path = "", field = ""] = name.split("#");
      const key = headerValue((await login()).reveal(), "Vault's token");
      const answer = await askVault(options, `${mount}/data/${path}`, { "x-vault-token": key });
      return field_(answer, `${mount}/${path}`, field);
    },
  };
}

function field_({ status, body }: Answer, path: string, field: string): Secret {
  const metadata = part(part(body, "data"), "metadata");
  if (status === 404) {
    const gone = metadata["destroyed"] === true || (metadata["deletion_time"] ?? "") !== "";
    throw new MatchpointError(
      "SECRET_MISSING",
      gone ? `the newest version of ${path} in Vault is deleted` : `Vault has nothing at ${path}`,
      { hint: "See secret_providers.vault.mount, and vault kv get." },
    );
  }
  if (status !== 200)
    throw new MatchpointError("SECRET_DENIED", `Vault does not let us read ${path}: status ${status}`, {
      hint: "Has the token expired? Its policy needs `read` on that path, with data/ after the mount.",
    });
  const { data } = part(body, "data");
  if (typeof data !== "object" || data === null)
    throw new MatchpointError(
      "HTTP_RESPONSE_INVALID",
      `${path} in Vault is of no key-value engine of version 2`,
      {
        hint: "vault kv enable-versioning makes it one.",
      },
    );
  const value = Object.hasOwn(data, field) ? (data as Record<string, unknown>)[field] : undefined;
  if (typeof value !== "string")
    throw new MatchpointError("SECRET_MISSING", `${path} in Vault has no field ${field} with a text in it`);
  return new Secret(value);
}

async function approle(
  options: VaultOptions,
  { mount, roleId, secretId }: Extract<VaultOptions["auth"], { readonly kind: "approle" }>,
): Promise<Secret> {
  const { status, body } = await askVault(
    options,
    `auth/${mount}/login`,
    {},
    {
      role_id: (await roleId()).reveal(),
      secret_id: (await secretId()).reveal(),
    },
  );
  if (status !== 200)
    throw new MatchpointError("SECRET_DENIED", `Vault refuses the AppRole: status ${status}`, {
      hint: "Is it mounted there (secret_providers.vault.approle_mount)? A secret id may have run out or been used up.",
    });
  const { client_token: given } = part(body, "auth");
  if (typeof given !== "string" || given === "")
    throw new MatchpointError("HTTP_RESPONSE_INVALID", "Vault's answer to the AppRole has no token");
  return new Secret(given);
}

async function askVault(
  { address, namespace, timeoutMs }: VaultOptions,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Answer> {
  const answer = await ask({
    who: "Vault",
    url: `${address.replace(/\/+$/, "")}/v1/${path}`,
    headers: {
      "x-vault-request": "true",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
      ...headers,
    },
    ...(body === undefined ? {} : { method: "POST", body }),
    timeoutMs,
    final: isSealed,
  });
  if (isSealed(answer))
    throw new MatchpointError("SECRET_UNAVAILABLE", "Vault is sealed", {
      hint: "Its operators have to unseal it; then start again.",
    });
  return answer;
}

function isSealed({ status, body }: Answer): boolean {
  const { errors } = body;
  return status === 503 && Array.isArray(errors) && errors.some((each) => /\bsealed\b/i.test(String(each)));
}
