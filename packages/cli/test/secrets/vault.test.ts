import { afterAll, describe, expect, it } from "vitest";
import type { Fake, Told } from "./fakes/httpFake.ts";
import { fakeVault, type VaultState } from "./fakes/vaultFake.ts";
import { KEY, secretsFor } from "./support.ts";

const TOKEN = "hvs.canary-token";
const open: Fake[] = [];
afterAll(async () => {
  await Promise.all(open.splice(0).map((fake) => fake.close()));
});

async function vault(state: Partial<VaultState> = {}) {
  const whole: VaultState = { token: TOKEN, kv: { "bot/live": { data: { key: KEY, count: 3 } } }, ...state };
  const fake = await fakeVault(whole);
  open.push(fake);
  return { fake, state: whole };
}

type Section = Record<string, unknown>;
function secrets(
  url: string,
  more: Section = {},
  reference = "vault:bot/live#key",
  env: NodeJS.ProcessEnv = {},
) {
  return secretsFor(
    {
      secrets: { private_key: reference },
      secret_providers: { timeout_ms: 200, vault: { address: url, ...more } },
    },
    { VAULT_TOKEN: TOKEN, ...env },
  );
}

const APPROLE = { auth: "approle" } as const;
const ROLE = { VAULT_ROLE_ID: "role-1", VAULT_SECRET_ID: "canary-secret-id" };

