import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readPages, snippetsOf } from "../../scripts/check-docs.ts";

// The feed of the recipe for sources, run as its page runs it: the page's code registers its cases as tests.
const root = resolve(import.meta.dirname, "../..");
const page = readPages(root).find(({ path }) => path === "docs/how-to/add-a-source.md")!;
const [recipe] = snippetsOf(page);
const folder = join(root, ".vitest", "recipe");
const file = join(folder, `recipe-${process.pid}.ts`);
mkdirSync(folder, { recursive: true });
writeFileSync(file, recipe!);
await import(pathToFileURL(file).href);
