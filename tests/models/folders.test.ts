import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { EXIT, type Io, runCli } from "@matchpoint/cli";
import { lolLines } from "./synthetic.ts";

interface Evaluated {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: string;
  /** The only line of standard output. */
  readonly json: { n: number; broken: number; passed: object; buckets: { at: number; n: number }[] };
}

/** What `evaluate --json` makes of a folder with these files. */
async function evaluated(
  title: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<Evaluated> {
  const folder = mkdtempSync(join(tmpdir(), "folders-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    redraw: () => undefined,
    interactive: false,
    columns: 120,
    closed: new AbortController().signal,
  };
  const code = await runCli(["model", "evaluate", title, folder, "--json"], { io });
  return { code, out, err: err.join("\n"), json: JSON.parse(out.at(-1) ?? "null") as Evaluated["json"] };
}

const GAMES = lolLines(2);
const text = (lines: readonly unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const WHOLE = text(GAMES);

describe("a folder of games", () => {
  it.each([
    ["by another name", { "2017-summer.jsonl": WHOLE }],
    ["gzipped", { "games.jsonl.gz": gzipSync(WHOLE) }],
    [
      "in several files, beside others",
      { "a.jsonl": text(GAMES.slice(0, 5)), "b.ndjson": text(GAMES.slice(5)), "SOURCE.md": "#" },
    ],
    ["twice over", { "games.jsonl": WHOLE, "games.jsonl.gz": gzipSync(WHOLE) }],
    ["with the line ends of another system", { "games.jsonl": `\uFEFF${WHOLE.replaceAll("\n", "\r\n")}` }],
    ["without an end to the last line", { "games.jsonl": WHOLE.trimEnd() }],
  ])("is read %s", async (_, files) => {
    const { code, out, json } = await evaluated("lol", files);
    expect(code).toBe(EXIT.OK);
    expect(out).toHaveLength(1);
    expect(json).toMatchObject({ title: "lol", n: GAMES.length, broken: 0 });
    expect(json.buckets.map(({ at }) => at)).toEqual([5, 10, 15, 20]);
  });

  it("may hold a single game, and one that says no more than who won and by what", async () => {
    const { golddiff, blueWin } = GAMES[0]!;
    const { code, json } = await evaluated("lol", { "one.jsonl": text([{ golddiff, blueWin }]) });
    expect(code).toBe(EXIT.OK);
    expect(json).toMatchObject({ n: 1 });
    expect(JSON.stringify(json)).not.toContain("null");
    // Games without an id of their own are not taken for one.
    const bare = GAMES.map((game) => ({ ...game, src: undefined, i: undefined }));
    expect((await evaluated("lol", { "bare.jsonl": text(bare) })).json.n).toBe(GAMES.length);
  });

  it("has its broken lines told by file and line, counted, and left out", async () => {
    const broken = [
      '{"year": 2017',
      "[]",
      "null",
      JSON.stringify({ ...GAMES[0], blueWin: "yes" }),
      JSON.stringify({ ...GAMES[0], golddiff: [1, null, 3] }),
      JSON.stringify({ ...GAMES[0], golddiff: [] }),
      JSON.stringify({ ...GAMES[0] }).replace(/"golddiff":\[-?\d+/, '"golddiff":[1e999'),
    ];
    const { code, out, err, json } = await evaluated("lol", {
      "games.jsonl": `${broken.join("\n")}\n${WHOLE}`,
    });
    expect(code).toBe(EXIT.OK);
    expect(out).toHaveLength(1);
    expect(json).toMatchObject({ n: GAMES.length, broken: broken.length });
    broken.forEach((_, i) => expect(err).toMatch(new RegExp(`games\\.jsonl:${i + 1}: `)));
    expect(err).toMatch(/:4: blueWin: /);
    expect(err).toMatch(/:5: golddiff\.1: /);
  });

  it("with more broken lines than anybody reads says how many there are", async () => {
    const { err, json } = await evaluated("lol", { "games.jsonl": `${"{\n".repeat(500)}${WHOLE}` });
    expect(json.broken).toBe(500);
    expect(err.split("\n").length).toBeLessThan(20);
    expect(err).toMatch(/490 more broken lines/);
  });

  it.each([
    ["empty", "lol", {}, 2, /holds no \*\.jsonl/],
    ["with an empty file", "cs2", { "maps.jsonl": "\n\n" }, 1, /holds no complete game/],
    [
      "with nothing but broken lines",
      "valorant",
      { "maps.jsonl": "{\n" },
      1,
      /maps\.jsonl:1: the line is no JSON/,
    ],
    [
      "with games that were over at once",
      "lol",
      { "g.jsonl": text([{ ...GAMES[0], golddiff: [1, 2, 3] }]) },
      1,
      /no game reaches minute 5/,
    ],
    ["that is no archive", "lol", { "games.jsonl.gz": "plain" }, 1, /cannot be read/],
    ["without matches", "dota2", { "SOURCE.md": "" }, 2, /holds no \*\.json/],
    ["with matches that are broken", "dota2", { "a.json": "{" }, 1, /a\.json: the file is no JSON/],
  ] as const)("%s is an error that says so", async (_, title, files, exit, message) => {
    const { code, out, err, json } = await evaluated(title, files);
    expect(code).toBe(exit);
    expect(err).toMatch(message);
    expect(out).toHaveLength(1);
    expect(json).toHaveProperty("error.code");
  });
});
