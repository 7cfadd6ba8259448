import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { MatchpointError } from "@matchpoint/sdk";
import type { PageFile } from "./server.ts";

const FROM_SOURCES = import.meta.url.endsWith(".ts");
/** Where a published package has the page. */
const BUILT = new URL("./dashboard-page/", import.meta.url);
const SOURCES = new URL("../../../dashboard/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/**
 * The page's files by their path. From sources it is built first, once for each state of them: nobody has to build anything to look at it.
 * @throws MatchpointError `FILE_NOT_FOUND` when there is no page, or it cannot be built
 */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  return read(FROM_SOURCES ? await built(fileURLToPath(SOURCES)) : fileURLToPath(BUILT));
}

/** All files of a folder, in memory: what a request names is looked up, and never made into a path. */
function read(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const path of filesOf(folder)) {
    const type = TYPES[extname(path)];
    if (type === undefined) continue;
    files.set(`/${relative(folder, path).split(sep).join("/")}`, { type, bytes: readFileSync(path) });
  }
  if (!files.has("/index.html")) throw missing("it is not there", folder);
  return files;
}

async function built(sources: string): Promise<string> {
  const target = join(sources, "dist", digestOf(sources));
  if (existsSync(join(target, "index.html"))) return target;
  const fresh = `${target}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    await build(sources, fresh);
    // Another start may have been faster: its page is the same.
    if (!existsSync(target)) renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return target;
}

/** What the page is made of, as a name. */
function digestOf(sources: string): string {
  const hash = createHash("sha256");
  const kept = readdirSync(sources).filter((name) => !["dist", "node_modules", "test"].includes(name));
  for (const name of kept.sort())
    for (const path of filesOf(join(sources, name)))
      hash.update(relative(sources, path)).update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function build(sources: string, outDir: string): Promise<void> {
  const require = createRequire(join(sources, "package.json"));
  let vite: string;
  try {
    vite = join(dirname(require.resolve("vite/package.json")), "bin", "vite.js");
  } catch (cause) {
    throw missing("Vite, which builds it, is not installed", sources, cause);
  }
  return new Promise((resolve, reject) => {
    const args = [vite, "build", sources, "--outDir", outDir, "--emptyOutDir", "--logLevel", "error"];
    const child = spawn(process.execPath, args, {
      cwd: sources,
      stdio: ["ignore", "pipe", "pipe"],
      env: { NODE_ENV: "production" },
    });
    let said = "";
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-2_000);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (cause) => {
      reject(missing("it could not be built", sources, cause));
    });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(missing(`it could not be built: ${errorIn(said)}`, sources));
    });
  });
}

/** What a build says was wrong. */
function errorIn(said: string): string {
  const lines = said.trim().split("\n");
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "").trim();
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

function missing(why: string, where: string, cause?: unknown): MatchpointError {
  return new MatchpointError("FILE_NOT_FOUND", `there is no page to show: ${why}`, {
    where,
    hint: "The run goes on without it. In a clone: npm ci; else install @matchpoint/cli again.",
    ...(cause === undefined ? {} : { cause }),
  });
}
