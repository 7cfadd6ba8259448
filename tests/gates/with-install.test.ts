import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = resolve(import.meta.dirname, "../../scripts/with-install.mjs");

let root: string;

/** A clone in which `npm` is a script that takes half a second and counts its runs. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "install-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(
    join(root, "bin/npm"),
    '#!/bin/sh\nsleep 0.5\necho "$@" >> "$MATCHPOINT_ROOT/installs"\nmkdir -p "$MATCHPOINT_ROOT/node_modules"\n',
  );
  chmodSync(join(root, "bin/npm"), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function start(...args: string[]): ChildProcess {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    MATCHPOINT_ROOT: root,
    PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}`,
  };
  delete env["npm_execpath"];
  return spawn(process.execPath, [script, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => child.on("close", (code, signal) => done({ code, signal, out, err })));
}

const installs = (): string => readFileSync(join(root, "installs"), "utf8");

describe("with-install", { timeout: 30_000 }, () => {
  it("installs once, then runs the command with its arguments and exit code", async () => {
    const args = ["node", "-e", "console.log(process.argv.slice(1)); process.exit(7)", "a b", "c"];
    const first = await finish(start(...args));
    expect(first).toEqual({
      code: 7,
      signal: null,
      out: "[ 'a b', 'c' ]\n",
      err: "Installing dependencies (npm ci), once…\n",
    });
    const second = await finish(start(...args));
    expect(second.err).toBe("");
    expect(installs()).toBe("ci\n");
  });

  it("installs again when the lock file has changed", async () => {
    await finish(start("node", "-e", "0"));
    writeFileSync(join(root, "package-lock.json"), "{ }");
    await finish(start("node", "-e", "0"));
    expect(installs()).toBe("ci\nci\n");
  });

  it("takes an install noted with --mark for done", async () => {
    mkdirSync(join(root, "node_modules"));
    await finish(start("--mark"));
    expect((await finish(start("node", "-e", "0"))).err).toBe("");
    expect(existsSync(join(root, "installs"))).toBe(false);
  });

  it("installs once for two runs at the same time", async () => {
    const runs = await Promise.all(
      [1, 2, 3].map(async () => finish(start("node", "-e", "console.log('ran')"))),
    );
    expect(runs.map((run) => [run.code, run.out])).toEqual(Array.from({ length: 3 }, () => [0, "ran\n"]));
    expect(installs()).toBe("ci\n");
    expect(existsSync(join(root, ".install.lock"))).toBe(false);
  });

  it("takes over the lock of a process that died", async () => {
    const dead = start("--mark");
    await finish(dead);
    writeFileSync(join(root, ".install.lock"), String(dead.pid));
    expect((await finish(start("node", "-e", "0"))).code).toBe(0);
    expect(installs()).toBe("ci\n");
  });

  it("fails in one line when the install fails", async () => {
    writeFileSync(join(root, "bin/npm"), "#!/bin/sh\nexit 1\n");
    const run = await finish(start("node", "-e", "console.log('ran')"));
    expect(run).toMatchObject({ code: 1, out: "" });
    expect(run.err).toContain("The install failed; run 'npm ci' to see why.");
    expect(existsSync(join(root, ".install.lock"))).toBe(false);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("passes %s on and waits for the command to end", async (signal) => {
    mkdirSync(join(root, "node_modules"));
    await finish(start("--mark"));
    const child = start(
      "node",
      "-e",
      `process.on("${signal}", () => { console.log("bye"); process.exit(3) }); setInterval(() => {}, 1000); console.log("up")`,
    );
    const ended = finish(child);
    await new Promise((up) => child.stdout?.once("data", up));
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 3, out: "up\nbye\n" });
  });
});
