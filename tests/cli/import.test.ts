import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { command, temporaryFile, temporaryFolder } from "./support.ts";
import { imported, refused, replayed, COMMON } from "./importing.ts";

describe("polymarket-ticks-csv", () => {
  const T = 1_780_000_000_000;
  const mapping = `kind: polymarket-ticks-csv
files: { ticks: ticks.csv.gz, tokens: tokens.json, scoreboard: score.csv }
scoreboard: { match: x, source: espn, tier: B }
${COMMON.replace("TOKENS", "1, 0")}`;
  const rows = [
    `${T},P,1,B,0.49,100,0.49,0`,
    `${T},P,0,S,0.51,100,0,0.51`,
    `${T + 1},P,1,S,0.51,50,0.49,0.51`,
    `${T + 2},P,0,B,0.49,50,0.49,0.51`,
    `${T + 3},T,1,S,0.49,7.5,0,0`,
    `${T + 4},P,2,B,0.1,1,0.1,0.2`,
    `${T + 5},P,1,B,0.49,92.5,0.49,0.51`,
  ];
  const capture = (ticks: readonly string[], score = ""): string => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "ticks.csv.gz"),
      gzipSync(["ts_ms,ev,tok,side,price,size,best_bid,best_ask", ...ticks, ""].join("\n")),
    );
    writeFileSync(join(folder, "tokens.json"), JSON.stringify({ tokens: ["zero", "one", "two"] }));
    writeFileSync(join(folder, "score.csv"), `ts_ms,home_team,home_score,away_team,away_score\n${score}`);
    return folder;
  };

  it("becomes the frames that the venue would have sent, and claims at their time", async () => {
    const score = `${T - 10},Blues,0,Reds,0\r\n${T + 4},Blues,0,Reds,1\r\n`;
    const { result, header, frames, recording } = await imported(
      "polymarket-ticks-csv",
      capture(rows, score),
      mapping,
    );
    expect(result).toMatchObject({
      read: 7,
      frames: 9,
      levelUpdates: 5,
      trades: 1,
      claims: 4,
      left: { "token of no mapped market": 1 },
    });
    expect(header).toMatchObject({
      matchpoint_recording: 1,
      started_at: T - 10,
      asserted_by: { by: "a test" },
    });
    expect(header.markets[0].outcomes.map(({ tokenId }: { tokenId: string }) => tokenId)).toEqual([
      "one",
      "zero",
    ]);
    expect(frames.map(({ t, ch }) => [t - T, ch])).toEqual([
      [-10, "score"],
      [-10, "score"],
      [-10, "score"],
      [0, "market"],
      [1, "market"],
      [2, "market"],
      [3, "market"],
      [4, "score"],
      [5, "market"],
    ]);
    // Rows that mirror each other at the same moment are one frame; a moment apart they are two.
    expect(frames[3]!.json).toEqual({
      event_type: "price_change",
      market: "m",
      timestamp: String(T),
      price_changes: [
        {
          asset_id: "one",
          price: "0.49",
          size: "100",
          side: "BUY",
          hash: "",
          best_bid: "0.49",
          best_ask: "0",
        },
        {
          asset_id: "zero",
          price: "0.51",
          size: "100",
          side: "SELL",
          hash: "",
          best_bid: "0",
          best_ask: "0.51",
        },
      ],
    });
    expect(frames[4]!.json.price_changes).toHaveLength(1);
    expect(frames[6]!.json).toMatchObject({
      event_type: "last_trade_price",
      asset_id: "one",
      price: "0.49",
      size: "7.5",
      side: "SELL",
    });
    expect(frames.filter(({ ch }) => ch === "score").map(({ json }) => json.claim)).toEqual([
      { kind: "series_started" },
      { kind: "game_started", game: 1 },
      { kind: "game_progress", game: 1, progress: { score: [0, 0] } },
      { kind: "game_progress", game: 1, progress: { score: [1, 0] } },
    ]);
    const traded = await replayed(recording, "--strategy", "model-maker", "--set", "reference=microprice");
    expect(traded).toMatchObject({ quarantined: 0, states: { m: expect.any(String) as string } });
    expect(traded["input"]).toMatchObject({ lines: 9 });
  });

  it.each<readonly [string, string, RegExp]>([
    ["of seven cells", `${T},P,1,B,0.49,100,0.49`, /ticks\.csv\.gz:3: not a tick/],
    ["of another kind", `${T},X,1,B,0.49,100,0.49,0.5`, /ticks\.csv\.gz:3: not a tick/],
    ["with a time in seconds", `1780000000,P,1,B,0.49,100,0.49,0.5`, /ticks\.csv\.gz:3: not a tick/],
    ["with a token that is no position", `${T},P,-1,B,0.49,100,0.49,0.5`, /ticks\.csv\.gz:3: not a tick/],
  ])("with a row %s is refused with its line", async (_what, row, message) => {
    await refused("polymarket-ticks-csv", capture([rows[0]!, row]), mapping, 1, message);
  });

  it("whose prices are no numbers becomes a recording whose frames are quarantined when it is played", async () => {
    const bad = [
      ...rows,
      `${T + 6},P,1,B,NaN,1,0.49,0.51`,
      `${T + 7},P,1,B,0.4,-3,0.49,0.51`,
      `${T + 8},P,1,B,1e309,1,0.49,0.51`,
    ];
    const { recording } = await imported("polymarket-ticks-csv", capture(bad), mapping);
    expect(await replayed(recording, "--strategy", "pair-arb")).toMatchObject({ quarantined: 3 });
  });

  it("that is not whole, or has no such token, is refused", async () => {
    const folder = capture(rows);
    const path = join(folder, "ticks.csv.gz");
    writeFileSync(path, readFileSync(path).subarray(0, 60));
    await refused(
      "polymarket-ticks-csv",
      folder,
      mapping,
      1,
      /ticks\.csv\.gz: cannot be read: unexpected end of file/,
    );
    await refused(
      "polymarket-ticks-csv",
      capture(rows),
      mapping.replace("tokens: [1, 0]", "tokens: [1, 7]"),
      2,
      /names token 7, but the capture lists 3/,
    );
    await refused(
      "polymarket-ticks-csv",
      capture(rows),
      mapping.replace("scoreboard: score.csv", "scoreboard: none.csv"),
      2,
      /no such file.*none\.csv/,
    );
    await refused(
      "polymarket-ticks-csv",
      capture(rows, `${T},Blues,x,Reds,0\n`),
      mapping,
      1,
      /score\.csv:2: no score of Reds and Blues/,
    );
    for (const time of ["", "x", "0", "1780000000"]) {
      await refused(
        "polymarket-ticks-csv",
        capture(rows, `${time},Blues,0,Reds,0\n`),
        mapping,
        1,
        /score\.csv:2: no time in Unix milliseconds \(ts_ms\)/,
      );
    }
    await refused("polymarket-ticks-csv", capture([]), mapping, 1, /no frame was found in 0 lines/);
  });
});

