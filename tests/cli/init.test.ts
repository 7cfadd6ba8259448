import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultWorld, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bot, command, lastJson, ROOT, temporaryFolder, type Ended } from "./support.ts";

const SCHEMA = "matchpoint.schema.json";
let venue: RunningVenue;
beforeAll(async () => {
  venue = await startVenue({ seed: 21, markets: defaultWorld({ seed: 21, wallStart: Date.now() }) });
});
afterAll(() => venue.close());

describe("init", { timeout: 60_000 }, () => {
  it("writes what passes config check and runs, and asks nothing where nobody sits", async () => {
    const cwd = temporaryFolder();
    const made = await bot(["init", "--games", "CS2, lol"], { cwd });
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(
      /^Written: bot\.yaml, matchpoint\.schema\.json\nNext: .* config check bot\.yaml/,
    );
    const path = join(cwd, "bot.yaml");
    const text = readFileSync(path, "utf8");
    expect(text.split("\n")[0]).toBe(`# yaml-language-server: $schema=./${SCHEMA}`);
    expect(text).toContain("games: [lol, cs2]");
    // What editors check it by is what this program's own reader takes.
    const schema = JSON.parse(readFileSync(join(cwd, SCHEMA), "utf8")) as Record<string, any>;
    expect(Object.keys(schema["properties"]["feeds"]["properties"])).toContain("polymarket");
    const checked = await command(["config", "check", path]);
    expect(checked).toMatchObject({ code: 0, err: "" });
    expect(checked.out).not.toContain("refuses");
    // The same file, with this machine's venue in place of Polymarket's.
    const { wsMarket, clob, gamma } = venue;
    const here = `polymarket: { socket_url: "${wsMarket}", rest_url: "${clob}", gamma_url: "${gamma}" }`;
    const local = text.replace("polymarket: {}", here).replace("polymarket_sports: {}", "");
    writeFileSync(join(cwd, "local.yaml"), local);
    const ran = await bot(["run", "--config", "local.yaml", "--for", "2", "--json"], { cwd });
    expect(ran.code).toBe(0);
    const { markets, mode } = lastJson(ran.out);
    expect(mode).toBe("paper");
    expect(markets.length).toBeGreaterThan(0);
    expect(ran.out + ran.err).not.toContain("error");
  });

  it("takes no file's place, and makes only its own schema anew", async () => {
    const cwd = temporaryFolder();
    const path = join(cwd, "mine.yaml");
    writeFileSync(path, "mode: paper\n");
    const refused = await command(["init", path, "--json"]);
    expect(refused.code).toBe(2);
    expect(lastJson(refused.out)).toMatchObject({ error: { code: "USAGE" } });
    expect(readFileSync(path, "utf8")).toBe("mode: paper\n");
    expect(existsSync(join(cwd, SCHEMA))).toBe(false);

    writeFileSync(join(cwd, SCHEMA), "somebody's notes");
    const other = await command(["init", join(cwd, "other.yaml")]);
    expect(other.code).toBe(2);
    expect(other.err).toContain(SCHEMA);
    expect(existsSync(join(cwd, "other.yaml"))).toBe(false);

    const fresh = temporaryFolder();
    expect((await command(["init", join(fresh, "a.yaml")])).code).toBe(0);
    expect((await command(["init", join(fresh, "b.yaml"), "--json"])).code).toBe(0);
  });

  it("refuses a game that it does not know and a folder that is not there", async () => {
    const cwd = temporaryFolder();
    const game = await command(["init", join(cwd, "bot.yaml"), "--games", "lol,chess"]);
    expect(game.code).toBe(2);
    expect(game.err).toContain("no game is called chess");
    const folder = await command(["init", join(cwd, "nowhere", "bot.yaml")]);
    expect(folder.code).toBe(2);
    expect(folder.err).toMatch(/cannot be written: ENOENT/);
    expect(existsSync(join(cwd, "bot.yaml"))).toBe(false);
  });
});

/** Whether there is what gives a program a terminal. */
const SCRIPT = spawnSync("script", ["--version"]).status === 0;
if (!SCRIPT) console.warn("The question of init is not tested: there is no script of util-linux.");

/** `init` on a terminal, with keys that are pressed when it asks. */
function onTerminal(cwd: string, keys: string): Promise<Ended> {
  const bin = join(ROOT, "packages/cli/src/bin.ts");
  const line = `"${process.execPath}" --conditions=@matchpoint/source --no-warnings "${bin}" init`;
  const child = spawn("script", ["-qec", line, "/dev/null"], { cwd });
  let out = "";
  let pressed = false;
  child.stdout.on("data", (part: Buffer) => {
    out += part.toString();
    if (pressed || !out.includes("(Enter: all)")) return;
    pressed = true;
    child.stdin.write(keys);
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out, err: "" });
    });
  });
}

describe.skipIf(!SCRIPT)("init on a terminal", { timeout: 60_000 }, () => {
  it.each([
    ["takes the games that are named", "cs2, LoL\r", "games: [lol, cs2]"],
    ["takes all where none is", "\r", "games: [lol, cs2, dota2, valorant]"],
  ])("%s", async (_what, keys, games) => {
    const cwd = temporaryFolder();
    const asked = await onTerminal(cwd, keys);
    expect(asked.out).toMatch(/Which games\? lol, cs2, dota2, valorant \(Enter: all\)[^]*Written: bot\.yaml/);
    expect(asked.code).toBe(0);
    expect(readFileSync(join(cwd, "bot.yaml"), "utf8")).toContain(games);
  });

  it.each([
    ["a game that it does not know", "chess\r", /error: no game is called chess\s+There are: lol/],
    ["Ctrl-D", "\u0004", /error: no game was named, and nothing was written\s+Answer with .*--games/],
    ["Ctrl-C", "\u0003", /error: no game was named, and nothing was written/],
  ])("writes nothing on %s", async (_what, keys, says) => {
    const cwd = temporaryFolder();
    const asked = await onTerminal(cwd, keys);
    expect(asked.out).toMatch(says);
    expect(asked.out).not.toContain("foreseen");
    expect(asked.code).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
