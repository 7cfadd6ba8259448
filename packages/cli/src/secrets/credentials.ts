import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMatchpointError, MatchpointError, Secret } from "@matchpoint/sdk";
import { LONGEST, repositoryOf } from "./secretFile.ts";

/**
 * A secret from the folder that a service manager hands them over in (`$CREDENTIALS_DIRECTORY` of systemd, `/run/secrets` of Docker): one
 * file for each, named as it is asked for. Unlike a variable that the process was started with, it is in no `/proc/PID/environ`. Who may
 * read the folder is the service manager's business. `undefined` where there is none.
 * @throws MatchpointError `SECRET_UNSAFE` when it lies in a repository
 */
export async function credential(
  name: string,
  folder = process.env["CREDENTIALS_DIRECTORY"] ?? "",
): Promise<Secret | undefined> {
  if (folder === "") return undefined;
  try {
    const path = join(folder, name);
    const found = await stat(path);
    if (!found.isFile() || found.size > LONGEST) return undefined;
    const repository = await repositoryOf(await realpath(path));
    if (repository !== undefined)
      throw new MatchpointError("SECRET_UNSAFE", `lies in ${repository}, and would be copied with it`, {
        where: path,
        hint: "Let $CREDENTIALS_DIRECTORY be a folder outside of it.",
      });
    const value = (await readFile(path, "utf8")).trim();
    return value === "" ? undefined : new Secret(value);
  } catch (error) {
    if (isMatchpointError(error)) throw error;
    // What cannot be read is missing, and is said to be where it is needed.
    return undefined;
  }
}
