import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { command, lastJson, temporaryFile, temporaryFolder } from "./support.ts";

interface Frame {
  readonly t: number;
  readonly ch: string;
  readonly json: any;
}

/** Imports a capture; gives the recording's frames and what the command said. */
async function imported(
  kind: string,
  path: string,
  mapping: string,
): Promise<{ result: Record<string, any>; header: any; frames: readonly Frame[]; recording: string }> {
  const recording = join(temporaryFolder(), "out.jsonl");
  const ended = await command([
    "import",
    kind,
    path,
    "--mapping",
    temporaryFile("map.yaml", mapping),
    "--out",
    recording,
    "--json",
  ]);
  expect(ended.err).toBe("");
  expect(ended.code).toBe(0);
  const [header, ...rest] = readFileSync(recording, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rest.pop()).toEqual({ end: true, lines: rest.length });
  return { result: lastJson(ended.out), header, frames: rest as Frame[], recording };
}

async function refused(
  kind: string,
  path: string,
  mapping: string,
  code: number,
  message: RegExp,
): Promise<void> {
  const out = join(temporaryFolder(), "out.jsonl");
  const ended = await command([
    "import",
    kind,
    path,
    "--mapping",
    temporaryFile("map.yaml", mapping),
    "--out",
    out,
  ]);
  expect(ended.err).toMatch(message);
  expect(ended.err).not.toMatch(/\n +at /);
  expect(ended.code).toBe(code);
  expect(existsSync(out)).toBe(false);
  expect(existsSync(`${out}.part`)).toBe(false);
}

/** What came of trading a recording. */
async function replayed(recording: string, ...more: string[]): Promise<Record<string, any>> {
  const { code, out, err } = await command(["replay", recording, "--no-journal", "--json", ...more]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return lastJson(out);
}

const MARKET = `
  - id: m
    title: Reds vs Blues
    tokens: [TOKENS]
    outcomes: [Reds, Blues]
    tick: 0.01
    fee_rate: 0.03
    taker_delay_ms: 0
    subject: { match: x, teams: [Reds, Blues] }
`;
const COMMON = `source: typed into a test
asserted_by: a test
matches:
  - { id: x, title: other, teams: [Reds, Blues], best_of: 1 }
markets:${MARKET}`;

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

describe("market-ws-jsonl", () => {
  const mapping = `kind: market-ws-jsonl
files: { frames: frames.jsonl }
lines: { only: { source: clob } }
${COMMON.replace("TOKENS", '"11", "22"')}`;
  const book = (size: string): string =>
    JSON.stringify({
      event_type: "book",
      market: "m",
      asset_id: "11",
      timestamp: "1780000000000",
      bids: [{ price: "0.4", size }],
      asks: [{ price: "0.6", size }],
    });
  const line = (t: unknown, payload: unknown, source = "clob"): string =>
    JSON.stringify({ source, recv_wall_ts: t, payload });

  it("becomes a recording of its frames, verbatim, and counts what was left out", async () => {
    const odd = book("10").replace('"m"', '"a\u2028b"');
    const text = [
      line(1_780_000_000_000, book("10")),
      line(1_780_000_000_001, `${book("11")}\n`),
      line(1_780_000_000_002, JSON.parse(book("12"))),
      line(1_780_000_000_003, odd),
      line(1_780_000_000_004, book("13"), "binance"),
      "{not json",
      line("soon", book("14")),
      line(null, book("14")),
      line("", book("14")),
      line(true, book("14")),
      line(1_780_000_000, book("14")),
      line("1780000000000000", book("14")),
      JSON.stringify({ source: "clob", recv_wall_ts: 1_780_000_000_005 }),
      "",
      line("1780000000006", "PONG"),
    ].join("\r\n");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "frames.jsonl"), text);
    const { result, frames, recording } = await imported("market-ws-jsonl", folder, mapping);
    expect(result).toMatchObject({
      read: 14,
      frames: 5,
      left: {
        "line is not JSON with a receive time": 7,
        "line of another source": 1,
        "line without payload": 1,
      },
    });
    expect(frames[0]!.json).toEqual(JSON.parse(book("10")));
    expect(readFileSync(recording, "utf8")).toContain(book("10"));
    expect(readFileSync(recording, "utf8")).toContain(odd);
    expect(frames.map(({ t }) => t - 1_780_000_000_000)).toEqual([0, 1, 2, 3, 6]);
    const traded = await replayed(recording, "--strategy", "model-maker", "--set", "reference=microprice");
    expect(traded["input"]).toMatchObject({ lines: 5 });
    expect(traded["intents"]).toBeGreaterThan(0);
  });

  it("that cannot be imported leaves the recording that was there, and nothing open", async () => {
    const folder = temporaryFolder();
    const map = temporaryFile("map.yaml", mapping);
    const out = join(folder, "out.jsonl");
    const onto = async (capture: string, how: string): Promise<number> => {
      return (await command(["import", "market-ws-jsonl", capture, "--mapping", how, "--out", out])).code;
    };
    const capture = temporaryFile("frames.jsonl", `${line(1_780_000_000_000, book("10"))}\n`.repeat(3_000));
    expect(await onto(capture, map)).toBe(0);
    const before = readFileSync(out);
    expect(await onto(temporaryFile("none.jsonl", "no JSON\n"), map)).toBe(1);
    // The header is what is wrong here, and it is made when the first frame has been read.
    expect(await onto(capture, temporaryFile("bad.yaml", mapping.replace('"11", "22"', "0, 1")))).toBe(2);
    expect(readFileSync(out)).toEqual(before);
    expect(readdirSync(folder)).toEqual(["out.jsonl"]);
    if (process.platform !== "linux") return;
    await vi.waitFor(() => {
      const open = readdirSync("/proc/self/fd").flatMap((fd) => {
        const link = join("/proc/self/fd", fd);
        return existsSync(link) ? [readlinkSync(link)] : [];
      });
      expect(open).not.toContain(capture);
    });
  });

  it("with nothing that fits the mapping is refused, with what was left out", async () => {
    const path = temporaryFile("frames.jsonl", `${line(1_780_000_000_000, book("1"), "binance")}\n`);
    await refused(
      "market-ws-jsonl",
      path,
      mapping,
      1,
      /no frame was found in 1 line\n.*1 × line of another source/,
    );
  });
});

