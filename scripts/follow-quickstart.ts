// What docs/quickstart.md says, done in an empty folder: its strategy is saved, and its commands that need no network are typed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandsOf, snippetsOf } from "./check-docs.ts";
import type { Run } from "./follow-deploy.ts";

const PAGE = "docs/quickstart.md";
const COMMAND = "npx matchpoint ";

/**
 * Follows the quickstart in a folder of a project in which the packages were installed from their tarballs.
 * @returns what was done, in words
 */
export function followQuickstart(root: string, project: string, run: Run): string {
  const page = { path: PAGE, text: readFileSync(join(root, PAGE), "utf8") };
  const folder = join(project, "my-bot");
  mkdirSync(folder);
  const [strategy = ""] = snippetsOf(page);
  const name = /Save this as `([\w-]+\.ts)`/.exec(page.text)?.[1];
  if (name === undefined) throw new TypeError(`${PAGE} does not say any more what its strategy is saved as`);
  writeFileSync(join(folder, name), strategy.trimStart());
  const typed = commandsOf(page).filter(({ followed }) => followed);
  let last = "";
  for (const { where, text } of typed) {
    if (!text.startsWith(COMMAND)) throw new TypeError(`${where}: ${text} is no command of ours`);
    const bin = join(project, "node_modules/.bin/matchpoint");
    last = run(
      `the quickstart: ${text}`,
      process.execPath,
      [bin, ...text.slice(COMMAND.length).split(" ")],
      folder,
    );
  }
  if (!last.includes("DEPLOY")) throw new TypeError(`the quickstart's report has no verdict:\n${last}`);
  rmSync(folder, { recursive: true });
  return `quickstart, ${typed.length} commands`;
}
