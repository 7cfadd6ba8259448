import { MatchpointError, VirtualClock, type HttpResponse, type Transport } from "@matchpoint/sdk";
import { expect, test } from "vitest";
import {
  createRelayer,
  type RelayerCredentials,
  type RelayerOptions,
} from "../../src/relayer/httpRelayer.ts";
import type { Relayer } from "../../src/relayer/relayer.ts";
import type { Address } from "../../src/venue/contracts.ts";

type Call = Parameters<Transport["request"]>[0];

const OWNER: Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const KEY: RelayerCredentials = { kind: "relayer_key", key: "a-key", address: OWNER.toLowerCase() };
const BUILDER: RelayerCredentials = {
  kind: "builder_key",
  key: "builder-key",
  secret: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  passphrase: "pass",
};

const reply = (status: number, body: unknown, headers: HttpResponse["headers"] = {}): HttpResponse => ({
  ...{ status, headers },
  body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
});

function open(
  answer: HttpResponse | Error | ((call: Call) => HttpResponse),
  over: Partial<RelayerOptions> = {},
): { relayer: Relayer; calls: Call[]; clock: VirtualClock } {
  const clock = new VirtualClock({ startsAt: 1_790_000_000_000 });
  const calls: Call[] = [];
  const transport: Transport = {
    connect: () => {
      throw new MatchpointError("INVARIANT", "no sockets here");
    },
    request(call) {
      calls.push(call);
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(typeof answer === "function" ? answer(call) : answer);
    },
  };
  return { relayer: createRelayer({ credentials: KEY, transport, clock, ...over }), calls, clock };
}

test("both ways to prove who asks: a relayer key as it is, a builder key as its own SDK signs", async () => {
  const plain = open(reply(200, []));
  await plain.relayer.transactions();
  expect(plain.calls[0]).toMatchObject({
    url: "https://relayer-v2.polymarket.com/transactions",
    headers: { RELAYER_API_KEY: "a-key", RELAYER_API_KEY_ADDRESS: OWNER },
  });
  const builder = open(reply(200, { transactionID: "x", state: "STATE_NEW" }), { credentials: BUILDER });
  await builder.relayer.submit('{"type":"SAFE"}');
  // Made by @polymarket/builder-signing-sdk 1.0.0 of the same credentials, body and time.
  expect(builder.calls[0]!.headers).toEqual({
    POLY_BUILDER_API_KEY: "builder-key",
    POLY_BUILDER_PASSPHRASE: "pass",
    POLY_BUILDER_SIGNATURE: "F_8VKxivi8KRWvOm6qHqF9cwfCB1_33VTteDy8coOTY=",
    POLY_BUILDER_TIMESTAMP: "1790000000",
    "content-type": "application/json",
  });
});

test.each([
  [200, { transactionID: "0190b317", state: "STATE_NEW" }, { kind: "accepted", transactionId: "0190b317" }],
  [200, "<html>", { kind: "unknown" }],
  [200, {}, { kind: "unknown" }],
  [200, { transactionID: "" }, { kind: "unknown" }],
  [500, { error: "internal" }, { kind: "unknown" }],
  [502, "<html>bad gateway</html>", { kind: "unknown" }],
  [403, "<html>blocked</html>", { kind: "unknown" }],
  [408, { error: "time-out" }, { kind: "unknown" }],
  [302, { error: "moved" }, { kind: "unknown" }],
  [400, { error: "invalid signature" }, { kind: "refused", busy: false }],
  [401, { error: "invalid authorization" }, { kind: "refused", busy: false }],
  [429, { error: "too many requests" }, { kind: "refused", busy: true }],
  [400, { error: "wallet busy: active action abc" }, { kind: "refused", busy: true }],
  [400, { error: "wallet has in-flight action" }, { kind: "refused", busy: true }],
  [400, { error: "batch nonce 3 does not match on-chain nonce 4" }, { kind: "refused", busy: true }],
] as const)("an answer of %i with %j is %j", async (status, body, expected) => {
  const { relayer, calls } = open(reply(status, body));
  expect(await relayer.submit("{}")).toMatchObject(expected);
  expect(calls).toHaveLength(1);
});

