import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, MatchpointError, type ErrorCode } from "../../src/errors.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/reference/errors.md"), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf("\n");
      return [text.slice(0, end), text.slice(end + 1)] as const;
    }),
);

/** Prose is wrapped by the formatter. */
const flat = (text: string): string => text.replace(/\s+/g, " ").trim();

describe("docs/reference/errors.md", () => {
  it("has a heading for every code and no other, in the registry's order", () => {
    expect([...sections.keys()]).toEqual(Object.keys(ERROR_CODES).map((code) => code.toLowerCase()));
  });

  it.each(Object.keys(ERROR_CODES) as ErrorCode[])("says of %s what it means and what to do", (code) => {
    const text = flat(sections.get(code.toLowerCase())!);
    expect(text.startsWith(`**${ERROR_CODES[code].summary}**`)).toBe(true);
    expect(text.split("_What to do:_ ")[1]?.length).toBeGreaterThan(10);
  });

  it("is where errors point to", () => {
    const url = new MatchpointError("CONFIG_INVALID", "x").docsUrl;
    expect(url.endsWith("/docs/reference/errors.md#config_invalid")).toBe(true);
    expect(sections.has(url.split("#")[1]!)).toBe(true);
  });
});
