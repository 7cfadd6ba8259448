import { MatchpointError, type Millis, type Transport } from "@matchpoint/sdk";
import { expect, test } from "vitest";
import { createOrderSigner, createWalletSigner, fetchApiKey } from "../../src/index.ts";
import { LIMITS, TEST_KEY } from "../support/trading.ts";

const asked = async (request: Transport["request"]): Promise<MatchpointError> => {
  const signer = createOrderSigner({
    signer: createWalletSigner(TEST_KEY),
    limits: { ...LIMITS, chainId: 80002 },
    now: (): Millis => 1_800_000_000_000 as Millis,
  });
  const transport: Transport = { connect: () => expect.fail("no socket is opened"), request };
  const options = {
    transport,
    signer,
    chainId: 80002,
    now: 1_800_000_000_000 as Millis,
    url: "http://clob.test",
  } as const;
  const error: unknown = await fetchApiKey(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MatchpointError);
  return error as MatchpointError;
};

test("a venue that gives no key may be another chain's: the chain and its configuration key are named", async () => {
  const error = await asked(() => Promise.resolve({ status: 401, headers: {}, body: new Uint8Array() }));
  expect(error.code).toBe("FEED_UNAUTHORIZED");
  expect(error.message).toContain("status 401");
  expect(error.hint).toMatch(/chain 80002.*execution\.chain_id/);
});

test("a venue that is not reached is named, and the question once", async () => {
  const error = await asked(({ method, url }) =>
    Promise.reject(new MatchpointError("HTTP_FAILED", "refused", { where: `${method} ${url}` })),
  );
  expect(error.message.match(/GET /g)).toHaveLength(1);
  expect(error.hint).toContain("http://clob.test");
});