describe("grid-series-events", () => {
  const mapping = `kind: grid-series-events
lag_ms: 700
source: typed into a test
asserted_by: a test
matches:
  - id: x
    title: cs2
    teams: [Reds, Blues]
    best_of: 3
    refs: { grid: { match: "99", teams: ["1", "2"] } }
markets:${MARKET.replace("TOKENS", '"11", "22"')}`;
  const transaction = (n: number, occurredAt: string, type: string): string =>
    JSON.stringify({
      id: `t${n}`,
      occurredAt,
      seriesId: "99",
      sequenceNumber: n,
      sessionSequenceNumber: n,
      events: [
        {
          id: `e${n}`,
          type,
          actor: { type: "series", id: "99" },
          action: "started",
          target: { type: "game", id: "g" },
        },
      ],
    });

  it("takes a transaction's own time, whatever stands before it in the line", async () => {
    const { occurredAt, events, ...rest } = JSON.parse(
      transaction(1, "2026-05-29T18:52:17.644Z", "tournament-started-series"),
    ) as { occurredAt: string; events: object[] };
    const nested = events.map((event) => ({ occurredAt: "2026-05-29T21:00:00.000Z", ...event }));
    const { frames } = await imported(
      "grid-series-events",
      temporaryFile("events.jsonl", JSON.stringify({ events: nested, ...rest, occurredAt })),
      mapping,
    );
    expect(frames.map(({ t }) => t)).toEqual([Date.parse(occurredAt) + 700]);
  });

  it("becomes a recording whose frames arrive after they happened, in the order of the file", async () => {
    const text = [
      transaction(1, "2026-05-29T18:52:17.644Z", "tournament-started-series"),
      transaction(2, "2026-05-29T18:52:16.000Z", "series-started-game"),
      "{}",
      transaction(3, "2026-05-29T18:52:19.000Z", "series-started-game"),
      "",
    ].join("\n");
    const { result, frames, recording } = await imported(
      "grid-series-events",
      temporaryFile("events.jsonl", text),
      mapping,
    );
    expect(result).toMatchObject({ read: 4, frames: 3, left: { "line without occurredAt": 1 } });
    const first = Date.parse("2026-05-29T18:52:17.644Z") + 700;
    expect(frames.map(({ t }) => t)).toEqual([first, first, Date.parse("2026-05-29T18:52:19.000Z") + 700]);
    const traded = await replayed(recording, "--strategy", "pair-arb");
    expect(traded["input"]).toMatchObject({ lines: 3 });
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