test("no answer at all is unknown, and nothing is asked twice", async () => {
  const { relayer, calls } = open(new MatchpointError("HTTP_FAILED", "no answer within 15000 ms"));
  expect(await relayer.submit("{}")).toMatchObject({ kind: "unknown" });
  expect(calls).toHaveLength(1);
});

test("no more than 25 requests a minute leave, some of them kept for what does something", async () => {
  const { relayer, calls, clock } = open((call) =>
    call.method === "POST" ? reply(200, { transactionID: "x" }) : reply(200, []),
  );
  let refused = 0;
  for (let n = 0; n < 40; n += 1) await relayer.transactions().catch(() => (refused += 1));
  expect([calls.length, refused]).toEqual([21, 19]);
  for (let n = 0; n < 4; n += 1) expect((await relayer.submit("{}")).kind).toBe("accepted");
  expect(await relayer.submit("{}")).toMatchObject({ kind: "refused", busy: true });
  expect(calls).toHaveLength(25);
  clock.advance(60_000);
  expect((await relayer.submit("{}")).kind).toBe("accepted");
});

test("a relayer that says too many is left alone as long as it says", async () => {
  let status = 429;
  const { relayer, calls, clock } = open(() =>
    status === 429 ? reply(429, { error: "slow down" }, { "retry-after": "30" }) : reply(200, []),
  );
  await expect(relayer.transactions()).rejects.toThrow(/status 429/);
  status = 200;
  await expect(relayer.transactions()).rejects.toThrow(/not asked/);
  expect(calls).toHaveLength(1);
  clock.advance(60_000);
  expect(await relayer.transactions()).toEqual([]);
});

test("what the relayer tells is read with care", async () => {
  const hash = `0x${"ab".repeat(32)}`;
  const rows: unknown[] = [
    { transactionID: "a", state: "STATE_CONFIRMED", transactionHash: hash.toUpperCase().replace("0X", "0x") },
    { transactionID: "b", state: "STATE_UNHEARD_OF", transactionHash: "0x12", errorMsg: "no" },
    { transactionID: 5, state: "STATE_NEW" },
    null,
    "text",
    { __proto__: { transactionID: "c" } },
  ];
  const { relayer } = open((call) => (call.url.includes("?id=") ? reply(200, rows) : reply(200, rows)));
  expect(await relayer.transactions()).toEqual([
    { transactionId: "a", state: "STATE_CONFIRMED", hash },
    // A state that nobody knows is no end.
    { transactionId: "b", state: "STATE_NEW", reason: "no" },
  ]);
  expect(await relayer.transaction("zz")).toBeUndefined();
  const nonce = async (body: unknown): Promise<unknown> =>
    open(reply(200, body))
      .relayer.params(OWNER, "SAFE")
      .catch((error: unknown) => (error as Error).message.split("\n")[0]);
  expect(await nonce({ nonce: "60" })).toEqual({ nonce: "60" });
  expect(await nonce({ nonce: 7, address: OWNER.toLowerCase() })).toEqual({ nonce: "7", address: OWNER });
  for (const bad of [{}, { nonce: "-1" }, { nonce: 1e400 }, [], { nonce: "0x1" }])
    expect(await nonce(bad)).toContain("the relayer's answer is not a nonce");
  expect(await nonce({ nonce: "1", address: "0x1" })).toContain("the relayer's answer is not an address");
});

test("keys that are none are refused at once, and no key is ever quoted", () => {
  const bad = (credentials: RelayerCredentials): string => {
    try {
      open(reply(200, []), { credentials });
      return "taken";
    } catch (error) {
      return String(error);
    }
  };
  const shown = [
    bad({ ...KEY, key: "with a blank" }),
    bad({ ...KEY, address: "0xsecret" }),
    bad({ ...BUILDER, secret: "secret!" }),
    bad({ ...BUILDER, passphrase: "" }),
  ];
  for (const each of shown) expect(each).toMatch(/not one|not base64/);
  expect(shown.join()).not.toMatch(/with a blank|0xsecret|secret!/);
});
