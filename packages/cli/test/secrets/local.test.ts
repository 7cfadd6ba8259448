import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { demandNotInDotenv, Environment } from "../../src/secrets/index.ts";
import { Secret } from "@matchpoint/sdk";
import { KEY, secretsFor, temporaryFolder } from "./support.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const folder = temporaryFolder();
function put(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}
const from = (
  reference: string,
  env: NodeJS.ProcessEnv = {},
  name: "private_key" | "grid_api_key" = "private_key",
) => secretsFor({ secrets: { [name]: reference } }, env).find(name);

describe("the environment", () => {
  it("is read once: Matchpoint's variables leave it at the start, others when they are asked for", async () => {
    const env: NodeJS.ProcessEnv = {
      MATCHPOINT_PRIVATE_KEY: ` ${KEY}\n`,
      MINE: "m",
      MATCHPOINT_DATA: "d",
      EMPTY: "",
    };
    const own = secretsFor({ secrets: { grid_api_key: "env:MINE", steam_api_key: "env:EMPTY" } }, env);
    expect(env).toEqual({ MINE: "m", MATCHPOINT_DATA: "d", EMPTY: "" });
    expect((await own.find("private_key"))?.reveal()).toBe(KEY);
    expect((await own.find("grid_api_key"))?.reveal()).toBe("m");
    expect((await own.find("grid_api_key"))?.reveal()).toBe("m");
    await expect(own.find("steam_api_key")).rejects.toThrow("the environment variable EMPTY is not set");
    expect(await own.find("api_key")).toBeUndefined();
    expect(env).toEqual({ MATCHPOINT_DATA: "d" });
  });

  it("is no child's, and whole only for a process that takes our place", () => {
    const environment = new Environment(process.env, true);
    vi.stubEnv("MATCHPOINT_GRID_API_KEY", "canary");
    const other = new Environment(process.env, true);
    const print = ["-e", "process.stdout.write(String(process.env.MATCHPOINT_GRID_API_KEY))"];
    expect(execFileSync(process.execPath, print).toString()).toBe("undefined");
    expect(execFileSync(process.execPath, print, { env: other.whole() }).toString()).toBe("canary");
    expect(environment.find("MATCHPOINT_GRID_API_KEY")).toBeUndefined();
  });

  it("stays as it is in a program that only hosts the commands", () => {
    const env = { MATCHPOINT_PRIVATE_KEY: KEY };
    expect(new Environment(env, false).find("MATCHPOINT_PRIVATE_KEY")?.reveal()).toBe(KEY);
    expect(env).toEqual({ MATCHPOINT_PRIVATE_KEY: KEY });
  });

  it("goes before the service manager's folder, which serves what is not set in it", async () => {
    put("credentials/MATCHPOINT_API_KEY", "of the manager\n", 0o444);
    put("credentials/MATCHPOINT_GRID_API_KEY", "not this");
    mkdirSync(join(folder, "credentials/MATCHPOINT_STEAM_API_KEY"));
    vi.stubEnv("CREDENTIALS_DIRECTORY", join(folder, "credentials"));
    const own = secretsFor(
      { secrets: { api_secret: "credentials:NONE" } },
      { MATCHPOINT_GRID_API_KEY: "this" },
    );
    expect((await own.find("api_key"))?.reveal()).toBe("of the manager");
    expect((await own.find("grid_api_key"))?.reveal()).toBe("this");
    expect(await own.find("steam_api_key")).toBeUndefined();
    await expect(own.find("api_secret")).rejects.toThrow("there is no NONE in $CREDENTIALS_DIRECTORY");
  });
});

it("a service manager's folder inside of a repository is none", async () => {
  mkdirSync(join(folder, "cloned/.git"), { recursive: true });
  put("cloned/secrets/MATCHPOINT_PRIVATE_KEY", KEY);
  vi.stubEnv("CREDENTIALS_DIRECTORY", join(folder, "cloned/secrets"));
  await expect(secretsFor({}).find("private_key")).rejects.toMatchObject({ code: "SECRET_UNSAFE" });
});

