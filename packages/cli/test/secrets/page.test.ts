import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BOT_CONFIG, SECRET_SCHEMES, SECRETS } from "@matchpoint/sdk";
import { loadYaml } from "@matchpoint/sdk/node";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/how-to/keep-secrets.md"), "utf8");
const folder = temporaryFolder();

it("the page's table has every secret with its variable, and the page every provider", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, name, variable]) => [
    name,
    variable,
  ]);
  expect(rows).toEqual(Object.entries(SECRETS).map(([name, { variable }]) => [name, variable]));
  for (const scheme of SECRET_SCHEMES) expect(page).toMatch(new RegExp(`\\b${scheme}(:|\`)`));
});

it("each configuration on the page is one", () => {
  const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!);
  expect(blocks.length).toBeGreaterThan(6);
  for (const [i, text] of blocks.entries()) {
    const path = join(folder, `${i}.yaml`);
    writeFileSync(path, text);
    expect(loadYaml(path, BOT_CONFIG, { what: "example", code: "CONFIG_INVALID" }).secrets).toBeDefined();
  }
});
