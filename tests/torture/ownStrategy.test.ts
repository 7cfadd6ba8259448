/** The command on strategies of somebody's own, in processes of its own, as a user starts it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { command, lastJson, ROOT } from "../cli/support.ts";

const NODE = ["--conditions=@matchpoint/source", "--no-warnings"];
const BIN = join(ROOT, "packages/cli/src/bin.ts");

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], cwd: string): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: "", VITEST: undefined, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(process.execPath, [...NODE, ...args], { cwd, env, timeout: 90_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A user's project: one strategy, and the packages. */
function project(body: string): string {
  const folder = mkdtempSync(join(tmpdir(), "matchpoint-own-"));
  folders.push(folder);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  const head = `import { JournalWriter, Strategy } from "@matchpoint/sdk";\nimport { z } from "zod";\n`;
  writeFileSync(join(folder, "mine.ts"), `${head}${body}`);
  return folder;
}

const torture = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  start([BIN, "torture", "--strategy", "./mine.ts", ...args], folder);

const GAMBLER = `
export class Gambler extends Strategy {
  static id = "gambler";
  static posture = "directional";
  static params = z.object({});
  onBook(ctx) {
    const { ask } = ctx.quote(0);
    if (Math.random() < 0.5 && ask < 10_000) ctx.buy({ outcome: 0, limit: ask, size: 5_000_000 });
  }
}
`;

/** With its parameter it breaks the journal of every program in its process. */
const SABOTEUR = `
export default class extends Strategy {
  static id = "saboteur";
  static posture = "directional";
  static params = z.object({ sabotage: z.boolean().default(false) });
  onBook() {
    if (!this.params.sabotage) return;
    JournalWriter.prototype.append = () => {
      throw new RangeError("sabotaged");
    };
  }
}
`;

describe("a strategy that looks at chance", { timeout: 120_000 }, () => {
  it("fails in the same way however many processes there are, and is told so with the place", async () => {
    const folder = project(GAMBLER);
    const seeds = ["--start", "1", "--only", "ghost_fill", "--json"];
    const [one, two, single] = await Promise.all([
      torture(folder, ...seeds, "--seeds", "2", "--workers", "1"),
      torture(folder, ...seeds, "--seeds", "2", "--workers", "2"),
      torture(folder, "--only", "ghost_fill", "--seed-of-failure", "1"),
    ]);
    expect([one.code, two.code, single.code]).toEqual([3, 3, 3]);
    const [a, b] = [lastJson(one.out), lastJson(two.out)];
    expect(a).toMatchObject({ seeds: 2, violations: 0, hash: b["hash"] as unknown });
    expect(a["strategies"]).toEqual(b["strategies"]);
    const [{ strategy, faults, seedsWithFaults, first }] = a["strategies"];
    expect({ strategy, seedsWithFaults, seed: first.seed }).toEqual({
      strategy: "gambler",
      seedsWithFaults: 2,
      seed: 1,
    });
    expect(faults).toBeGreaterThan(0);
    expect(first.place).toBe(`${join(folder, "mine.ts")}:10:14`);
    for (const { err } of [one, single]) {
      expect(err).toMatch(/STRATEGY_FAULT: gambler failed by itself: \d+ hooks? failed in [12] seeds?/);
      expect(err).toContain("Math.random was used in a simulated run");
      expect(err).toContain("mine.ts:10:14");
    }
    expect(single.out).toMatch(/No invariant was broken, but gambler failed by itself/);
    expect(single.out).toMatch(/ {2}gambler: \d+ orders? let out, \d+ denied.*hooks? failed in 1 seed/);
  });
});

describe("the test that is written for a seed", { timeout: 120_000 }, () => {
  it("fails as the campaign did, with the parameters that were set", async () => {
    const folder = project(SABOTEUR);
    const seed = ["--seeds", "1", "--start", "3", "--only", "ghost_fill"];
    const sound = await torture(folder, ...seed);
    expect({ code: sound.code, err: sound.err }).toEqual({ code: 0, err: "" });
    const { code, err } = await torture(folder, ...seed, "--set", "sabotage=true");
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining("shows it.") as string });
    const invariant = /^ {2}(I\d+) at/m.exec(err)![1]!;
    const file = "torture-seed-3.test.ts";
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toContain(`params: {"sabotage":true}`);
    expect(text).toContain(`seed 3 breaks ${invariant}`);
    const conditions = `{ conditions: ["@matchpoint/source"] }`;
    writeFileSync(
      join(folder, "vitest.config.mjs"),
      `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} } };\n`,
    );
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const shown = await start([vitest, "run", file], folder);
    expect(shown.code).toBe(1);
    expect(shown.out + shown.err).toContain(`"invariant": "${invariant}"`);
  });
});

it("refuses to try nothing, and says when nothing was tried", { timeout: 60_000 }, async () => {
  for (const option of ["--seeds", "--workers"])
    expect((await command(["torture", option, "0"])).code).toBe(2);
  const { code, err } = await command(["torture", "--minutes", "0.000000001"]);
  expect({ code, err }).toMatchObject({
    code: 1,
    err: expect.stringContaining("nothing was tried") as string,
  });
});
