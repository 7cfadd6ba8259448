import { expect, it } from "vitest";
import { forRun } from "../../src/live/wallet.ts";

it("does not keep a deposit wallet from trading because it cannot send for itself", () => {
  const checks = forRun([
    { id: "rpc", status: "ok", found: "3 of 3 nodes answer", fix: "" },
    { id: "sender", status: "fail", found: "0xab is a contract", fix: "merge on polymarket.com" },
    { id: "allowances", status: "fail", found: "missing: pUSD", fix: "matchpoint wallet approve" },
  ]);
  expect(checks.map(({ id, status }) => [id, status])).toEqual([
    ["rpc", "ok"],
    ["sender", "warn"],
    // What the venue's contracts may take is needed by whoever sends; only who sets it is another.
    ["allowances", "fail"],
  ]);
  expect(checks[1]!.found).toMatch(/pairs are not merged and nothing is redeemed/);
  expect(checks[2]!.fix).not.toMatch(/matchpoint wallet approve/);
});

it("leaves the checks of a wallet that sends for itself as they are", () => {
  const checks = [
    { id: "sender", status: "ok", found: "it sends for itself", fix: "" },
    { id: "allowances", status: "fail", found: "missing: pUSD", fix: "matchpoint wallet approve" },
  ] as const;
  expect(forRun(checks)).toEqual(checks);
});
