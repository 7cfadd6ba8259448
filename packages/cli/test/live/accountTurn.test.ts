import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig, type BotConfig } from "@matchpoint/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stateFolder, takeTurn } from "../../src/live/accountTurn.ts";
import { openAccountLog } from "../../src/live/lastRun.ts";

const FUNDER = { funder: "0x00000000000000000000000000000000000000AA" } as const;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "matchpoint-turn-"));
  vi.stubEnv("MATCHPOINT_STATE", join(root, "state"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const config = (dir: string, clobUrl?: string): BotConfig =>
  parseConfig({
    mode: "paper",
    journal: { dir: join(root, dir) },
    ...(clobUrl === undefined
      ? {}
      : { execution: { clob_url: clobUrl, user_url: clobUrl.replace("http", "ws") } }),
  });

describe("an account's turn", () => {
  it("is one process's, whatever folder its journals are in", () => {
    const first = openAccountLog(config("one"), FUNDER);
    expect(() => openAccountLog(config("two"), FUNDER)).toThrow("trades with this account already");
    // Another wallet is another account; to look is no turn.
    openAccountLog(config("two"), { funder: "0x00000000000000000000000000000000000000bb" }).close();
    expect(openAccountLog(config("two"), FUNDER, "read").fence).toBeUndefined();
    first.close();
    const second = openAccountLog(config("two"), FUNDER);
    expect(second.fence!.epoch).toBeGreaterThan(first.fence!.epoch);
    second.close();
  });

  it("is the same whether the venue is named or not", () => {
    const first = openAccountLog(config("one"), FUNDER);
    expect(() => openAccountLog(config("two", "https://clob.polymarket.com"), FUNDER)).toThrow("already");
    first.close();
  });

  it("stays in its own folder at a venue on this machine", () => {
    const first = openAccountLog(config("one", "http://127.0.0.1:4680"), FUNDER);
    openAccountLog(config("two", "http://127.0.0.1:4680"), FUNDER).close();
    first.close();
    expect(readdirSync(root)).toEqual(["one", "two"]);
  });

  it("has an epoch above all that any of its folders has seen, and keeps it in each", () => {
    const [one, two, three] = ["one", "two", "three"].map((each) => join(root, each)) as [
      string,
      string,
      string,
    ];
    for (const [folder, epoch] of [
      [one, 4],
      [two, 9],
    ] as const) {
      mkdirSync(folder);
      writeFileSync(join(folder, "a.epoch"), `${epoch}\n`);
    }
    const turn = takeTurn([one, two], "a");
    expect(turn.fence.epoch).toBe(10);
    turn.fence.store.raise(10);
    turn.release();
    // A process that knows only one of the two is above it all the same.
    const other = takeTurn([three, one], "a");
    expect(other.fence.epoch).toBe(11);
    expect(() => takeTurn([two, three], "a")).toThrow("already");
    other.release();
    // The lock that was taken before the refusal is free again.
    takeTurn([two], "a").release();
  });

  it("refuses a folder that cannot be written, and says which", () => {
    writeFileSync(join(root, "state"), "");
    expect(() => openAccountLog(config("one"), FUNDER)).toThrow(/state.*MATCHPOINT_STATE/s);
    rmSync(join(root, "state"));
    openAccountLog(config("one"), FUNDER).close();
  });

  it.each([
    [{ MATCHPOINT_STATE: "/a", STATE_DIRECTORY: "/b", XDG_STATE_HOME: "/c" }, "/a"],
    [{ MATCHPOINT_STATE: "", STATE_DIRECTORY: "/b:/d", XDG_STATE_HOME: "/c" }, "/b"],
  ])("is kept where the user's state is: %j", (env, folder) => {
    expect(stateFolder(env)).toBe(folder);
  });

  it.skipIf(process.platform === "win32")("is kept in XDG_STATE_HOME, or where that is by default", () => {
    expect(stateFolder({ XDG_STATE_HOME: "/c" })).toBe(join("/c", "matchpoint"));
    expect(stateFolder({})).toMatch(/[\\/]\.local[\\/]state[\\/]matchpoint$/);
  });
});
