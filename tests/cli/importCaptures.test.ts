import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { command, temporaryFile, temporaryFolder } from "./support.ts";
import { imported, refused, replayed, MARKET, COMMON } from "./importing.ts";

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
