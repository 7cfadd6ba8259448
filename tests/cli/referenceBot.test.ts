import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT } from "./support.ts";

const FOLDER = join(ROOT, "examples/reference-bot");
const CONFIG = join(FOLDER, "bot.yaml");

describe("the reference bot", () => {
  it("has a configuration that is accepted, also by the command without the bot's own strategies", async () => {
    expect(await command(["config", "check", CONFIG])).toMatchObject({ code: 0, err: "" });
    const shown = await command(["config", "show", CONFIG]);
    expect(shown.out).toMatch(/\n {2}- use: \.\/src\/fadeTheStomp\.ts\n/);
  });

  it("is wired in under 200 lines, in a folder that refers to nothing outside of it", () => {
    const files = globSync("src/**/*.ts", { cwd: FOLDER });
    const lines = files.map((file) => readFileSync(join(FOLDER, file), "utf8").split("\n").length);
    expect(lines.reduce((sum, each) => sum + each, 0)).toBeLessThan(200);
    for (const file of files) expect(readFileSync(join(FOLDER, file), "utf8")).not.toMatch(/from "\.\.\//);
  });

  it("replays with its strategies and limits, in a process of its own", async () => {
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    const { code, out, err } = await bot(["replay", recording, "--config", CONFIG, "--no-journal", "--json"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    const strategies = new Set(
      lastJson(out)["whyNot"].map(({ strategyId }: { strategyId: string }) => strategyId),
    );
    expect(strategies).toEqual(new Set(["temporal-arb", "model-maker"]));
    const own = await bot(["replay", recording, "--strategy", "fade-the-stomp", "--no-journal", "--json"]);
    expect(own.code).toBe(0);
    expect(lastJson(own.out)["skipped"]).toBeGreaterThan(0);
  });
});