describe("a mapping", () => {
  const path = temporaryFile("frames.jsonl", "{}\n");
  const whole = `kind: market-ws-jsonl\n${COMMON.replace("TOKENS", '"11", "22"')}`;

  it.each<readonly [string, string, RegExp]>([
    [
      "for another kind",
      whole.replace("market-ws-jsonl", "grid-series-events"),
      /the mapping is for grid-series-events, not for market-ws-jsonl/,
    ],
    [
      "with an unknown key",
      whole.replace("tick:", "tik:"),
      /map\.yaml:\d+:5 markets\[0\]\.tik: unknown key; did you mean tick\?/,
    ],
    [
      "with teams that do not play",
      whole
        .replace("teams: [Reds, Blues] }\n\n", "")
        .replace(
          "subject: { match: x, teams: [Reds, Blues] }",
          "subject: { match: x, teams: [Reds, Greens] }",
        ),
      /Reds and Greens are not the two teams of match x/,
    ],
    [
      "about a match that is not listed",
      whole.replace("subject: { match: x", "subject: { match: y"),
      /match y, which is not listed/,
    ],
    [
      "with one token for both",
      whole.replace('"11", "22"', '"11", "11"'),
      /token 11 belongs to two outcomes/,
    ],
    [
      "with a token as a number of many digits",
      whole.replace('"11"', "21123571021115008514603852731317089375146660203715473286496393403189264306691"),
      /map\.yaml:\d+:\d+ markets\[0\]\.tokens/,
    ],
    [
      "with a tick that is none",
      whole.replace("tick: 0.01", "tick: 0.012345"),
      /map\.yaml:\d+:\d+ markets\[0\]\.tick: /,
    ],
    ["that is broken", "kind: [", /map\.yaml:1:/],
  ])("%s is refused", async (_what, mapping, message) => {
    writeFileSync(path, `${JSON.stringify({ recv_wall_ts: 1_780_000_000_000, payload: "{}" })}\n`);
    await refused("market-ws-jsonl", path, mapping, 2, message);
  });

  it("and what is to be written never take each other's place, nor the capture's", async () => {
    const mapping = temporaryFile("map.yaml", whole);
    const onto = async (out: string): Promise<{ code: number; err: string }> =>
      command(["import", "market-ws-jsonl", path, "--mapping", mapping, "--out", out]);
    for (const out of [mapping, path]) {
      const before = readFileSync(out);
      const { code, err } = await onto(out);
      expect(code).toBe(2);
      expect(err).toContain("the recording cannot go to");
      expect(readFileSync(out)).toEqual(before);
    }
  });
});
