import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT, temporaryFile, temporaryFolder } from "./support.ts";

const RECORDING = join(ROOT, "scripts/smoke/recording.jsonl");
const lines = readFileSync(RECORDING, "utf8").trimEnd().split("\n");
const RUN = ["--strategy", "pair-arb", "--no-journal"];

/** Whatever goes wrong, nobody is shown a stack trace. */
function expectError(
  ended: { readonly code: number | null; readonly out: string; readonly err: string },
  code: number,
  ...patterns: readonly RegExp[]
): void {
  expect(ended.err).toMatch(/^error: /);
  expect(ended.err).not.toMatch(/\n +at |not an error that was foreseen/);
  for (const pattern of patterns) expect(ended.err).toMatch(pattern);
  expect(ended.code).toBe(code);
}

describe("the shell gets", { timeout: 30_000 }, () => {
  it("0 for what went well, 1 for an error, 2 for a mistake on the command line", async () => {
    expect(await bot(["config", "schema"])).toMatchObject({ code: 0, err: "" });
    expectError(
      await bot(["replay", temporaryFile("cut.jsonl", lines.slice(0, 50).join("\n")), ...RUN]),
      1,
      /RECORDING_INVALID/,
    );
    expectError(await bot(["demo", "--sede", "3"]), 2, /Did you mean --seed\?/);
  });

  it("3 for a check that failed", async () => {
    expectError(
      await bot(["verify", temporaryFile("j.jsonl", '{"schema_version":2}\n')]),
      3,
      /j\.jsonl: line 1, byte 0/,
      /JOURNAL_CORRUPT/,
    );
  });
});

describe("a command line", () => {
  it.each<readonly [string, RegExp]>([
    ["deno", /unknown command 'deno'\n\(Did you mean demo\?\)/],
    ["demo --speed fast", /must be a number above 0/],
    ["demo --speed 0", /must be a number above 0/],
    ["demo --speed -1", /must be a number above 0/],
    ["demo --seed 1.5", /must be a whole number/],
    ["demo --seed 1e999", /must be a whole number/],
    ["demo --best-of 2", /best of 1, 3 or 5/],
    ["demo --title chess", /There are lol and cs2/],
    ["replay", /missing required argument 'file'/],
    ["run", /run needs a configuration/],
    ["import", /required option '--mapping <file>' not specified/],
    ["import tarot x --mapping y --out z", /Known kinds: polymarket-ticks-csv/],
    ["config frobnicate", /There are: config check/],
    [
      `replay ${RECORDING} ${RECORDING} --strategy pair-arb --journal j.jsonl`,
      /one file for several replays/,
    ],
  ])("%s", async (line, message) => {
    expectError(await command(line.split(" ")), 2, message);
  });
});

describe("npm run season", () => {
  it("says which options there are", () => {
    const season = join(ROOT, "scripts/season.ts");
    const args = ["--conditions=@matchpoint/source", "--no-warnings", season, "--matchs", "3"];
    const ended = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(ended.stderr).toMatch(/^Unknown option '--matchs'\nusage: npm run season -- \[--matches N\]/);
    expect(ended.status).toBe(2);
  });
});

describe("a file that is no such file", () => {
  const folder = temporaryFolder();
  it.each<readonly [string, readonly string[], number, RegExp]>([
    ["nowhere", ["replay", "/nowhere/x.jsonl", ...RUN], 2, /no such file or folder: \/nowhere\/x\.jsonl/],
    ["a folder", ["replay", folder, ...RUN], 2, /is a folder, not a file/],
    ["empty", ["replay", temporaryFile("empty", ""), ...RUN], 1, /the file is empty/],
    [
      "something else",
      ["replay", temporaryFile("a.txt", "hello\n"), ...RUN],
      1,
      /neither a recording nor a journal\n.*import/,
    ],
    ["no journal: nowhere", ["verify", "/nowhere/j.jsonl"], 2, /there is no journal \/nowhere\/j\.jsonl/],
    ["no journal: a folder", ["verify", folder], 2, /cannot be read \(EISDIR\)/],
    ["no journal: empty", ["verify", temporaryFile("empty", "")], 3, /holds no event/],
    ["no journal: a recording", ["verify", RECORDING], 3, /line 1, byte 0/],
    [
      "no configuration: nowhere",
      ["config", "check", "/nowhere/bot.yaml"],
      2,
      /there is no configuration file/,
    ],
    ["no configuration: a folder", ["run", "--config", folder], 2, /cannot be read \(EISDIR\)/],
  ])("%s", async (_what, args, code, message) => {
    expectError(await command(args), code, message);
  });
});

