import { describe, expect, test } from "vitest";
import { matchListings } from "../src/index.ts";
import { Desk, START } from "./support.ts";

/** The best prices of a market's first outcome. */
function top(desk: Desk, token: string): readonly (number | undefined)[] {
  const { bids, asks } = desk.get(`/book?token_id=${token}`).body as Record<
    "bids" | "asks",
    { price: string }[]
  >;
  return [bids, asks].map((side) => (side.length === 0 ? undefined : Number(side.at(-1)!.price)));
}

describe("the makers", () => {
  test("quote at once around what they are told, in that market alone, and stay there", () => {
    const desk = new Desk({ liquidity: "agents", tickChanges: false });
    const [first, other] = [desk.market(0), desk.market(1)];
    const before = top(desk, other.yes);
    desk.do({ do: "fair", market: first.id, price: 0.7312 });
    expect(top(desk, first.yes)).toEqual([0.72, 0.74]);
    expect(top(desk, first.no)).toEqual([0.26, 0.28]);
    expect(top(desk, other.yes)).toEqual(before);
    desk.pass(60_000);
    const [bid, ask] = top(desk, first.yes);
    expect([bid! <= 0.72, ask! >= 0.74]).toEqual([true, true]);
  });

  test("leave a bid and an ask at what is as good as decided", () => {
    const desk = new Desk({ liquidity: "agents", tickChanges: false });
    const { id, yes } = desk.market(0);
    desk.do({ do: "fair", market: id, price: 1 });
    expect(top(desk, yes)).toEqual([0.97, 0.99]);
    desk.do({ do: "fair", market: id, price: 0 });
    expect(top(desk, yes)).toEqual([0.01, 0.03]);
  });

  test("are told nothing that makes no sense, and nothing where there are none", () => {
    const desk = new Desk({ liquidity: "agents" });
    const { id } = desk.market(0);
    const ask = (command: unknown): unknown => desk.venue.admin(command, desk.at);
    for (const price of [-0.1, 1.1, "0.5", null, Number.NaN])
      expect(ask({ do: "fair", market: id, price })).toMatchObject({ ok: false });
    expect(ask({ do: "fair", market: "0x00", price: 0.5 })).toMatchObject({ ok: false });
    const empty = new Desk();
    expect(empty.venue.admin({ do: "fair", market: empty.market(0).id, price: 0.5 }, empty.at)).toEqual({
      ok: false,
      error: "there are no makers: the venue was started without liquidity",
    });
  });
});

describe("the markets of a match", () => {
  const match = {
    seed: 7,
    title: "lol",
    teams: ["T1", "Gen.G"],
    bestOf: 3,
    tournament: "LCK",
    slug: "lol-t1-gen",
  } as const;

  test("have the same ids whenever it begins, and others with another seed", () => {
    const ids = (seed: number, startsAt: number): readonly string[] =>
      matchListings({ ...match, seed, startsAt }).map(({ description }) => description.marketId);
    expect(ids(7, START)).toEqual(ids(7, START + 86_400_000));
    expect(new Set([...ids(7, START), ...ids(8, START)]).size).toBe(8);
  });

  test("can list the second team first", () => {
    const names = matchListings({ ...match, startsAt: START, reversed: [0, 2] }).map(({ description }) =>
      description.outcomes.map(({ name }) => name).join(" "),
    );
    expect(names).toEqual(["Gen.G T1", "T1 Gen.G", "Gen.G T1", "T1 Gen.G"]);
  });
});
