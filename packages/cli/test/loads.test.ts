// What the command loads: help and the verbs that stop a run wait for nothing that they do not need.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const PACKAGES = resolve(import.meta.dirname, "../..");
const dir = mkdtempSync(join(tmpdir(), "matchpoint-loads-"));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

/** Tells every module that is loaded, a line each, on standard error. */
const TELLING = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from "node:module";
   registerHooks({ load: (url, context, next) => (process.stderr.write("loaded " + url + "\\n"), next(url, context)) });`,
)}`;

/** The rooms and packages that a command line loads files of, such as `cli/control` and `sdk`. */
function loads(...args: string[]): ReadonlySet<string> {
  const bin = join(PACKAGES, "cli/src/bin.ts");
  const flags = ["--conditions=@matchpoint/source", "--no-warnings", "--import", TELLING];
  const { status, stderr } = spawnSync(process.execPath, [...flags, bin, ...args], {
    cwd: dir,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const files = [...stderr.matchAll(/^loaded (file:.*)$/gm)]
    .filter(([, url]) => !url!.includes("/node_modules/"))
    .map(([, url]) => relative(PACKAGES, fileURLToPath(url!)).split(/[\\/]/));
  expect(files.length, stderr).toBeGreaterThan(5);
  expect(status).not.toBe(1);
  const rooms = files.map(([name = "", , room = ""]) =>
    name === "cli" && !room.endsWith(".ts") ? `cli/${room}` : name,
  );
  return new Set(rooms.filter((room) => room !== "..").sort());
}

it("help and the version load no more than the verbs' names", { timeout: 20_000 }, () => {
  expect([...loads("--version")]).toEqual(["cli", "cli/commands", "cli/verbs"]);
  expect([...loads("run", "--help")]).toEqual(["cli", "cli/commands", "cli/verbs"]);
});

it("what stops a run and tells how it is loads no venue, no source, no model", { timeout: 20_000 }, () => {
  const light = [
    "cli",
    "cli/commands",
    "cli/control",
    "cli/loopback",
    "cli/report",
    "cli/secrets",
    "cli/verbs",
    "sdk",
  ];
  expect([...loads("status", "--dir", dir)]).toEqual(light);
  expect([...loads("kill", "--dir", dir, "--reason", "test")]).toEqual(light);
});
