import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkLinks, checkSnippets, readPages } from "../scripts/check-docs.ts";

const root = resolve(import.meta.dirname, "..");
const pages = readPages(root);

describe("the documentation", () => {
  it("has pages to check", () => {
    expect(pages.map((page) => page.path)).toContain("CONTRIBUTING.md");
  });

  it("has code blocks that compile against the sources", { timeout: 120_000 }, () => {
    expect(checkSnippets(root, pages)).toEqual([]);
  });

  it("has no broken links", () => {
    expect(checkLinks(root, pages)).toEqual([]);
  });
});
