import { resolve } from "node:path";
import { isMatchpointError, MatchpointError, type SecretProvider } from "@matchpoint/sdk";
import { causeText, importFile, isNotInstalled, isPath } from "../loadModule.ts";

/** A provider of somebody's own, as the configuration names it. */
export interface CustomOptions {
  readonly name: string;
  /** A file, from `folder`, or a package. */
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly folder: string;
}

/**
 * A provider from a module: its default export, else its only one, is a {@link SecretProvider} or a function that makes one of the
 * configuration's `params`.
 */
export function customSecrets(options: CustomOptions): SecretProvider {
  let provider: Promise<SecretProvider> | undefined;
  return {
    async get(name) {
      const open = await (provider ??= load(options));
      try {
        const secret = (await open.get(name)) as unknown;
        const value = revealed(secret);
        if (typeof value === "string") return { reveal: () => value };
      } catch (error) {
        if (isMatchpointError(error)) throw error;
        // What another's error says may have the secret in it.
        throw new MatchpointError(
          "SECRET_UNAVAILABLE",
          `the provider ${options.name} failed: ${kindOf(error)}`,
          {
            hint: "It throws a MatchpointError to say more; its text is shown as it is.",
          },
        );
      }
      throw new MatchpointError("SECRET_MISSING", `the provider ${options.name} gives no secret`, {
        hint: "Its `get` answers with a Secret, or throws SECRET_MISSING.",
      });
    },
  };
}

function revealed(secret: unknown): unknown {
  const { reveal } = (secret ?? {}) as { readonly reveal?: unknown };
  return typeof reveal === "function" ? (reveal.call(secret) as unknown) : undefined;
}

function kindOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return /^\w{1,60}$/.test(name) ? name : "an error";
}

async function load({ name, use, params, folder }: CustomOptions): Promise<SecretProvider> {
  const where = isPath(use) ? resolve(folder, use) : use;
  const module = isPath(use) ? await importFile(where, FILE) : await fromPackage(use);
  const exported = Object.values(module);
  const chosen = module["default"] ?? (exported.length === 1 ? exported[0] : undefined);
  const made: unknown =
    typeof chosen === "function" ? await (chosen as (given: unknown) => unknown)(params) : chosen;
  if (isProvider(made)) return made;
  throw new MatchpointError("CONFIG_INVALID", `exports no provider of secrets for ${name}`, {
    where,
    hint: "Its default export is an object with a method `get`, or a function that makes one of its params.",
  });
}

const FILE = { what: "secret provider", notFound: "FILE_NOT_FOUND", invalid: "CONFIG_INVALID" } as const;

async function fromPackage(name: string): Promise<Record<string, unknown>> {
  try {
    return (await import(name)) as Record<string, unknown>;
  } catch (cause) {
    throw new MatchpointError(
      "CONFIG_INVALID",
      isNotInstalled(cause)
        ? `no package ${name} is installed`
        : `${name} could not be loaded: ${causeText(cause)}`,
      {
        hint: "A file is given by its path, such as ./secrets/mine.ts, from the configuration's folder.",
        cause,
      },
    );
  }
}

function isProvider(value: unknown): value is SecretProvider {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<SecretProvider>).get === "function"
  );
}
