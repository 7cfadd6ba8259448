import { isMatchpointError } from "@matchpoint/sdk";
import { expect, test } from "vitest";
import { readParties } from "../../src/order/order.ts";
import { parties } from "../support/trading.ts";

function hintOf(given: Parameters<typeof readParties>[0]): string | undefined {
  try {
    readParties(given);
  } catch (error) {
    if (isMatchpointError(error)) return `${error.code}: ${error.hint ?? ""}`;
  }
  return undefined;
}

test.each([1, 2, 3] as const)("a funder that is the key's own wallet is no funder of type %i", (type) => {
  const { wallet } = parties(0);
  const hint = hintOf({ signatureType: type, wallet, funder: wallet });
  expect(hint).toMatch(/^ORDER_INVALID: execution\.funder .*polymarket\.com.*execution\.signature_type is 0/);
});

test("another funder with type 0 is told which key of the configuration that needs", () => {
  const { wallet, funder } = parties(3);
  expect(hintOf({ signatureType: 0, wallet, funder })).toMatch(/^ORDER_INVALID: .*execution\.signature_type/);
});
