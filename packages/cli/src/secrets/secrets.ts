import {
  isMatchpointError,
  MatchpointError,
  Secret,
  SECRETS,
  type BotConfig,
  type SecretKey,
  type SecretProvider,
} from "@matchpoint/sdk";
import { bareMessage } from "../bareMessage.ts";
import type { Io } from "../io.ts";
import { credential } from "./credentials.ts";
import { customSecrets } from "./custom.ts";
import { dopplerSecrets } from "./doppler.ts";
import type { Environment } from "./environment.ts";
import { keystoreSecrets } from "./keystore.ts";
import { promptSecret, type Terminal } from "./prompt.ts";
import { readSecretFile } from "./secretFile.ts";
import { ssmSecrets } from "./ssm.ts";
import { vaultSecrets } from "./vault.ts";

/** What secrets are looked for with. */
export interface SecretPorts {
  readonly environment: Environment;
  /** The configuration's folder: providers of one's own are files from there. */
  readonly folder: string;
  readonly io: Pick<Io, "err">;
  /** Where a person types; default: standard input. */
  readonly input?: Terminal;
}

type Sections = Pick<BotConfig, "secrets" | "secret_providers">;

/** The secrets of a configuration, each looked for once, when it is needed. */
export class Secrets {
  /** The configuration's folder. */
  readonly folder: string;
  readonly #config: Sections;
  readonly #ports: SecretPorts;
  readonly #found = new Map<SecretKey, Promise<Secret | undefined>>();
  readonly #providers = new Map<string, SecretProvider>();

  constructor(config: Sections, ports: SecretPorts) {
    this.#config = config;
    this.#ports = ports;
    this.folder = ports.folder;
  }

  /**
   * A secret; `undefined` when the configuration does not say where it is and neither the environment nor the service manager has it.
   * @throws MatchpointError `SECRET_MISSING`, `SECRET_UNSAFE`, `SECRET_DENIED`, `SECRET_UNAVAILABLE`, `CREDENTIALS_INVALID`,
   * `HTTP_RESPONSE_INVALID`, `CONFIG_INVALID`, `ABORTED`, which say whose it is
   */
  find(name: SecretKey): Promise<Secret | undefined> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const found = this.#look(name);
    this.#found.set(name, found);
    // What failed is looked for anew when it is asked for again.
    found.catch(() => this.#found.delete(name));
    return found;
  }

  /** Where a secret is looked for, in words. */
  place(name: SecretKey): string {
    return this.#config.secrets?.[name] ?? `the environment variable ${SECRETS[name].variable}`;
  }

  async #look(name: SecretKey): Promise<Secret | undefined> {
    const reference = this.#config.secrets?.[name];
    if (reference === undefined) {
      const { variable } = SECRETS[name];
      return this.#ports.environment.find(variable) ?? (await credential(variable));
    }
    try {
      const at = reference.indexOf(":");
      const scheme = at === -1 ? reference : reference.slice(0, at);
      const value = (await this.#provider(scheme).get(reference.slice(at + 1))).reveal().trim();
      if (value === "") throw new MatchpointError("CREDENTIALS_INVALID", `${reference} is empty`);
      return new Secret(value);
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      const { where, hint } = error;
      throw new MatchpointError(
        error.code,
        `${where === undefined ? "" : `${where}: `}${bareMessage(error)}`,
        {
          where: `secrets.${name}`,
          ...(hint === undefined ? {} : { hint }),
        },
      );
    }
  }

  #provider(scheme: string): SecretProvider {
    const known = this.#providers.get(scheme);
    if (known !== undefined) return known;
    const made = this.#open(scheme);
    this.#providers.set(scheme, made);
    return made;
  }

  #open(scheme: string): SecretProvider {
    const { environment, folder, io, input } = this.#ports;
    const providers = this.#config.secret_providers;
    const timeoutMs = providers?.timeout_ms ?? TIMEOUT_MS;
    switch (scheme) {
      case "env":
        return {
          get: async (name) =>
            environment.find(name) ?? missing(`the environment variable ${name} is not set`),
        };
      case "credentials":
        return {
          get: async (name) =>
            (await credential(name)) ?? missing(`there is no ${name} in $CREDENTIALS_DIRECTORY`),
        };
      case "file":
        return { get: async (path) => new Secret(await readSecretFile(path)) };
      case "prompt":
        return { get: () => promptSecret("the secret that the configuration says is typed", io, input) };
      case "keystore":
        return keystoreSecrets({
          passphrase: () => this.find("keystore_passphrase"),
          ask: (what) => promptSecret(what, io, input),
        });
      case "doppler":
        return dopplerSecrets({
          url: "https://api.doppler.com",
          ...providers?.doppler,
          timeoutMs,
          token: () => this.#need("doppler_token"),
        });
      case "vault":
        return this.#vault(timeoutMs);
      case "ssm":
        return ssmSecrets({ ...providers?.ssm, timeoutMs, variable: (name) => environment.find(name) });
      default: {
        const own = providers?.custom?.[scheme];
        if (own !== undefined) return customSecrets({ ...own, name: scheme, folder });
        throw new MatchpointError("CONFIG_INVALID", `no provider of secrets is called ${scheme}`);
      }
    }
  }

  #vault(timeoutMs: number): SecretProvider {
    const given = this.#config.secret_providers?.vault;
    if (given === undefined)
      throw new MatchpointError("CONFIG_INVALID", "secret_providers.vault is missing", {
        hint: "It has Vault's address.",
      });
    const { auth, approle_mount: mount, ...rest } = given;
    return vaultSecrets({
      ...rest,
      timeoutMs,
      auth:
        auth === "token"
          ? { kind: "token", token: () => this.#need("vault_token") }
          : {
              kind: "approle",
              mount,
              roleId: () => this.#need("vault_role_id"),
              secretId: () => this.#need("vault_secret_id"),
            },
    });
  }

  async #need(name: SecretKey): Promise<Secret> {
    return (
      (await this.find(name)) ??
      missing(`it takes ${name}, which is missing`, `Set ${this.place(name)}, or secrets.${name}.`)
    );
  }
}

const TIMEOUT_MS = 5_000;

function missing(message: string, hint?: string): never {
  throw new MatchpointError("SECRET_MISSING", message, hint === undefined ? {} : { hint });
}