describe("what is to be written", () => {
  it("never takes the place of the input, or of what is no journal", async () => {
    const path = temporaryFile("r.jsonl", readFileSync(RECORDING));
    expectError(
      await command(["replay", path, "--strategy", "pair-arb", "--journal", path]),
      2,
      /that is the input/,
    );
    expect(readFileSync(path)).toEqual(readFileSync(RECORDING));
    const notes = temporaryFile("notes.txt", "dear diary\n");
    expectError(
      await command(["replay", path, "--strategy", "pair-arb", "--journal", notes]),
      2,
      /the file there is no journal/,
    );
    expect(readFileSync(notes, "utf8")).toBe("dear diary\n");
    expectError(
      await command(["replay", path, "--strategy", "pair-arb", "--journal", temporaryFolder()]),
      2,
      /that is a folder/,
    );
  });

  it("is refused at once where it cannot be written, before anything is traded", async () => {
    const blocked = join(temporaryFile("file", "x"), "j.jsonl");
    const ended = await command(["demo", "--speed", "max", "--journal", blocked]);
    expectError(ended, 1, /cannot write: (ENOTDIR|EEXIST)/, /JOURNAL_WRITE_FAILED/);
    expect(ended.out).toBe("");
  });

  it("does not take the place of an older journal, which is somebody's evidence", async () => {
    const path = join(temporaryFolder(), "j.jsonl");
    const replay = ["replay", RECORDING, "--strategy", "pair-arb", "--json", "--journal", path];
    expect((await command(replay)).code).toBe(0);
    const before = readFileSync(path);
    expectError(await command(replay), 2, /another run's journal is there[^]*Name another file/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("a configuration", () => {
  const checked = async (text: string): Promise<{ code: number; out: string; err: string }> => {
    return command(["config", "check", temporaryFile("bot.yaml", text)]);
  };

  it("with many mistakes is told all of them, each with its place, in order", async () => {
    const text = `mode: paper
risk:
  max_oder_usdc: 3
  max_price: "a"
feeds:
  gird: {}
  grid: { tire: A, socket_url: 7 }
strategies:
  - use: temporal-arb
    params: { egde_threshold: 1 }
  - use: ./nope.ts
  - use: temporal-arp
`;
    const ended = await checked(text);
    expectError(ended, 2, /^error: 8 problems\n/);
    const places = [...ended.err.matchAll(/bot\.yaml:(\d+:\d+) (\S+): (.*)/g)].map(
      ([, place, path]) => `${place!} ${path!}`,
    );
    expect(places).toEqual([
      "3:3 risk.max_oder_usdc",
      "4:14 risk.max_price",
      "6:3 feeds.gird",
      "7:11 feeds.grid.tire",
      "7:32 feeds.grid.socket_url",
      "10:15 strategies[0].params.egde_threshold",
      "11:10 strategies[1].use",
      "12:10 strategies[2].use",
    ]);
    for (const meant of ["max_order_usdc", "grid", "tier", "edge_threshold", "temporal-arb"]) {
      expect(ended.err.toLowerCase()).toContain(`did you mean ${meant}?`);
    }
  });

  it("says which strategies no market is for", async () => {
    const ended = await checked(`strategies:
  - { use: temporal-arb, markets: { matches: [m2] } }
  - { use: pair-arb, markets: { subjects: [series] } }
matches: [{ id: m1, title: cs2, teams: [A, B] }]
markets:
  - { id: x, title: A vs B, outcomes: [{ token: t1, name: A }, { token: t2, name: B }], subject: { match: m1 } }
`);
    expect(ended.out).toMatch(
      /\n {2}temporal-arb is given no market: no market here has matches: \["m2"\] \(strategies\[0\]\.markets\)/,
    );
    expect(ended.out).not.toContain("pair-arb");
    expect(ended.code).toBe(0);
  });

  it.each<readonly [string, string, RegExp | undefined]>([
    ["no markets", "strategies: [{ use: model-maker }]\n", /it lists no markets/],
    [
      "no markets but discover",
      "strategies: [{ use: model-maker }]\ndiscover: { games: [cs2] }\nfeeds: { polymarket: {} }\n",
      undefined,
    ],
    [
      "discover but no strategies",
      "discover: { games: [cs2] }\nfeeds: { polymarket: {} }\n",
      /it lists no strategies/,
    ],
    [
      "a live account of type 3 without its address",
      "mode: live\nstrategies: [{ use: model-maker }]\ndiscover: { games: [cs2] }\nfeeds: { polymarket: {} }\nexecution: { signature_type: 3 }\n",
      /execution\.funder is missing/,
    ],
    [
      "a live account of type 0",
      "mode: live\nstrategies: [{ use: model-maker }]\ndiscover: { games: [cs2] }\nfeeds: { polymarket: {} }\nexecution: { signature_type: 0 }\n",
      undefined,
    ],
  ])("with %s is said to be refused by run only where it is", async (_what, text, refused) => {
    const { code, out } = await checked(text);
    expect(code).toBe(0);
    if (refused === undefined) expect(out).not.toContain("run refuses it");
    else expect(out).toMatch(new RegExp(`\\n {2}run refuses it: ${refused.source}`));
  });

  it.each<readonly [string, string, RegExp]>([
    ["broken YAML", "mode: [paper\n", /bot\.yaml:2:1 /],
    ["a key twice", "seed: 1\nseed: 2\n", /bot\.yaml:2:1 the key seed is there twice/],
    ["a list", "- 1\n", /bot\.yaml:1:1 .*section/],
    [
      "an anchor bomb",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from("bcdefghi", (c, i) => `${c}: &${c} [${`*${"abcdefgh"[i]!},`.repeat(9)}]`).join("\n")}\n`,
      /alias/i,
    ],
    ["a prototype", "__proto__: { mode: live }\n", /bot\.yaml:1:1 /],
    ["real money", "mode: live\nmarkets: []\n", /./],
  ])("with %s", async (what, text, message) => {
    if (what === "real money") {
      expectError(
        await command(["run", "--config", temporaryFile("bot.yaml", text)]),
        2,
        /says mode: live, but --live was not given/,
      );
      const market = `{ id: "0xm", title: m, outcomes: [{ token: "1", name: A }, { token: "2", name: B }] }`;
      const unclocked = `mode: live\nstrategies: [{ use: model-maker }]\nmarkets: [${market}]\ntime: { enabled: false }\n`;
      expectError(
        await command(["run", "--live", "--config", temporaryFile("bot.yaml", unclocked)]),
        3,
        /time\.enabled is false: the clock was not compared/,
      );
    } else expectError(await checked(text), 2, message);
  });

  it.each<readonly [string, string]>([
    ["of another scheme", "https://example.com"],
    ["without a host", "wss://"],
    ["with a blank", "ws://exa mple/"],
    ["with a port beyond the last", "ws://127.0.0.1:99999/"],
    ["with a fragment", "wss://example.com/#frag"],
    ["with an empty fragment", "wss://example.com/#"],
  ])("with an address %s is told where, and what one looks like", async (_what, text) => {
    const ended = await checked(`feeds:\n  polymarket:\n    socket_url: "${text}"\n`);
    expectError(ended, 2, /bot\.yaml:3:17 feeds\.polymarket\.socket_url: .*wss:\/\/host:port\/path/);
    expect(ended.err).not.toContain("problems");
  });

  it("whose HTTP address is a socket's is told so", async () => {
    const ended = await checked(`feeds:\n  polymarket: { rest_url: "ws://127.0.0.1:9" }\n`);
    expectError(ended, 2, /bot\.yaml:2:27 feeds\.polymarket\.rest_url: must be an address like https:/);
    expect(await checked(`feeds:\n  polymarket: { rest_url: "http://127.0.0.1:9" }\n`)).toMatchObject({
      code: 0,
    });
  });

  it("whose markets share a token is told where", async () => {
    const market = (id: string, token: string): string =>
      `  - { id: ${id}, title: t, outcomes: [{ token: "${token}", name: A }, { token: "${token}b", name: B }] }\n`;
    const ended = await checked(`markets:\n${market("a", "1")}${market("b", "1")}`);
    expectError(ended, 2, /^error: 2 problems\n.*bot\.yaml:3:44 markets\[1\]\.outcomes\[0\]\.token: /);
  });

  it("that lists nothing to trade cannot be run", async () => {
    const nothing = temporaryFile("bot.yaml", "seed: 1\n");
    expectError(await command(["run", "--config", nothing]), 2, /lists no markets: there is nothing to do/);
  });

  it("is shown with every default, as YAML that is accepted again and means the same", async () => {
    const path = temporaryFile(
      "bot.yaml",
      "seed: 7\nstrategies:\n  - use: pair-arb\nfeeds:\n  operator: { tier: A }\n",
    );
    const shown = await command(["config", "show", path]);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain("\nseed: 7\n");
    expect(shown.out).toMatch(/\nrisk:\n {2}max_order_usdc: \d+\n/);
    const again = await command(["config", "show", temporaryFile("bot.yaml", shown.out)]);
    expect(again.out).toBe(shown.out);
  });

  it("has a JSON Schema that knows the feeds", async () => {
    const { code, out } = await command(["config", "schema"]);
    expect(code).toBe(0);
    const schema = lastJson(JSON.stringify(JSON.parse(out)));
    expect(schema["additionalProperties"]).toBe(false);
    expect(Object.keys(schema["properties"]["feeds"]["properties"])).toEqual(
      expect.arrayContaining(["polymarket", "grid", "operator"]),
    );
    expect(schema["properties"]["feeds"]["additionalProperties"]).toBe(false);
  });
});

describe("a recording", () => {
  const replay = async (
    text: string | Uint8Array,
    ...more: string[]
  ): Promise<{ code: number; out: string; err: string }> =>
    command(["replay", temporaryFile("r.jsonl", text), ...RUN, "--json", ...more]);

  it.each<readonly [string, () => string | Uint8Array, RegExp]>([
    [
      "without its end",
      () => `${lines.slice(0, 60).join("\n")}\n`,
      /truncated: the end line is missing; 59 frames are usable/,
    ],
    ["cut within a line", () => lines.slice(0, 60).join("\n").slice(0, -40), /truncated/],
    ["with lines missing", () => [...lines.slice(0, 60), lines.at(-1)!, ""].join("\n"), /59 .*493|493 .*59/],
    [
      "with a line that is no JSON",
      () => [...lines.slice(0, 5), "{nonsense", ...lines.slice(5)].join("\n"),
      /r\.jsonl: line 6, byte \d+/,
    ],
    [
      "with a channel that nobody named",
      () => [...lines.slice(0, 5), '{"t":1,"ch":"x","json":{}}', ...lines.slice(5)].join("\n"),
      /line 6.*no channel "x"/,
    ],
    [
      "with a decoder that nobody knows",
      () => [lines[0]!.replace('"grid-series-events"', '"tea-leaves"'), ...lines.slice(1)].join("\n"),
      /tea-leaves/,
    ],
    [
      "of a later format",
      () =>
        [lines[0]!.replace('"matchpoint_recording":1', '"matchpoint_recording":9'), ...lines.slice(1)].join(
          "\n",
        ),
      /matchpoint_recording/,
    ],
    ["with a header that is none", () => '{"matchpoint_recording":1}\n', /created_by/],
  ])("%s is refused with its place", async (_what, make, message) => {
    expectError(await replay(make()), 1, message, /RECORDING_INVALID/);
  });

  it("without its end is used as far as it goes when that is asked for", async () => {
    const { code, out } = await replay(`${lines.slice(0, 60).join("\n")}\n`, "--allow-truncated");
    expect(code).toBe(0);
    expect(lastJson(out)["input"]).toMatchObject({
      lines: 59,
      truncated: expect.stringContaining("end line is missing") as string,
    });
  });

  it("with hostile frames quarantines each of them, and trades on", async () => {
    const header = JSON.parse(lines[0]!) as { markets: { outcomes: { tokenId: string }[] }[] };
    const token = header.markets[0]!.outcomes[0]!.tokenId;
    const book = (size: string): string =>
      `{"event_type":"book","asset_id":"${token}","timestamp":"1795273200100","bids":[{"price":"0.4","size":${size}}],"asks":[]}`;
    const change = (price: string, size: string): string =>
      `{"event_type":"price_change","timestamp":"1795273200100","price_changes":[{"asset_id":"${token}","price":${price},"size":${size},"side":"BUY"}]}`;
    const hostile = [
      book('"NaN"'),
      book('"1e309"'),
      book("1e309"),
      book('"-1"'),
      book("null"),
      change('"0.12345"', '"1"'),
      change('"1.5"', '"1"'),
      change('"-0.1"', '"1"'),
      change('"0.5"', '"99999999999999999999"'),
      change('"0.5"', `"${"9".repeat(5_000_000)}"`),
      `{"event_type":"book","__proto__":{"bids":[]},"constructor":{"prototype":1}}`,
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      `{"event_type":"book","asset_id":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
    ];
    const text = [...lines.slice(0, 30)];
    for (const frame of hostile) text.push(`{"t":1795273200200,"ch":"polymarket.market","json":${frame}}`);
    const hostileGrid = [
      '{"id":"__proto__","events":[{"type":"__proto__"}]}',
      '{"__proto__":null}',
      '"just text"',
      "1e309",
      "null",
    ];
    for (const frame of hostileGrid) text.push(`{"t":1795273200300,"ch":"grid","json":${frame}}`);
    text.push('{"t":1795273200300,"ch":"polymarket.market","text":"PONG\\u0000\\u001b[2J{"}');
    text.push('{"t":1795273200300,"ch":"pandascore","base64":"/////w=="}');
    text.push(...lines.slice(30, -1));
    const count = text.length - 1;
    text.push(`{"end":true,"lines":${count}}`, "");
    const { code, out, err } = await replay(text.join("\n"));
    expect(err).toBe("");
    expect(code).toBe(0);
    const result = lastJson(out);
    expect(result["quarantined"]).toBeGreaterThanOrEqual(hostile.length + 4);
    expect(result["quarantined"]).toBeLessThanOrEqual(hostile.length + hostileGrid.length + 2);
    expect(result["input"]["lines"]).toBe(count);
    const people = await command(["replay", temporaryFile("r.jsonl", text.join("\n")), ...RUN]);
    expect(people.code).toBe(0);
    expect(people.out).toMatch(/\d+ frames quarantined/);
    expect(people.out).not.toContain("\u001b[2J");
    expect(people.out.length).toBeLessThan(20_000);
    expect(({} as Record<string, unknown>)["bids"]).toBeUndefined();
  }, 20_000);
});

describe("a folder of runs", () => {
  it("keeps the journal of every run, also of files with one name that are replayed in one second", async () => {
    const root = temporaryFolder();
    const files = ["a", "b"].map((day) => join(root, day, "recording.jsonl"));
    for (const file of files) {
      mkdirSync(join(file, ".."));
      writeFileSync(file, readFileSync(RECORDING));
    }
    const config = join(root, "bot.yaml");
    const runs = join(root, "runs");
    writeFileSync(config, `strategies: [{ use: pair-arb }]\njournal: { dir: ${runs} }\n`);
    const ended = await command(["replay", ...files, files[0]!, "--config", config, "--json"]);
    expect(ended.code).toBe(0);
    const journals = ended.out.split("\n").map((line) => lastJson(line)["journal"] as string);
    expect(new Set(journals).size).toBe(3);
    expect(
      readdirSync(runs)
        .map((name) => join(runs, name))
        .sort(),
    ).toEqual([...journals].sort());
    for (const journal of journals) expect((await command(["verify", journal])).code).toBe(0);
  });

  it("is made where it is not there", async () => {
    const cwd = temporaryFolder();
    const config = join(cwd, "bot.yaml");
    writeFileSync(config, `strategies:\n  - use: pair-arb\njournal: { dir: ${join(cwd, "a/b")} }\n`);
    mkdirSync(join(cwd, "a"));
    const { code, out } = await command(["replay", RECORDING, "--config", config, "--json"]);
    expect(code).toBe(0);
    expect(lastJson(out)["journal"]).toMatch(/a\/b\/replay-recording-.*\.journal\.jsonl$/);
    expect((await command(["verify", lastJson(out)["journal"] as string])).code).toBe(0);
  });
});
