import { constants } from "node:fs";
import { access, open, realpath, stat, type FileHandle } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, parse, relative, resolve, isAbsolute } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";

/** Longer than any secret: what is longer is none. */
export const LONGEST = 65_536;
/** What marks the top of a tree that is copied as a whole. */
const REPOSITORIES = [".git", ".hg", ".svn", ".jj"];

/**
 * Reads a file that only we may read: a plain file of ours with mode 0600 or less, in no repository and not in the working directory.
 * On Windows, which has no such modes, owner and mode are not looked at.
 * @throws MatchpointError `SECRET_MISSING`, `SECRET_UNSAFE`, `SECRET_DENIED`, `CREDENTIALS_INVALID`; all say what to do
 */
export async function readSecretFile(path: string): Promise<string> {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(path);
  const handle = await opened(file);
  try {
    await demandOurs(handle, file);
    const real = await realpath(file);
    const tree = (await repositoryOf(real)) ?? (await workingTree(real));
    if (tree !== undefined)
      throw new MatchpointError("SECRET_UNSAFE", `lies in ${tree}, and would be copied with it`, {
        where: file,
        hint: `Move it out: mkdir -m 700 -p ~/.config/matchpoint && mv ${file} ~/.config/matchpoint/`,
      });
    const text = (await handle.readFile("utf8")).trim();
    if (text === "") throw new MatchpointError("CREDENTIALS_INVALID", "is empty", { where: file });
    return text;
  } finally {
    await handle.close();
  }
}

/** The top of the repository that a path lies in, in words; `undefined`: in none. */
export async function repositoryOf(path: string): Promise<string | undefined> {
  const top = parse(path).root;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    for (const mark of REPOSITORIES) {
      const there = await access(join(folder, mark)).then(
        () => true,
        () => false,
      );
      if (there) return `the repository ${folder}`;
    }
    if (folder === top) return undefined;
  }
}

/** The working directory, when it holds the file; a home or the root of the disk is none. */
async function workingTree(path: string): Promise<string | undefined> {
  const here = await realpath(process.cwd());
  const home = await realpath(homedir()).catch(() => homedir());
  if (here === parse(here).root || here === home) return undefined;
  const way = relative(here, path);
  return way.startsWith("..") || isAbsolute(way) ? undefined : `the working directory ${here}`;
}

async function opened(file: string): Promise<FileHandle> {
  try {
    // A pipe in its place would never open.
    return await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new MatchpointError("SECRET_MISSING", "there is no such file", { where: file });
    throw new MatchpointError("SECRET_DENIED", `cannot be opened: ${code ?? "no reason given"}`, {
      where: file,
      hint: "It has to be a file of the user that the bot runs as.",
    });
  }
}

async function demandOurs(handle: FileHandle, file: string): Promise<void> {
  const unsafe = (message: string, hint: string): MatchpointError =>
    new MatchpointError("SECRET_UNSAFE", message, { where: file, hint });
  const found = await handle.stat();
  if (!found.isFile()) throw unsafe("is no plain file", "Name the file itself.");
  if (found.size > LONGEST)
    throw new MatchpointError("CREDENTIALS_INVALID", `has ${found.size} bytes: no secret is that long`, {
      where: file,
    });
  const we = process.getuid?.();
  if (we === undefined) return;
  if (found.uid !== we)
    throw unsafe(`belongs to user ${found.uid}, and this is user ${we}`, `chown ${we} ${file}`);
  const mode = found.mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw unsafe(`others may read or write it: its mode is 0${mode.toString(8)}`, `chmod 600 ${file}`);
  const folder = await stat(dirname(file));
  // In a sticky folder, such as /tmp, nobody can put another file in its place.
  if ((folder.mode & 0o002) !== 0 && (folder.mode & 0o1000) === 0)
    throw unsafe("everybody may put another file in its place", `chmod o-w ${dirname(file)}`);
}
