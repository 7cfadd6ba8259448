import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultWorld, startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bot, command, lastJson, temporaryFolder } from "./support.ts";

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
