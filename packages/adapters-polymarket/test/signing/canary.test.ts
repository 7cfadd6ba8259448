import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createL2Auth, createOrderSigner, createWalletSigner, type Exchange } from "../../src/index.ts";
import { at, LIMITS, OWNER, TEST_KEY } from "../support/trading.ts";

const HEX = TEST_KEY.slice(2);
const SECRET = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmE=";
const PASSPHRASE = "canary-passphrase-5f2c";

/** Everything of a value that may come into a log: fields hidden or not, causes, stacks. */
function shown(value: unknown): string {
  const deep = inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null });
  const stack = value instanceof Error ? `${value.message} ${value.stack ?? ""} ${inspect(value.cause)}` : "";
  return `${deep} ${JSON.stringify(value)} ${String(value)} ${stack}`;
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail("nothing was thrown");
}

test("the search would find a key that is shown", () => {
  expect(shown(new Error(`bad key ${TEST_KEY}`))).toContain(HEX);
  expect(shown({ a: { b: Object.defineProperty({}, "hidden", { value: HEX }) } })).toContain(HEX);
});

test("a signer shows nothing of its key", async () => {
  const signer = createWalletSigner(TEST_KEY);
  const orders = createOrderSigner({ signer, limits: LIMITS, now: () => at(0) });
  for (const each of [signer, orders, await orders.signClaim({ chainId: 137, timestamp: 1 })]) {
    expect(shown(each)).not.toContain(HEX);
    expect(shown(each)).not.toContain(BigInt(TEST_KEY).toString());
  }
  const refused = await orders.signOrder({} as never, {} as Exchange).catch((error: unknown) => error);
  expect(shown(refused)).toContain("SIGNING_REFUSED");
  expect(shown(refused)).not.toContain(HEX);
});

test.each([
  HEX,
  `${TEST_KEY}0`,
  TEST_KEY.slice(0, -1),
  ` ${TEST_KEY}`,
  `"${TEST_KEY}"`,
  `0x${HEX.slice(0, 60)}zzzz`,
  `0X${HEX}`,
  `0x${"0".repeat(64)}`,
  `0x${"f".repeat(64)}`,
  BigInt(TEST_KEY),
  { key: TEST_KEY },
  undefined,
])("a key that is refused is not quoted (%#)", (key) => {
  const error = thrown(() => createWalletSigner(key as string));
  expect(error).toMatchObject({ code: "CREDENTIALS_INVALID" });
  expect(shown(error).toLowerCase()).not.toContain(HEX.slice(0, 16));
  expect(shown(error)).not.toContain(BigInt(TEST_KEY).toString());
  expect(shown(error)).not.toContain("f".repeat(64));
});

test("an API secret is in nothing, its passphrase only in the headers that need it", () => {
  const auth = createL2Auth(OWNER, { key: "k", secret: SECRET, passphrase: PASSPHRASE });
  const error = thrown(() => auth.headers({ method: "GET", path: "/", timestamp: 0 }));
  const wrong = thrown(() => createL2Auth(OWNER, { key: "k", secret: `${SECRET}!`, passphrase: PASSPHRASE }));
  for (const each of [auth, error, wrong]) {
    expect(shown(each)).not.toContain(SECRET.slice(0, 12));
    expect(shown(each)).not.toContain(PASSPHRASE);
  }
  const headers = auth.headers({ method: "GET", path: "/", timestamp: 1 });
  expect(shown(headers)).not.toContain(SECRET.slice(0, 12));
});
