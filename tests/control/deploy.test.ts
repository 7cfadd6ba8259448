import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../cli/support.ts";
import { INSTALLED, UNIT } from "./unit.ts";

it("is a unit that systemd takes, with what the bot needs of it", (context) => {
  for (const line of [
    "Type=notify",
    "Restart=on-failure",
    "LimitCORE=0",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
  ])
    expect(UNIT.split("\n")).toContain(line);
  // V8 runs what it has just compiled.
  expect(UNIT).not.toMatch(/^MemoryDenyWriteExecute/m);
  if (spawnSync("systemd-analyze", ["--version"]).error !== undefined)
    context.skip("systemd-analyze is not here");
  const folder = temporaryFolder();
  const bin = join(folder, "bin/");
  mkdirSync(bin);
  for (const program of ["matchpoint", "polymarket-cancel-all"]) {
    writeFileSync(join(bin, program), "#!/bin/sh\n");
    chmodSync(join(bin, program), 0o755);
  }
  const path = join(folder, "matchpoint.service");
  writeFileSync(path, UNIT.replaceAll(INSTALLED, bin));
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
  const ours = stderr.split("\n").filter((line) => line.includes("matchpoint.service"));
  expect(ours).toEqual([]);
  expect(status).toBe(0);
});
