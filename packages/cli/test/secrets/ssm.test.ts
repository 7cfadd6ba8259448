import type * as Client from "@aws-sdk/client-ssm";
import { afterAll, describe, expect, it } from "vitest";
import { ssmSecrets } from "../../src/secrets/ssm.ts";
import type { Fake } from "./fakes/httpFake.ts";
import { fakeSsm, type SsmState } from "./fakes/ssmFake.ts";
import { KEY, secretsFor } from "./support.ts";

const ID = "AKIAIOSFODNN7EXAMPLE";
const SECRET = "canary/K7MDENG/bPxRfiCYEXAMPLEKEY";
const open: Fake[] = [];
afterAll(async () => {
  await Promise.all(open.map((fake) => fake.close()));
});

async function aws(state: Partial<SsmState> = {}, reference = "ssm:/bot/live", secret = SECRET) {
  const parameters = {
    "/bot/live": { Type: "SecureString", Value: KEY },
    "/bot/plain": { Type: "String", Value: KEY },
  };
  const fake = await fakeSsm({ accessKeyId: ID, secretAccessKey: SECRET, parameters, ...state });
  open.push(fake);
  const ssm = { region: "eu-west-1", endpoint: fake.url };
  const env = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: secret };
  const own = secretsFor(
    {
      secrets: { private_key: reference },
      secret_providers: { timeout_ms: state.odd === "silence" ? 150 : 4_000, ssm },
    },
    env,
  );
  return { own, env, fake };
}

describe("AWS SSM", () => {
  it("gives a secure parameter, decrypted, to who signs; the keys leave the environment", async () => {
    const { own, env, fake } = await aws({ throttled: 1 });
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
    expect(env).toEqual({});
    expect(fake.asked).toHaveLength(2);
  });

  const CASES: readonly (readonly [string, Partial<SsmState>, string, string, string, RegExp])[] = [
    [
      "an unknown key",
      { accessKeyId: "AKIAOTHER" },
      "",
      SECRET,
      "SECRET_DENIED",
      /UnrecognizedClientException/,
    ],
    ["a wrong key", {}, "", "canary", "SECRET_DENIED", /InvalidSignatureException/],
    [
      "a policy without it",
      { denied: true },
      "",
      SECRET,
      "SECRET_DENIED",
      /AccessDeniedException\n +The identity needs ssm:GetParameter/,
    ],
    ["no such parameter", {}, "ssm:/bot/life", SECRET, "SECRET_MISSING", /no parameter \/bot\/life/],
    [
      "one that is not encrypted",
      {},
      "ssm:/bot/plain",
      SECRET,
      "SECRET_UNSAFE",
      /is a String, not encrypted/,
    ],
    ["throttling without end", { throttled: 99 }, "", SECRET, "SECRET_UNAVAILABLE", /ThrottlingException/],
    [
      "a page",
      { odd: { status: 200, text: `<html>${KEY}` } },
      "",
      SECRET,
      "SECRET_UNAVAILABLE",
      /SyntaxError/,
    ],
    ["an empty answer", { odd: { status: 200, json: {} } }, "", SECRET, "HTTP_RESPONSE_INVALID", /no value/],
    ["silence", { odd: "silence" }, "", SECRET, "SECRET_UNAVAILABLE", /no answer in time|TimeoutError/],
    [
      "a redirect",
      { odd: { status: 307, headers: { location: "http://127.0.0.1:1/" } } },
      "",
      SECRET,
      "SECRET_UNAVAILABLE",
      /does not give/,
    ],
  ];
  it.concurrent.each(CASES)("is told of %s", async (_what, state, reference, secret, code, message) => {
    const { own } = await aws(state, reference === "" ? undefined : reference, secret);
    const error = await own.find("private_key").catch((each: unknown) => each);
    expect(error).toMatchObject({ code, where: "secrets.private_key" });
    expect((error as Error).message).toMatch(message);
    expect(`${(error as Error).message}${JSON.stringify(error)}`).not.toMatch(/canary|ac0974/);
  });

  it("says what to install where the client is missing", async () => {
    const gone = "@aws-sdk/client-that-is-not-there";
    const load = () => import(gone) as Promise<typeof Client>;
    await expect(
      ssmSecrets({ timeoutMs: 100, variable: () => undefined, load }).get("/bot/live"),
    ).rejects.toThrow(
      /not installed\n +Install it: npm install --save-exact @aws-sdk\/client-ssm@3\.1169\.0/,
    );
  });
});
