// Checks the built packages as npm would publish them: publint for the manifest, attw for the types each door resolves to.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { publishedPackages, ROOT } from "./workspace.ts";

const bin = (name: string): string => join(ROOT, "node_modules/.bin", name);
let failed = 0;

for (const { name, dir } of publishedPackages()) {
  const checks: [string, string[]][] = [
    ["publint", ["run", dir, "--strict", "--pack", "npm"]],
    ["attw", ["--pack", dir, "--profile", "esm-only", "--format", "ascii", "--no-emoji", "--no-color"]],
  ];
  for (const [tool, args] of checks) {
    const { status, stdout, stderr } = spawnSync(bin(tool), args, { cwd: ROOT, encoding: "utf8" });
    console.log(`${status === 0 ? "ok  " : "FAIL"} ${tool.padEnd(7)} ${name}`);
    if (status === 0) continue;
    failed++;
    console.log(stdout + stderr);
  }
}

if (failed > 0) process.exit(1);
