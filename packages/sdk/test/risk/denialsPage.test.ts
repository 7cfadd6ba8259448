import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_CHECKS, DENIAL_CODES, type DenialInfo } from "../../src/risk/index.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/reference/denials.md"), "utf8");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf("\n");
      return [text.slice(0, end).trim(), text.slice(end + 1)] as const;
    }),
);

/** Prose is wrapped by the formatter. */
const flat = (text: string): string => text.replace(/\s+/g, " ").trim();

describe("docs/reference/denials.md", () => {
  it("has a heading for every code and no other, in the registry's order", () => {
    expect([...sections.keys()]).toEqual(Object.keys(DENIAL_CODES));
  });

  it.each(Object.entries<DenialInfo>(DENIAL_CODES))("says of %s what the registry says", (code, info) => {
    const text = flat(sections.get(code)!);
    expect(text).toContain(flat(info.summary));
    expect(text).toContain(`Clears: ${flat(info.clears)}`);
    expect(text).toContain(`Group: ${info.group}.`);
    const check = DEFAULT_CHECKS.find((one) => one.code === code);
    const purposes = check?.purposes?.join(", ");
    if (check !== undefined) expect(text).toContain(`Looks at: ${purposes ?? "every intent"}.`);
  });
});
