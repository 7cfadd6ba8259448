import { afterAll, describe, expect, it } from "vitest";
import { fakeDoppler, type DopplerState } from "./fakes/dopplerFake.ts";
import type { Fake } from "./fakes/httpFake.ts";
import { KEY, secretsFor } from "./support.ts";

const TOKEN = "dp.st.prd.canary";
const open: Fake[] = [];
afterAll(async () => {
  await Promise.all(open.map((fake) => fake.close()));
});

async function doppler(state: Partial<DopplerState> = {}, section = {}, reference = "doppler:LIVE_KEY") {
  const secrets = { LIVE_KEY: KEY, HIDDEN: null };
  const whole: DopplerState = { token: TOKEN, service: true, secrets, ...state };
  const fake = await fakeDoppler(whole);
  open.push(fake);
  const providers = { timeout_ms: 200, doppler: { url: fake.url, ...section } };
  const env = { DOPPLER_TOKEN: TOKEN };
  const own = secretsFor({ secrets: { private_key: reference }, secret_providers: providers }, env);
  return { fake, own, env };
}

describe("Doppler", () => {
  it("gives a secret by a service token, which leaves the environment", async () => {
    const { own, env, fake } = await doppler();
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
    expect(env).toEqual({});
    expect(fake.asked.map(({ url }) => url.search)).toEqual(["?name=LIVE_KEY"]);
  });

  it("names project and config for a token that is of none, and waits while it limits the rate", async () => {
    const { own, fake } = await doppler({ service: false, tooMany: 2 }, { project: "bot", config: "prd" });
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
    expect(fake.asked).toHaveLength(3);
  });

  const CASES: readonly (readonly [string, Partial<DopplerState>, string, string, RegExp])[] = [
    [
      "a wrong token",
      { token: "dp.st.other" },
      "",
      "SECRET_DENIED",
      /status 401\n +Is the token right \(secrets.doppler_token\)/,
    ],
    ["a token of no config", { service: false }, "", "SECRET_DENIED", /doppler.project and config/],
    ["no such secret", {}, "doppler:LIVE_KEI", "SECRET_MISSING", /no LIVE_KEI in that config/],
    ["a restricted secret", {}, "doppler:HIDDEN", "HTTP_RESPONSE_INVALID", /no value of HIDDEN/],
    [
      "too many requests",
      { tooMany: 9 },
      "",
      "SECRET_UNAVAILABLE",
      /asked 3 times: it answers with status 429/,
    ],
    ["a page", { odd: { status: 200, text: `<html>${KEY}` } }, "", "HTTP_RESPONSE_INVALID", /something else/],
    [
      "a redirect",
      { odd: { status: 302, headers: { location: "http://127.0.0.1:1/" } } },
      "",
      "HTTP_RESPONSE_INVALID",
      /elsewhere \(status 302\)/,
    ],
  ];
  it.concurrent.each(CASES)("is told of %s", async (_what, state, reference, code, message) => {
    const { own } = await doppler(state, {}, reference === "" ? undefined : reference);
    const error = await own.find("private_key").catch((each: unknown) => each);
    expect(error).toMatchObject({ code, where: "secrets.private_key" });
    expect((error as Error).message).toMatch(message);
    expect(`${(error as Error).message}${JSON.stringify(error)}`).not.toMatch(/canary|ac0974/);
  });
});
