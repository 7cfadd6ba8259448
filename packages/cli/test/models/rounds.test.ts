import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cs2Model, TRUTH_DEFAULTS } from "@matchpoint/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { LeftOut, STRICT } from "../../src/models/gameLines.ts";
import { readCs2Maps } from "../../src/models/rounds/cs2Rows.ts";
import { playMap } from "../../src/models/rounds/play.ts";
import { drawnOrder, swapped, type RoundsRow } from "../../src/models/rounds/rows.ts";
import { readValorantMaps } from "../../src/models/rounds/valorantRows.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder of its own that holds these maps. */
function collection(...maps: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-rounds-"));
  folders.push(folder);
  writeFileSync(join(folder, "maps.jsonl"), maps.map((map) => `${JSON.stringify(map)}\n`).join(""));
  return folder;
}

const round = (n: number, a: number, b: number, win: 2 | 3, more: object = {}): object => ({
  ...{ n, a, b, aSide: 3, aEq: 4_000, bEq: 4_500, win, fzEndTick: n * 10_000, endTick: n * 10_000 + 5_000 },
  ...more,
});
/** Round, tick after the freeze, side that kills, side that dies. */
const kill = (n: number, tick: number, killer: 2 | 3, victim: 2 | 3): unknown[] => [
  ...[n, n * 10_000 + tick, killer, victim, "ak47", true, false],
];

function cs2Map(rounds: readonly object[], kills: readonly unknown[] | null, more: object = {}): object {
  const head = { event: "Cup", demo: "one-vs-two-m1-nuke", map: "de_nuke", date: "2025-01-01" };
  return { ...head, complete: true, winner: "A", rounds, kills, ...more };
}

/** Rounds by which A wins a map that stands at a-b, A staying on one side. */
function toTheEnd(a: number, b: number, more: object = {}): object[] {
  return Array.from({ length: 13 - a }, (_, i) => ({
    ...round(a + b + i + 1, a + i + 1, b, 3),
    ...more,
    a: a + i + 1,
  }));
}

/** As the collection has it, whatever order was drawn. */
function fromA(row: RoundsRow): RoundsRow {
  return row.rounds[0]!.firstSide === 0 ? row : swapped(row);
}

describe("CS2 maps", () => {
  it("are read round by round, with what is known when each begins", async () => {
    const folder = collection(
      cs2Map([round(1, 1, 0, 3), round(2, 1, 1, 2, { aEq: 20_000, bEq: 9_000 }), ...toTheEnd(1, 1)], null),
      cs2Map([], null, { complete: false, winner: null }),
    );
    const [row, ...rest] = await readCs2Maps(folder, STRICT);
    expect(rest).toEqual([]);
    const { rounds, won, match } = fromA(row!);
    expect(match).toBe("2025-01-01 Cup one-vs-two");
    expect(won).toBe(true);
    expect(rounds).toHaveLength(14);
    expect(rounds.slice(0, 2)).toEqual([
      { score: [0, 0], firstSide: 0, equipment: [4_000, 4_500], won: true, fights: [] },
      { score: [1, 0], firstSide: 0, equipment: [20_000, 9_000], won: false, fights: [] },
    ]);
  });

  it("show fights only while they are open: not before, not after the end, not once a team has fallen", async () => {
    const kills = [
      kill(1, -50, 3, 2),
      kill(1, 300, 2, 3),
      kill(1, 100, 3, 2),
      ...[400, 500, 600, 700].map((tick) => kill(1, tick, 3, 2)),
      kill(2, 5_000, 3, 2),
      kill(2, 4_999, 3, 2),
    ];
    const [row] = await readCs2Maps(collection(cs2Map(toTheEnd(0, 0), kills)), STRICT);
    const [first, second] = fromA(row!).rounds;
    expect(first!.fights.map(({ alive }) => alive)).toEqual([
      [5, 4],
      [4, 4],
      [4, 3],
      [4, 2],
      [4, 1],
    ]);
    expect(second!.fights).toEqual([{ alive: [5, 4] }]);
  });

  it("that are broken are named by line", async () => {
    const whole = toTheEnd(0, 0);
    const folder = collection(cs2Map(whole, null), cs2Map([{ n: 1 }], null));
    await expect(readCs2Maps(folder, STRICT)).rejects.toMatchObject({
      code: "RECORDING_INVALID",
      message: /rounds\.0\.a: /,
      where: /maps\.jsonl:2$/,
    });
    await expect(readCs2Maps(join(folder, "elsewhere"), STRICT)).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });
});

describe("maps that cannot have been played so", () => {
  const whole = toTheEnd(0, 0);
  it.each([
    ["end before their end", cs2Map(whole.slice(0, 12), null), /not over at 12-0/],
    ["go on after it", cs2Map([...whole, round(14, 14, 0, 3)], null), /over at 13-0/],
    ["leave out a round", cs2Map(whole.toSpliced(4, 1), null), /4-0 is not followed by 6-0/],
    [
      "give a round to who lost it",
      cs2Map([round(1, 0, 1, 3)], null),
      /0-0 is not followed by 0-1 when A wins/,
    ],
    ["name the loser", cs2Map(whole, null, { winner: "B" }), /not who won at 13-0/],
  ])("%s: each is told, the others are read", async (_, map, why) => {
    const leftOut = new LeftOut();
    const rows = await readCs2Maps(collection(cs2Map(whole, null), map), leftOut);
    expect(rows).toHaveLength(1);
    expect(leftOut.lines).toMatchObject([{ where: /maps\.jsonl:2$/, why }]);
  });

  it("or come twice, count once; two of one name are two", async () => {
    const leftOut = new LeftOut();
    const other = cs2Map([round(1, 0, 1, 2), ...toTheEnd(0, 1)], null);
    const rows = await readCs2Maps(collection(cs2Map(whole, null), cs2Map(whole, null), other), leftOut);
    expect(rows.map(({ game }) => game)).toEqual([
      "2025-01-01 Cup one-vs-two-m1-nuke",
      "2025-01-01 Cup one-vs-two-m1-nuke #2",
    ]);
    expect([...leftOut.passedOver]).toEqual([["doubled", 1]]);
  });
});

