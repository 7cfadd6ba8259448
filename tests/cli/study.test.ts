import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT, temporaryFolder } from "./support.ts";

const RECORDING = join(ROOT, "scripts/smoke/recording.jsonl");

describe("recordings traded side by side", { timeout: 120_000 }, () => {
  let cwd: string;
  const at = (name: string): string => join(cwd, name);
  beforeAll(() => {
    cwd = temporaryFolder();
    copyFileSync(RECORDING, at("monday.jsonl"));
    copyFileSync(RECORDING, at("tuesday.jsonl"));
    writeFileSync(at("careful.yaml"), "strategies: [{ use: pair-arb }]\n");
    writeFileSync(
      at("bold.yaml"),
      "strategies: [{ use: model-maker, params: { reference: microprice } }]\npaper: { collateral_usdc: 500 }\n",
    );
  });

  it("gives what replay gives, in threads as in none, in the order of the command line", async () => {
    const args = [
      ...["backtest", at("monday.jsonl"), at("tuesday.jsonl"), "--json"],
      ...["--config", at("careful.yaml"), "--config", at("bold.yaml")],
    ];
    const threads = await bot([...args, "--workers", "2"], { cwd });
    expect(threads.code).toBe(0);
    const told = lastJson(threads.out);
    const here = await command(args);
    expect(lastJson(here.out)).toEqual(told);
    const names = told["runs"].map(({ config, file }: Record<string, string>) => `${config} ${file}`);
    expect(names).toEqual(
      ["careful", "bold"].flatMap((config) =>
        ["monday", "tuesday"].map((day) => `${at(config)}.yaml ${at(day)}.jsonl`),
      ),
    );
    const replayed = lastJson(
      (await command(["replay", RECORDING, "--config", at("bold.yaml"), "--no-journal", "--json"])).out,
    );
    const { orders, fills, denied, pnlUsdc, feesUsdc, effectsHash } = replayed;
    expect(fills).toBeGreaterThan(0);
    expect(told["runs"][2]).toMatchObject({ orders, fills, denied, pnlUsdc, feesUsdc, effectsHash });
    // And says what it rests on as replay does.
    expect(told["configurations"][1]).toMatchObject({
      config: at("bold.yaml"),
      realism: replayed["realism"],
      verdict: "NO-DEPLOY",
    });
    expect(told["totals"][1]).toMatchObject({ file: "all", orders: 2 * orders, pnlUsdc: 2 * pnlUsdc });
    const text = await command(args.filter((word) => word !== "--json"));
    expect(text.out).toMatch(/bold\.yaml: Realism: all 14 parts on/);
    expect(text.out).toMatch(/bold\.yaml: Verdict: NO-DEPLOY \(/);
    expect(text.out).toMatch(/^\S*bold\.yaml +all +92 +4 /m);
  });

  it("tells a run that fails apart from those that end, and refuses at once what cannot begin", async () => {
    const whole = readFileSync(RECORDING, "utf8");
    writeFileSync(at("cut.jsonl"), whole.slice(0, whole.length / 2));
    // One ends its whole thread: that costs its own run.
    const sdk = JSON.stringify(join(ROOT, "packages/sdk/src/index.ts"));
    const zod = JSON.stringify(join(ROOT, "node_modules/zod/index.js"));
    writeFileSync(
      at("leaves.ts"),
      `import { Strategy } from ${sdk};
import { z } from ${zod};
export class Leaves extends Strategy {
  static readonly id = "leaves";
  static readonly posture = "directional";
  static readonly params = z.strictObject({});
  onBook() { process.exit(7); }
}
`,
    );
    writeFileSync(at("leaves.yaml"), "strategies: [{ use: ./leaves.ts }]\n");
    const files = ["backtest", at("cut.jsonl"), at("monday.jsonl")];
    const args = [...files, "--config", at("leaves.yaml"), "--config", at("careful.yaml")];
    const partly = await bot([...args, "--json", "--workers", "1"], { cwd });
    expect(partly.code).toBe(1);
    const died = { error: { code: "STRATEGY_FAULT" } };
    expect(lastJson(partly.out)).toMatchObject({
      failed: 3,
      runs: [died, died, { error: { code: "RECORDING_INVALID" } }, { config: at("careful.yaml") }],
      totals: [{ events: 0 }, { file: "all" }],
    });
    const careful = [...files, "--config", at("careful.yaml"), "--allow-truncated"];
    expect((await command(careful)).code).toBe(0);
    writeFileSync(at("wrong.yaml"), "strategies: [{ use: pair-arb, params: { min_edg: 1 } }]\n");
    for (const [words, why] of [
      [["backtest", at("nowhere.jsonl")], /nowhere/],
      [["backtest", at("monday.jsonl"), "--config", at("wrong.yaml")], /unknown key/],
      [["backtest", at("monday.jsonl"), "--workers", "0"], /at least 1/],
      [["backtest", at("monday.jsonl"), "--set", "nonsense=1"], /nonsense/],
      [["backtest"], /missing required argument/],
    ] as const) {
      const refused = await command(words);
      expect(refused.code, words.join(" ")).toBe(2);
      expect(refused.err).toMatch(why);
    }
  });

  const sweep = (...words: readonly string[]): ReturnType<typeof command> =>
    command(["sweep", at("monday.jsonl"), at("tuesday.jsonl"), "--config", at("bold.yaml"), ...words]);

  it("tries every combination, lists them by profit, and says how much of the best is luck", async () => {
    const grid = ["--set", "size_shares=20,5", "--set", "half_spread=0.02"];
    const ran = await sweep(...grid, "--json");
    expect(ran.code).toBe(0);
    const { tried, rows, luck, realism, grid: axes } = lastJson(ran.out);
    expect({ tried, axes }).toEqual({ tried: 2, axes: { size_shares: ["20", "5"], half_spread: ["0.02"] } });
    expect(rows.map(({ params }: any) => params.size_shares)).toEqual(["5", "20"]);
    expect(rows[0].pnlUsdc).toBeGreaterThan(rows[1].pnlUsdc);
    expect(rows[0].worstUsdc).toBe(rows[0].pnlUsdc / 2);
    // Two figures of mean m and deviation d: what luck may reach is m + d * sqrt(2 ln 2).
    const [a, b] = rows.map(({ pnlUsdc }: any) => pnlUsdc as number) as [number, number];
    expect(luck.bestByLuckUsdc).toBeCloseTo(
      (a + b) / 2 + ((a - b) / Math.SQRT2) * Math.sqrt(2 * Math.log(2)),
      5,
    );
    const text = await sweep(...grid, "--top", "1");
    expect(text.out).toMatch(/^size_shares +ORDERS/m);
    expect(text.out).toMatch(/^Realism: all 14 parts on$/m);
    expect(realism).toHaveLength(14);
    expect(text.out).toMatch(
      /and 1 more; --top shows them\nRealism: .*\nWarning: 2 combinations were tried on 2 recordings/,
    );
  });

  it("refuses values that the strategy's schema does not take, and what is no grid", async () => {
    for (const [words, why] of [
      [["--set", "size_shares=5,many"], /size_shares/],
      [["--set", "size_share=5,10"], /did you mean size_shares/],
      [["--set", "size_shares=5"], /nothing is swept/],
      [[], /nothing is swept/],
      [["--set", "size_shares=5,,10"], /--set size_shares=5,,10/],
      [["--set", "size_shares=5,5"], /5 is there twice/],
      [["--set", "size_shares=5,10", "--set", "size_shares=20,30"], /size_shares is there twice/],
      [["--set", `size_shares=${Array.from({ length: 5001 }, (_, i) => i + 1).join(",")}`], /are too many/],
    ] as const) {
      const refused = await sweep(...words);
      expect(refused.code, words.join(" ").slice(0, 60)).toBe(2);
      expect(refused.err).toMatch(why);
    }
  });
});
