import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MatchpointError, type Secret } from "@matchpoint/sdk";

const NAME = /^\.env(?:\..+)?$/;
const MOST_BYTES = 1_048_576;

/**
 * Refuses a private key that stands in a `.env` file: of a folder given or of one above it, or one that Node was told to read. Such
 * files lie beside the code, are copied with it and read by every tool; that the key came another way does not make it a secret again.
 * @throws MatchpointError `SECRET_UNSAFE`
 */
export function demandNotInDotenv(privateKey: Secret, folders: readonly string[]): void {
  const digits = /[0-9a-f]{64}/.exec(privateKey.reveal().toLowerCase())?.[0];
  if (digits === undefined) return;
  for (const file of new Set([...folders.flatMap(filesAbove), ...envFiles()])) {
    const line = readable(file)
      .toLowerCase()
      .split("\n")
      .findIndex((text) => text.includes(digits));
    if (line === -1) continue;
    throw new MatchpointError("SECRET_UNSAFE", "the private key stands in a .env file", {
      where: `${file}:${line + 1}`,
      hint: "Take it out of there, and better make a new wallet: docs/how-to/keep-secrets.md says where a key can be kept.",
    });
  }
}

function filesAbove(folder: string): readonly string[] {
  const files: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      for (const name of readdirSync(at)) if (NAME.test(name)) files.push(join(at, name));
    } catch {
      // Where we may not look, Node's own `--env-file` may not either.
    }
    if (at === dirname(at)) return files;
  }
}

/** Files that Node was told to read the environment from. */
function envFiles(): readonly string[] {
  const words = [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)];
  return words.flatMap((word, i) => {
    const match = /^--env-file(?:-if-exists)?(?:=(.*))?$/.exec(word);
    const file = match === null ? undefined : (match[1] ?? words[i + 1]);
    return file === undefined || !existsSync(file) ? [] : [resolve(file)];
  });
}

function readable(file: string): string {
  try {
    const { size } = statSync(file);
    return size > MOST_BYTES ? "" : readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
