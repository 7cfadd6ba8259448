import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { secretsFor, temporaryFolder } from "./support.ts";

const folder = temporaryFolder();
let files = 0;

/** Asks a provider of this source for a secret. */
function from(source: string, reference = "mine:a/b", params: Record<string, unknown> = { suffix: "!" }) {
  const name = `provider${files++}.mjs`;
  writeFileSync(join(folder, name), source);
  const custom = { mine: { use: `./${name}`, params } };
  return secretsFor(
    { secrets: { grid_api_key: reference }, secret_providers: { custom } },
    {},
    { folder },
  ).find("grid_api_key");
}

describe("a provider of one's own", () => {
  it.each([
    [
      "a function of its params",
      "export default ({ suffix }) => ({ get: async (name) => ({ reveal: () => name + suffix }) });",
      "a/b!",
    ],
    ["an object", "export default { get: async (name) => ({ reveal: () => name }) };", "a/b"],
    [
      "its only export",
      "export const mine = async () => ({ value: 7, async get() { return this; }, reveal() { return `${this.value}`; } });",
      "7",
    ],
  ])("is %s", async (_what, source, value) => {
    const secret = await from(source);
    expect([secret?.reveal(), String(secret)]).toEqual([value, "[secret]"]);
  });

  it("is found from the configuration's folder, also as a package, and made once", async () => {
    const source =
      "let made = 0; export default () => { made += 1; return { get: async () => ({ reveal: () => `${made}` }) }; };";
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep/once.mjs"), source);
    const custom = { mine: { use: "./deep/once.mjs" } };
    const secrets = { grid_api_key: "mine:a", steam_api_key: "mine:b" };
    const own = secretsFor({ secrets, secret_providers: { custom } }, {}, { folder });
    const both = [await own.find("grid_api_key"), await own.find("steam_api_key")];
    expect(both.map((each) => each?.reveal())).toEqual(["1", "1"]);
  });

  it.each([
    [
      "that exports none",
      "export const a = 1, b = 2;",
      "CONFIG_INVALID",
      /exports no provider of secrets for mine/,
    ],
    ["whose function makes none", "export default () => 7;", "CONFIG_INVALID", /exports no provider/],
    ["that breaks off", "export default {", "CONFIG_INVALID", /the file could not be loaded/],
    ["that gives text", "export default { get: async () => 'canary' };", "SECRET_MISSING", /gives no secret/],
    [
      "that gives a number",
      "export default { get: async () => ({ reveal: () => 7 }) };",
      "SECRET_MISSING",
      /gives no secret/,
    ],
    [
      "that gives nothing",
      "export default { get: async () => undefined };",
      "SECRET_MISSING",
      /gives no secret/,
    ],
    [
      "that gives blanks",
      "export default { get: async () => ({ reveal: () => ' ' }) };",
      "CREDENTIALS_INVALID",
      /is empty/,
    ],
    [
      "that quotes what it read",
      "export default { get: async () => { throw new TypeError('canary is bad'); } };",
      "SECRET_UNAVAILABLE",
      /failed: TypeError/,
    ],
    [
      "that throws text",
      "export default { get: () => { throw 'canary'; } };",
      "SECRET_UNAVAILABLE",
      /failed: string/,
    ],
  ])("%s is refused", async (_what, source, code, message) => {
    const error = await from(source).catch((each: unknown) => each);
    expect(error).toMatchObject({ code, where: "secrets.grid_api_key" });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("canary");
  });

  it("that is not there is named", async () => {
    const ask = (use: string) =>
      secretsFor(
        { secrets: { grid_api_key: "mine:a" }, secret_providers: { custom: { mine: { use } } } },
        {},
        { folder },
      ).find("grid_api_key");
    await expect(ask("./none.mjs")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(ask("no-such-package-at-all")).rejects.toThrow(
      /no package no-such-package-at-all is installed/,
    );
  });
});
