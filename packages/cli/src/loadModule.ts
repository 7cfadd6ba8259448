import { existsSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { MatchpointError, type ErrorCode } from "@matchpoint/sdk";

/** What a module of somebody's own is for, and with which codes it is refused. */
export interface ModuleUse {
  readonly what: string;
  readonly notFound: ErrorCode;
  readonly invalid: ErrorCode;
}

/** Whether a name is that of a file, not of a package. */
export function isPath(name: string): boolean {
  return /^\.{0,2}\/|^\.\.?$|\.[cm]?[jt]s$/.test(name);
}

const MISSING =
  "Packages are looked up from the file's own folder: install what it imports there, or in a folder above.";
const STRIPPED =
  "It is imported as it stands: Node takes types off, but runs no enums, decorators or parameter properties.";

/** Loads a file. @throws MatchpointError of the codes given, with the place in the file where that is known */
export async function importFile(path: string, use: ModuleUse): Promise<Record<string, unknown>> {
  if (!existsSync(path)) {
    throw new MatchpointError(use.notFound, `no such ${use.what} file: ${path}`, { hint: "Check the path." });
  }
  if (!statSync(path).isFile()) {
    throw new MatchpointError(use.notFound, `${path} is a folder, not a ${use.what} file`, {
      hint: `Name the file in it that exports the ${use.what}.`,
    });
  }
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new MatchpointError(use.invalid, `the file could not be loaded: ${causeText(cause)}`, {
      where: placeIn(path, cause),
      hint: codeOf(cause) === "ERR_MODULE_NOT_FOUND" ? MISSING : STRIPPED,
      cause,
    });
  }
}

/** Node's code of an error, else nothing. */
export function codeOf(cause: unknown): string {
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
}

/** Whether a package could not be loaded because it is not there. */
export function isNotInstalled(cause: unknown): boolean {
  return ["ERR_MODULE_NOT_FOUND", "ERR_INVALID_MODULE_SPECIFIER"].includes(codeOf(cause));
}

/** What an error says, in one line. */
export function causeText(cause: unknown): string {
  return (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)).split("\n")[0]!;
}

/** The file, with line and column where the error's stack has them. */
function placeIn(path: string, cause: unknown): string {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(`${name}:`);
    const place = at === -1 ? null : /^:\d+(?::\d+)?/.exec(stack.slice(at + name.length));
    if (place !== null) return `${path}${place[0]}`;
  }
  return path;
}
