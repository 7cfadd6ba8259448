import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkLinks, checkSnippets } from "../../scripts/check-docs.ts";

const root = resolve(import.meta.dirname, "../..");
const page = (text: string): { path: string; text: string } => ({ path: "page.md", text });

describe("checkSnippets", { timeout: 60_000 }, () => {
  it("names page and line of every type error", () => {
    const text = [
      "# Title",
      "```ts",
      'import { readFileSync } from "node:fs";',
      "export const size: string = readFileSync('x').length;",
      "```",
      "Then:",
      "```ts continue",
      "export const twice: string = readFileSync('y').length;",
      "```",
      "On its own:",
      "```ts",
      "readFileSync('z');",
      "```",
      "```js",
      "not checked",
      "```",
      "```ts",
      "import { nothing } from '@matchpoint/no-such-package';",
      "```",
    ];
    const problems = checkSnippets(root, [page(text.join("\n"))]);
    expect(problems.map((line) => line.split(": ")[0])).toEqual([
      "page.md:4",
      "page.md:8",
      "page.md:12",
      "page.md:18",
    ]);
  });

  it("accepts correct code against the sources", () => {
    const text = [
      "```ts",
      'import * as sdk from "@matchpoint/sdk";',
      "export const names = Object.keys(sdk);",
      "```",
    ];
    expect(checkSnippets(root, [page(text.join("\n"))])).toEqual([]);
  });
});

describe("checkLinks", () => {
  const check = (text: string): string[] => checkLinks(root, [page(text)]);

  it("finds links to missing files and headings", () => {
    const text = [
      "# One two",
      "[ok](package.json) [ok](#one-two) [ok](https://example.org)",
      "[gone](no/such/file.md)",
      "[gone](#three)",
      "[absolute](/package.json)",
      "[reference]: missing.md",
      '<img src="missing.svg">',
    ];
    expect(check(text.join("\n"))).toEqual([
      "page.md:3: no/such/file.md: there is no such file",
      "page.md:4: #three: there is no such heading",
      "page.md:5: /package.json: write the link relative to the page",
      "page.md:6: missing.md: there is no such file",
      "page.md:7: missing.svg: there is no such file",
    ]);
  });

  it("makes anchors as GitHub does", () => {
    const text = ["## A `code` & more: it's", "## Again", "## Again", "[a](#a-code--more-its) [b](#again-1)"];
    expect(check(text.join("\n"))).toEqual([]);
  });

  it("does not read code", () => {
    expect(check(["```md", "[gone](gone.md)", "```", "`[gone](gone.md)`"].join("\n"))).toEqual([]);
  });
});