describe("a file", () => {
  it("gives what is in it, without the line's end", async () => {
    expect((await from(`file:${put("key", `${KEY}\n`)}`))?.reveal()).toBe(KEY);
    expect((await from(`file:${put("key400", KEY, 0o400)}`))?.reveal()).toBe(KEY);
  });

  it.each([
    ["others may read", () => put("open", KEY, 0o640), "SECRET_UNSAFE", /its mode is 0640\n +chmod 600 /],
    ["is not there", () => join(folder, "none"), "SECRET_MISSING", /there is no such file/],
    ["is a folder", () => folder, "SECRET_UNSAFE", /is no plain file/],
    ["is empty", () => put("empty", "\n"), "CREDENTIALS_INVALID", /is empty/],
    ["is too long", () => put("long", "x".repeat(70_000)), "CREDENTIALS_INVALID", /70000 bytes/],
    [
      "anybody may replace",
      () => {
        const path = put("shared/key", KEY);
        chmodSync(join(folder, "shared"), 0o777);
        return path;
      },
      "SECRET_UNSAFE",
      /everybody may put another file in its place/,
    ],
    [
      "lies in a repository",
      () => {
        mkdirSync(join(folder, "repo/.git"), { recursive: true });
        return put("repo/deep/down/key", KEY);
      },
      "SECRET_UNSAFE",
      /lies in the repository .*repo, and would be copied with it\n +Move it out/,
    ],
    [
      "is linked to one in a worktree",
      () => {
        put("worktree/.git", "gitdir: /elsewhere");
        symlinkSync(put("worktree/key", KEY), join(folder, "link"));
        return join(folder, "link");
      },
      "SECRET_UNSAFE",
      /lies in the repository .*worktree/,
    ],
    [
      "lies in the working directory",
      () => {
        const path = put("here/keys/key", KEY);
        vi.spyOn(process, "cwd").mockReturnValue(join(folder, "here"));
        return path;
      },
      "SECRET_UNSAFE",
      /lies in the working directory/,
    ],
    [
      "is another's",
      () => {
        vi.spyOn(process, "getuid").mockReturnValue(4_711);
        return put("another", KEY);
      },
      "SECRET_UNSAFE",
      /and this is user 4711/,
    ],
    [
      "is a pipe",
      () => {
        execFileSync("mkfifo", ["-m", "600", join(folder, "pipe")]);
        return join(folder, "pipe");
      },
      "SECRET_UNSAFE",
      /is no plain file/,
    ],
  ] as const)("that %s is refused, with the reason and what to do", async (_what, make, code, message) => {
    const path = make();
    const error = await from(`file:${path}`).catch((each: unknown) => each);
    expect(error).toMatchObject({ code, where: "secrets.private_key" });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(path.startsWith(folder) ? folder : path);
    expect((error as Error).message).not.toContain("ac0974");
  });
});

describe("a .env file", () => {
  const key = new Secret(KEY);
  const refuse = (folders: readonly string[]): void => {
    demandNotInDotenv(key, folders);
  };

  it.each([".env", ".env.local", ".env.production.local"])(
    "%s with the private key in it is found from below",
    (name) => {
      const file = put(`with-${name}/${name}`, `A=1\nexport ANY_NAME="${KEY.slice(2).toUpperCase()}"\n`);
      const below = join(folder, `with-${name}`, "sub/dir");
      expect(() => {
        refuse([folder, below]);
      }).toThrow(expect.objectContaining({ code: "SECRET_UNSAFE", where: `${file}:2` }) as Error);
      expect(() => {
        refuse([below]);
      }).not.toThrow(/ac0974/i);
    },
  );

  it("with another key, or of another name, is nobody's business", () => {
    put("fine/.env", `MATCHPOINT_PRIVATE_KEY=${KEY.replace("ac", "bd")}\n`);
    put("fine/env.txt", KEY);
    mkdirSync(join(folder, "fine/.env.d"));
    refuse([join(folder, "fine")]);
  });

  it("that Node was told to read is looked into wherever it is", () => {
    const file = put("far/away.txt", `K=${KEY}`);
    vi.stubEnv("NODE_OPTIONS", `--no-warnings --env-file=${file}`);
    expect(() => {
      refuse([]);
    }).toThrow(/the private key stands in a \.env file/);
  });
});