describe("Vault", () => {
  it("gives a field by a token, which leaves the environment", async () => {
    const { fake } = await vault({ namespace: "esports" });
    const env = { VAULT_TOKEN: TOKEN, PATH: "/bin" };
    const own = secretsFor(
      {
        secrets: { private_key: "vault:bot/live#key" },
        secret_providers: { vault: { address: `${fake.url}/`, namespace: "esports" } },
      },
      env,
    );
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
    await own.find("private_key");
    expect(fake.asked.map(({ url }) => url.pathname)).toEqual(["/v1/secret/data/bot/live"]);
    expect(env).toEqual({ PATH: "/bin" });
  });

  it("signs in once as an AppRole, also for several secrets", async () => {
    const { fake } = await vault({
      approle: { roleId: "role-1", secretId: "canary-secret-id", uses: 1 },
      kv: { a: { data: { x: "1" } }, b: { data: { y: "2" } } },
    });
    const own = secretsFor(
      {
        secrets: { private_key: "vault:a#x", grid_api_key: "vault:b#y" },
        secret_providers: { vault: { address: fake.url, ...APPROLE } },
      },
      { ...ROLE },
    );
    const both = await Promise.all([own.find("private_key"), own.find("grid_api_key")]);
    expect(both.map((each) => each?.reveal())).toEqual(["1", "2"]);
    expect(fake.asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  const CASES: readonly (readonly [string, Partial<VaultState>, Section, string, string, RegExp])[] = [
    [
      "a wrong token",
      { token: "another" },
      {},
      "",
      "SECRET_DENIED",
      /lets? us read secret\/bot\/live: status 403/,
    ],
    ["a policy without the path", { allowed: ["other"] }, {}, "", "SECRET_DENIED", /`read` on that path/],
    ["another namespace", {}, { namespace: "x" }, "", "SECRET_MISSING", /nothing at secret\/bot\/live/],
    ["nothing there", { kv: {} }, {}, "", "SECRET_MISSING", /nothing at/],
    ["a deleted version", { kv: { "bot/live": { deleted: true } } }, {}, "", "SECRET_MISSING", /is deleted/],
    ["no such field", {}, {}, "vault:bot/live#kay", "SECRET_MISSING", /no field kay/],
    ["a field of the prototype", {}, {}, "vault:bot/live#constructor", "SECRET_MISSING", /no field/],
    ["a number", {}, {}, "vault:bot/live#count", "SECRET_MISSING", /no field count with a text/],
    [
      "an empty field",
      { kv: { "bot/live": { data: { key: " " } } } },
      {},
      "",
      "CREDENTIALS_INVALID",
      /is empty/,
    ],
    ["a sealed vault", { sealed: true }, {}, "", "SECRET_UNAVAILABLE", /Vault is sealed\n +Its operators/],
    [
      "a used-up quota",
      { quota: 0 },
      {},
      "",
      "SECRET_UNAVAILABLE",
      /asked 3 times: it answers with status 429/,
    ],
    [
      "a wrong role",
      { approle: { roleId: "r", secretId: "s", uses: 1 } },
      APPROLE,
      "",
      "SECRET_DENIED",
      /refuses the AppRole/,
    ],
    [
      "AppRole that is not there",
      { odd: { status: 404, json: { errors: [] } } },
      APPROLE,
      "",
      "SECRET_DENIED",
      /approle_mount/,
    ],
    [
      "no token in the answer",
      { odd: { status: 200, json: {} } },
      APPROLE,
      "",
      "HTTP_RESPONSE_INVALID",
      /no token/,
    ],
    [
      "an engine of version 1",
      { odd: { status: 200, json: { data: { key: KEY } } } },
      {},
      "",
      "HTTP_RESPONSE_INVALID",
      /version 2/,
    ],
    [
      "a page",
      { odd: { status: 200, text: `<html>${KEY}` } },
      {},
      "",
      "HTTP_RESPONSE_INVALID",
      /something else/,
    ],
    [
      "a list",
      { odd: { status: 200, text: `["${KEY}"]` } },
      {},
      "",
      "HTTP_RESPONSE_INVALID",
      /something else/,
    ],
    [
      "an endless answer",
      { odd: { status: 200, text: KEY.repeat(20_000) } },
      {},
      "",
      "HTTP_RESPONSE_INVALID",
      /something else/,
    ],
    ["silence", { odd: "silence" }, {}, "", "SECRET_UNAVAILABLE", /no answer within 200 ms/],
    ["a connection cut off", { odd: "hang up" }, {}, "", "SECRET_UNAVAILABLE", /UND_ERR_SOCKET/],
  ];
  it.concurrent.each(CASES)("is told of %s", async (_what, state, more, reference, code, message) => {
    const { fake } = await vault(state);
    const own = secrets(fake.url, more, reference === "" ? undefined : reference, ROLE);
    const error = await own.find("private_key").catch((each: unknown) => each);
    expect(error).toMatchObject({ code, where: "secrets.private_key" });
    expect((error as Error).message).toMatch(message);
    // Nothing that was sent or answered is in it.
    expect(`${(error as Error).message}${JSON.stringify(error)}`).not.toMatch(/canary|ac0974/);
  });

  it("follows no redirect: the token would go elsewhere", async () => {
    const other = await vault();
    const location = `${other.fake.url}/v1/secret/data/bot/live`;
    const odd: Told = { status: 307, headers: { location } };
    const { fake } = await vault({ odd });
    await expect(secrets(fake.url).find("private_key")).rejects.toMatchObject({
      code: "HTTP_RESPONSE_INVALID",
      hint: expect.stringContaining("address that answers by itself") as string,
    });
    expect([fake.asked.length, other.fake.asked.length]).toEqual([1, 0]);
  });

  it("is asked again while it limits the rate, and anew after a failure", async () => {
    const { fake, state } = await vault({ sealed: true });
    const own = secrets(fake.url);
    await expect(own.find("private_key")).rejects.toMatchObject({
      code: "SECRET_UNAVAILABLE",
      retryable: true,
    });
    expect(fake.asked).toHaveLength(1);
    state.sealed = false;
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
  });

  it("is not asked with a token that would break the header, nor without one", async () => {
    const { fake } = await vault();
    const broken = secrets(fake.url, {}, undefined, { VAULT_TOKEN: "hvs.canary\r\nx: y" });
    await expect(broken.find("private_key")).rejects.toThrow(
      /Vault's token has a space or a control character/,
    );
    await expect(broken.find("private_key")).rejects.not.toThrow(/canary/);
    const without = secrets(fake.url, {}, undefined, { VAULT_TOKEN: "" });
    await expect(without.find("private_key")).rejects.toThrow(
      /vault_token, which is missing\n +Set the environment variable VAULT_TOKEN/,
    );
    expect(fake.asked).toHaveLength(0);
  });
});