describe("Valorant maps", () => {
  it("tell of plants and revivals, and end with the defusal, the detonation or the time", async () => {
    const events = [
      [1_000, "k", "A", "B"],
      [2_000, "r", "B"],
      [3_000, "k", "B", "A"],
      [4_000, "p", "A"],
      [48_999, "k", "B", "A"],
      [49_000, "k", "B", "A"],
    ];
    const one = { att: "A", aLoad: 4_000, bLoad: 3_900, b: 0 };
    const folder = collection({
      ...{ matchId: 7, map: "Bind", winner: "A", legal: true },
      rounds: [
        { ...one, win: "A", a: 1, ev: events },
        {
          ...one,
          win: "A",
          a: 2,
          ev: [
            [5_000, "k", "A", "A"],
            [6_000, "d", "B"],
            [7_000, "k", "A", "B"],
          ],
        },
        {
          ...one,
          win: "A",
          a: 3,
          ev: [
            [99_999, "k", "A", "B"],
            [100_000, "k", "A", "B"],
          ],
        },
        ...toTheEnd(3, 0, { ...one, win: "A", ev: [] }),
      ],
    });
    const [row] = await readValorantMaps(folder, STRICT);
    // A attacks: B is on the first side.
    const ours = row!.rounds[0]!.firstSide === 1 ? row! : swapped(row!);
    const [first, second, third] = ours.rounds;
    expect(first!.fights).toEqual([
      { alive: [5, 4], planted: false },
      { alive: [5, 5], planted: false },
      { alive: [4, 5], planted: false },
      { alive: [4, 5], planted: true },
      { alive: [3, 5], planted: true },
    ]);
    expect(second!.fights).toEqual([{ alive: [4, 5], planted: false }]);
    expect(third!.fights).toEqual([{ alive: [5, 4], planted: false }]);
  });
});

/** A map of four rounds with a fight in each. */
const PLAYED: RoundsRow = {
  ...{ game: "map", match: "match", playedAt: "2025", won: true },
  rounds: [
    { score: [0, 0], firstSide: 0, equipment: [4_000, 4_000], won: true, fights: [{ alive: [5, 4] }] },
    { score: [1, 0], firstSide: 0, equipment: [18_000, 8_000], won: true, fights: [{ alive: [4, 5] }] },
    { score: [2, 0], firstSide: 0, equipment: [22_000, 9_000], won: false, fights: [{ alive: [2, 4] }] },
    { score: [2, 1], firstSide: 0, equipment: [20_000, 21_000], won: true, fights: [{ alive: [3, 3] }] },
  ],
};

describe("a map told to the truth engine", () => {
  const said = (row: RoundsRow): number[] =>
    Array.from(playMap("cs2", row), ({ state }) => cs2Model.p(state, TRUTH_DEFAULTS).p);

  it("has a moment when each round begins and one per fight, each with the economy and the players of its round", () => {
    const moments = Array.from(playMap("cs2", PLAYED));
    expect(moments.map(({ round: n, fighting }) => (fighting ? n + 0.5 : n))).toEqual([
      1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5,
    ]);
    expect(moments[3]!.state.games[0]!.progress).toMatchObject({
      ...{ score: [1, 0], round: 2, equipment: [18_000, 8_000], alive: [4, 5] },
    });
    expect(moments[4]!.state.games[0]!.progress.alive).toEqual([5, 5]);
    const chances = said(PLAYED);
    expect(chances[1]).toBeGreaterThan(chances[0]!);
    expect(chances[3]).toBeLessThan(chances[2]!);
  });

  it("says nothing of what is still to come", () => {
    const before = said(PLAYED).slice(0, 5);
    const [first, second, third] = PLAYED.rounds;
    const other = { ...third!, won: true, fights: [{ alive: [5, 1] as const }] };
    const later = { ...third!, score: [3, 0] as const, equipment: [30_000, 1_000] as const };
    expect(said({ ...PLAYED, won: false, rounds: [first!, second!, other, later] }).slice(0, 5)).toEqual(
      before,
    );
  });

  it("is the same map from the other side", () => {
    said(swapped(PLAYED)).forEach((p, i) => expect(p).toBeCloseTo(1 - said(PLAYED)[i]!, 10));
    expect(swapped(swapped(PLAYED))).toEqual(PLAYED);
  });

  it("puts either team first, by the name of the map alone", () => {
    const first = Array.from({ length: 400 }, (_, i) => drawnOrder({ ...PLAYED, game: `map ${i}` })).filter(
      ({ won }) => won,
    ).length;
    expect(first).toBeGreaterThan(150);
    expect(first).toBeLessThan(250);
    expect(drawnOrder(PLAYED)).toEqual(drawnOrder(PLAYED));
  });
});
