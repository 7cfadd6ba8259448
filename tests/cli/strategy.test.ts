import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT, startBot, temporaryFile, temporaryFolder } from "./support.ts";

const RECORDING = join(ROOT, "scripts/smoke/recording.jsonl");
const CUSTOM = join(ROOT, "scripts/smoke/custom-strategy.ts");
const SDK = join(ROOT, "packages/sdk/src/index.ts");
const ZOD = join(ROOT, "node_modules/zod/index.js");

/** A strategy file with the given text after the imports. */
const file = (text: string): string =>
  temporaryFile(
    "mine.ts",
    `import { Strategy } from ${JSON.stringify(SDK)};\nimport { z } from ${JSON.stringify(ZOD)};\n${text}\n`,
  );

const valid = (name: string, id: string): string =>
  `class ${name} extends Strategy { static readonly id = "${id}"; static readonly posture = "pair"; static readonly params = z.object({}); }`;

describe("a strategy from a file", { timeout: 30_000 }, () => {
  it("trades a recording, is set from the command line, and is found again for its journal", async () => {
    const cwd = temporaryFolder();
    const replay = ["replay", RECORDING, "--strategy", CUSTOM, "--json"];
    const run = await bot([...replay, "--set", "below=0.7", "--journal", "j.jsonl"], { cwd });
    expect(run.err).toBe("");
    expect(run.code).toBe(0);
    const result = lastJson(run.out);
    expect(result["strategies"].map(({ strategy }: { strategy: string }) => strategy)).toEqual(["buy-below"]);
    expect(result["fills"]).toBeGreaterThan(0);
    expect(result["input"]).not.toHaveProperty("truncated");
    expect(result["input"]).toMatchObject({ kind: "recording", lines: 493 });

    const journal = join(cwd, "j.jsonl");
    const bare = await command(["verify", journal]);
    expect(bare).toMatchObject({ code: 2, out: "" });
    expect(bare.err).toContain("the journal's strategy buy-below is not known here");
    expect(bare.err).toContain("--strategy");
    const found = await command(["verify", journal, "--strategy", CUSTOM, "--json"]);
    expect(lastJson(found.out)).toMatchObject({ ok: true, effectsHash: result["effectsHash"] });

    const again = (...more: string[]): Promise<{ out: string; err: string; code: number }> =>
      command(["replay", journal, "--json", "--no-journal", ...more]);
    const same = await again("--strategy", CUSTOM);
    expect(lastJson(same.out)).toMatchObject({ effectsHash: result["effectsHash"], fills: result["fills"] });
    const cheaper = await again("--strategy", CUSTOM, "--set", "buy-below.below=0.01");
    expect(lastJson(cheaper.out)).toMatchObject({ orders: 0 });
    const other = await again("--strategy", "model-maker", "--set", "reference=microprice");
    expect(lastJson(other.out)["strategies"]).not.toContainEqual(
      expect.objectContaining({ strategy: "buy-below" }),
    );
    expect(lastJson(other.out)["intents"]).toBeGreaterThan(0);
  });

  it("keeps time when asked to, and ends with its account on Ctrl-C", async () => {
    const cwd = temporaryFolder();
    const args = ["replay", RECORDING, "--strategy", CUSTOM, "--speed", "20", "--journal", "j.jsonl"];
    const running = startBot(args, { cwd });
    await running.until(/truth +Match: scheduled → live/);
    running.child.kill("SIGINT");
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out).toMatch(/recording\.jsonl: \d+ frames, \d+ events until interrupted/);
    expect(out).not.toContain(": 493 frames");
    expect(out).toMatch(/\nINTERRUPTED at \d+ % of the recording: the P&L is of an unfinished run\n/);
    expect(out).toContain("the markets add up to the ledger");
    const verified = await command(["verify", join(cwd, "j.jsonl"), "--strategy", CUSTOM]);
    expect(verified).toMatchObject({ code: 0, err: "" });
  });

  it("gives every file of several a run of its own", async () => {
    const { out, code } = await command([
      "replay",
      RECORDING,
      RECORDING,
      "--strategy",
      CUSTOM,
      "--no-journal",
      "--json",
    ]);
    expect(code).toBe(0);
    const hashes = out.split("\n").map((line) => lastJson(line)["effectsHash"]);
    expect(hashes).toHaveLength(2);
    expect(hashes[0]).toBe(hashes[1]);
  });

  it.each([
    [
      "throws when it is imported",
      () => file('throw new TypeError("boom");'),
      /mine\.ts:3:7: .*TypeError: boom/,
      "STRATEGY_INVALID",
    ],
    ["is no TypeScript", () => file("export class {"), /mine\.ts.*could not be loaded/, "STRATEGY_INVALID"],
    [
      "imports what is not there",
      () => temporaryFile("mine.ts", 'import "nowhere-to-be-found";'),
      /Cannot find package 'nowhere-to-be-found'/,
      "STRATEGY_INVALID",
    ],
    ["has none", () => file("export const x = 1;"), /exports no strategy/, "STRATEGY_INVALID"],
    [
      "has two",
      () => file(`export ${valid("A", "a")}\nexport ${valid("B", "b")}`),
      /exports 2 strategies \(a, b\)/,
      "STRATEGY_INVALID",
    ],
    [
      "has a wrong default",
      () => file(`export ${valid("A", "a")}\nexport default 7;`),
      /default export is no strategy: it is of type number/,
      "STRATEGY_INVALID",
    ],
    [
      "lacks an id",
      () => file("export class A extends Strategy { static posture = 'pair'; }"),
      /A is no strategy yet: it has no static id/,
      "STRATEGY_INVALID",
    ],
    [
      "lacks a posture",
      () => file("export default class A extends Strategy { static id = 'a'; }"),
      /posture is neither "pair" nor "directional"/,
      "STRATEGY_INVALID",
    ],
    ["is a folder", () => `${temporaryFolder()}/`, /is a folder/, "STRATEGY_NOT_FOUND"],
    ["is not there", () => "./nowhere.ts", /no such strategy file: .*nowhere\.ts/, "STRATEGY_NOT_FOUND"],
    ["is misspelt", () => "temporal-arp", /Did you mean temporal-arb\?/, "STRATEGY_NOT_FOUND"],
  ])("that %s is refused with what to do", async (_what, make, message, errorCode) => {
    const { code, err, out } = await command(["replay", RECORDING, "--no-journal", "--strategy", make()]);
    expect(err).toMatch(message);
    expect(err).toContain(errorCode);
    expect(err).not.toMatch(/\n +at /);
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("that needs more than its types taken off is refused with what to do", async () => {
    const { code, err } = await bot(["replay", RECORDING, "--strategy", file("export enum A { B }")]);
    expect(err).toMatch(/mine\.ts:3: the file could not be loaded: .*enum is not supported/);
    expect(err).not.toMatch(/\n +at /);
    expect(code).toBe(2);
  });

  it("with two classes and a default is that default", async () => {
    const path = file(`export ${valid("A", "a")}\nexport default ${valid("B", "b")}`);
    const { code, out } = await command(["replay", RECORDING, "--no-journal", "--json", "--strategy", path]);
    expect(code).toBe(0);
    expect(lastJson(out)["whyNot"]).toEqual([]);
  });

  it.each([
    [["--set", "belo=1"], /buy-below\.belo: unknown key; did you mean below\?/],
    [["--set", "below=2"], /buy-below\.below: must be at most 1, got 2/],
    [["--set", "below=x"], /buy-below\.below: expected number, got "x"/],
    [["--set", "__proto__=1"], /unknown key/],
    [["--set", "other.below=1"], /no strategy is called other.*\n +This run has buy-below/],
    [["--set", "below"], /Write --set KEY=VALUE/],
  ])("with %j is refused", async (flags, message) => {
    const { code, err } = await command([
      "replay",
      RECORDING,
      "--no-journal",
      "--strategy",
      CUSTOM,
      ...flags,
    ]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it("with a schema that drops unknown keys still refuses them", async () => {
    const path = file(
      `export class A extends Strategy { static id = "a"; static posture = "pair"; static params = z.object({ edge: z.number().default(1) }); }`,
    );
    const { code, err } = await command([
      "replay",
      RECORDING,
      "--no-journal",
      "--strategy",
      path,
      "--set",
      "egde=1",
    ]);
    expect(err).toMatch(/a\.egde: unknown parameter; did you mean edge\?/);
    expect(code).toBe(2);
  });

  it("that throws in its hooks halts its markets and is halted itself, and the run ends with its account", async () => {
    const path = file(
      `export class A extends Strategy { static id = "a"; static posture = "pair"; static params = z.object({}); onBook() { throw new Error("no luck"); } }`,
    );
    const { code, out } = await command(["replay", RECORDING, "--no-journal", "--strategy", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/alarm +.*strategy fault: .*no luck/);
    expect(out).toMatch(/IDLE → HALT \(strategy_fault/);
    expect(out).toMatch(/strategy halted: a: 5 of its hooks failed/);
  });
});

describe("the recording that installed packages are tried with", () => {
  it("is small and whole", () => {
    const bytes = readFileSync(RECORDING);
    expect(bytes.length).toBeLessThan(400_000);
    expect(bytes.toString("utf8").trimEnd().split("\n").at(-1)).toBe('{"end":true,"lines":493}');
  });
});
