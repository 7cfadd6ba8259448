import { describe, expect, it } from "vitest";
import { checkConfig, configJsonSchema, pathText, SECRETS } from "../../src/config/index.ts";

const KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

function problems(input: unknown): readonly string[] {
  const result = checkConfig(input);
  return "problems" in result
    ? result.problems.map(({ path, message }) => `${pathText(path)}: ${message}`)
    : [];
}

describe("secrets in the configuration", () => {
  it("say where each is, and nothing is added where none is named", () => {
    const secrets = {
      private_key: "keystore:~/keys/bot.json",
      keystore_passphrase: "prompt",
      grid_api_key: "vault:bot/feeds#grid",
      steam_api_key: "ssm:/bot/steam.key",
      pandascore_token: "doppler:PANDASCORE",
      riot_gateway_key: "file:/etc/matchpoint/riot",
      vault_token: "credentials:VAULT_TOKEN",
      doppler_token: "env:MY_TOKEN",
      liquipedia_api_key: "onepassword:vault/item",
    };
    const secret_providers = {
      vault: { address: "https://vault.example:8200" },
      custom: { onepassword: { use: "./op.ts", params: { account: "bots" } } },
    };
    expect(problems({ secrets, secret_providers })).toEqual([]);
    expect(
      Object.keys(SECRETS).filter((name) => !JSON.stringify(configJsonSchema()).includes(`"${name}"`)),
    ).toEqual([]);
  });

  it.each([
    [
      "unknown names",
      { private_kee: "env:A" },
      /secrets\.private_kee: unknown key; did you mean private_key\?/,
    ],
    [
      "a provider that is not there",
      { private_key: "keystroe:/a" },
      /no provider of that name; did you mean keystore\?/,
    ],
    [
      "another provider",
      { private_key: "lastpass:a" },
      /there are env, file, credentials, keystore, prompt, doppler, vault, ssm/,
    ],
    ["a relative path", { private_key: "file:keys/key" }, /must be file: and a whole path/],
    ["no field", { private_key: "vault:bot/live" }, /must be vault:path#field/],
    ["a way out of the path", { private_key: "vault:bot/../../sys/raw#a" }, /must be vault:path#field/],
    ["Vault without an address", { private_key: "vault:a#b" }, /set secret_providers\.vault\.address/],
    ["a small-lettered name", { private_key: "doppler:live_key" }, /must be doppler:NAME/],
    ["a keystore of something else", { api_key: "keystore:/a" }, /holds a private key and nothing else/],
    ["a prompt for more", { private_key: "prompt:x" }, /must be prompt alone/],
    [
      "what is needed to read itself",
      { doppler_token: "doppler:TOKEN" },
      /doppler_token: is needed to read itself/,
    ],
    ["a name without a value", { private_key: "env:" }, /does not say where the secret is/],
  ])("are refused with %s", (_what, secrets, message) => {
    expect(problems({ secrets }).join("\n")).toMatch(message);
  });

  it("need no secret of each other in a circle", () => {
    const secrets = { vault_token: "doppler:A", doppler_token: "vault:a#b", grid_api_key: "vault:a#c" };
    const secret_providers = { vault: { address: "https://v" } };
    expect(problems({ secrets, secret_providers })).toEqual(
      [
        expect.stringMatching(/secrets\.doppler_token: is needed to read itself/),
        expect.stringMatching(/secrets\.vault_token: is needed to read itself/),
      ].sort(),
    );
  });

  it.each([KEY, `0x${KEY}`, `env:${KEY}`, BigInt(`0x${KEY}`), Number(`0x${KEY}`), [KEY], { key: KEY }])(
    "never show a key that was put there itself",
    (value) => {
      const text = problems({ secrets: { private_key: value } }).join("\n");
      expect(text).toMatch(/secrets\.private_key: (looks like a key itself|is no text)/);
      expect(text).not.toMatch(/ac0974|7797|e\+76/);
    },
  );

  it.each([
    "http://vault.example",
    "https://user:canary@vault.example",
    "https://vault.example/?token=canary",
    "http://127.0.0.1.example",
    "http://localhost.example",
    "ftp://vault.example",
    "vault.example",
    8_200,
  ])("reach %s by no address that a token could be read on", (address) => {
    const text = problems({ secret_providers: { vault: { address } } }).join("\n");
    expect(text).toMatch(
      /secret_providers\.vault\.address: must be an address: https:\/\/.*only to this machine/,
    );
    expect(text).not.toContain("canary");
  });

  it.each([
    "https://vault.example/base",
    "http://127.0.0.1:8200",
    "http://localhost:8200",
    "http://[::1]:8200",
  ])("reach %s", (address) => {
    expect(problems({ secret_providers: { vault: { address } } })).toEqual([]);
  });

  it("let nobody take the name of a provider, or write a secret into what a provider is given", () => {
    const custom = { vault: { use: "./a.ts" }, mine: { use: "./b.ts", params: { token: "canary" } } };
    const text = problems({ secret_providers: { custom } }).join("\n");
    expect(text).toMatch(/custom\.vault: is one of Matchpoint's own/);
    expect(text).toMatch(/custom\.mine\.params\.token: secrets do not belong in a configuration file/);
    expect(text).not.toContain("canary");
  });
});
