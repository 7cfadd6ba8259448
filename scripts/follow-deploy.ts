// What deploy/ says, done in an empty folder: the Dockerfile's install from a lock file, its command, its health check, and the programs
// that the unit and the compose file name.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a program that must end well; gives its output. */
export type Run = (what: string, command: string, args: readonly string[], cwd: string) => string;

/**
 * Follows deploy/ with a project in which the packages were installed from their tarballs.
 * @returns what was done, in words
 */
export function followDeploy(root: string, project: string, run: Run): string {
  const text = (file: string): string => readFileSync(join(root, "deploy", file), "utf8");
  const dockerfile = text("docker/Dockerfile");
  const one = (what: string, pattern: RegExp, from: string): string => {
    const found = pattern.exec(from)?.[1];
    if (found === undefined) throw new TypeError(`deploy/ has no ${what} any more`);
    return found;
  };
  const listed = (what: string, pattern: RegExp, from: string): string[] =>
    JSON.parse(one(what, pattern, from)) as string[];

  // The first stage: a folder that holds the two files, and the tarballs that the lock file names.
  const app = join(project, "app");
  mkdirSync(app);
  const tarballs = Object.values(
    (
      JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      }
    ).dependencies,
  ).filter((source) => source.startsWith("file:"));
  for (const name of ["package.json", "package-lock.json", ...tarballs.map((source) => source.slice(5))])
    copyFileSync(join(project, name), join(app, name));
  const [install = "", ...flags] = one("install", /^RUN (npm ci .*)$/m, dockerfile).split(" ");
  run("the Dockerfile's install", install, [...flags, "--prefer-offline"], app);

  // Its command, and the canceller's of the compose file, in that folder instead of /app.
  const inApp = (word: string): string => word.replace(/^\/app\//, `${app}/`);
  const [, ...entry] = listed("ENTRYPOINT", /^ENTRYPOINT (\[.*\])$/m, dockerfile).map(inApp);
  const [verb = ""] = listed("CMD", /^CMD (\[.*\])$/m, dockerfile);
  const help = run("the image's command", process.execPath, [...entry, verb, "--help"], app);
  if (!help.includes("--live") || !help.includes("--config"))
    throw new TypeError(`no help of ${verb}:\n${help}`);
  const canceller = listed(
    "canceller",
    /^ {2}cancel:[^]*?entrypoint: (\[.*\])$/m,
    text("docker/compose.yaml"),
  ).map(inApp);
  run("the compose file's canceller", process.execPath, [...canceller.slice(1), "--help"], app);

  // What the unit starts, by the names that npm gives it.
  const unit = text("systemd/matchpoint.service");
  for (const key of ["ExecStart", "ExecStopPost"]) {
    const program = one(key, new RegExp(`^${key}=/opt/matchpoint/(\\S+) `, "m"), unit);
    if (!existsSync(join(app, program))) throw new TypeError(`${key}: ${program} is not installed`);
    run(`the unit's ${key}`, process.execPath, [join(app, program), "--help"], app);
  }
  // Node reads the health check; nobody listens, so it must say so.
  const check = listed("HEALTHCHECK", /^HEALTHCHECK .* CMD (\[.*\])$/m, dockerfile);
  const port = one("port", /127\.0\.0\.1:(\d+)/, check.join(" "));
  const asked = check.slice(1).map((word) => word.replace(`:${port}`, ":9"));
  const negated = [
    "-e",
    `process.on("exit", (code) => { process.exitCode = code === 1 ? 0 : 1; process.reallyExit(process.exitCode); }); ${asked[1]!}`,
  ];
  run("the health check without a bot", process.execPath, negated, app);
  return "deploy followed in an empty folder";
}
