import { describe, expect, test } from "vitest";
import { deriveWallets } from "../../src/index.ts";
import { RELAY_CONTRACTS } from "../../src/relayer/relayContracts.ts";
import { judgeFunder } from "../../src/startup/funderCheck.ts";
import { parties } from "../support/trading.ts";

const KEY = "6f8a3c1e";
const OTHER = `0x${"ab".repeat(20)}`;
const statuses = (...args: Parameters<typeof judgeFunder>): readonly string[] =>
  judgeFunder(...args).map(({ status }) => status);

describe("a funder", () => {
  const own = parties(3);
  const order = (maker: unknown, owner = KEY) => ({ data: [{ id: "0x1", owner, maker_address: maker }] });

  test("is right when the venue knows it as the maker of this key's orders", () => {
    expect(statuses([order(own.funder.toUpperCase().replace("0X", "0x"))], KEY, own, false)).toEqual(["ok"]);
    const asMaker = {
      data: [{ owner: "another", maker_address: OTHER, maker_orders: [order(own.funder).data[0]] }],
    };
    expect(statuses([undefined, asMaker], KEY, own, false)).toEqual(["ok"]);
    // An account of an earlier type is this key's too.
    expect(statuses([order(OTHER), order(own.funder)], KEY, own, false)).toEqual(["ok"]);
  });

  test("is wrong when this key's orders are all another's", () => {
    const [check] = judgeFunder([order(OTHER)], KEY, own, false);
    expect(check).toMatchObject({ id: "funder", status: "fail" });
    expect(check!.found).toContain(OTHER);
    expect(check!.fix).toContain("execution.funder");
  });

  test("is not judged by others' records, nor by what cannot be read", () => {
    for (const answer of [
      order(OTHER, "another"),
      order(7),
      order("0x1"),
      { data: [null, 3, "x"] },
      "text",
      null,
      [],
      { data: 1 },
    ])
      expect(judgeFunder([answer], KEY, own, false)).toEqual([]);
    expect(judgeFunder([order(OTHER)], KEY, parties(0), true)).toEqual([]);
  });

  test("of a key without orders is held against the wallets that the contracts make", () => {
    expect(statuses([order(OTHER, "another")], KEY, own, true)).toEqual(["warn"]);
    const [funder] = deriveWallets(own.wallet, 3, RELAY_CONTRACTS[137]!);
    expect(judgeFunder([], KEY, { ...own, funder: funder! }, true)).toEqual([]);
  });
});
