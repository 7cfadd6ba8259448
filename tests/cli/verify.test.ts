import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { command, lastJson, ROOT, temporaryFile, temporaryFolder } from "./support.ts";

describe("verify", () => {
  let journal: string;
  let lines: readonly string[];

  beforeAll(async () => {
    journal = join(temporaryFolder(), "j.jsonl");
    const recording = join(ROOT, "scripts/smoke/recording.jsonl");
    const args = ["replay", recording, "--strategy", "pair-arb", "--json", "--journal", journal];
    expect((await command(args)).code).toBe(0);
    lines = readFileSync(journal, "utf8").trimEnd().split("\n");
  });

  it("says nothing of the end of a journal whose run was ended", async () => {
    const { code, out } = await command(["verify", journal]);
    expect(code).toBe(0);
    expect(out).not.toContain("not ended");
    expect(lastJson((await command(["verify", journal, "--json"])).out)).toMatchObject({
      ok: true,
      events: lines.length,
      torn: false,
      ended: true,
    });
  });

  it("tells that the run was not ended when the last lines are missing, as after a crash", async () => {
    const cut = temporaryFile("cut.jsonl", `${lines.slice(0, lines.length / 2).join("\n")}\n`);
    const { code, out } = await command(["verify", cut]);
    expect(code).toBe(0);
    expect(out).toContain("\n  the run was not ended; the journal may be cut\n");
    expect(lastJson((await command(["verify", cut, "--json"])).out)).toMatchObject({
      ok: true,
      torn: false,
      ended: false,
    });
  });
});
