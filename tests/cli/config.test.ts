// What `config` says to scripts.
import { describe, expect, it } from "vitest";
import { bot, command, lastJson, temporaryFile } from "./support.ts";

const BAD = "mode: paper\nrisk:\n  max_order_usd: 3\n  max_market_usdc: no\n";
const MARKET = `
  - id: "0x01"
    title: T1 vs Gen.G
    outcomes: [{ token: "1", name: T1 }, { token: "2", name: Gen.G }]
`;

describe("config check --json", () => {
  it("says what a configuration is, what is to be known of it, and why run would refuse it", async () => {
    const file = temporaryFile("bot.yaml", "mode: live\nexecution: { signature_type: 2 }\nstrategies: []\n");
    const { code, out } = await command(["config", "check", file, "--json"]);
    expect(code).toBe(0);
    expect(lastJson(out)).toEqual({
      ok: true,
      file,
      mode: "live",
      strategies: 0,
      matches: 0,
      markets: 0,
      discovers: false,
      notes: ["run trades it with real money, and only when it is given --live too"],
      refused: [
        "it lists no markets",
        "execution.funder is missing, the address that holds the money of signature type 2",
      ],
    });
    const fine = `strategies: [{ use: pair-arb, markets: { games: [3] } }]\nmarkets:${MARKET}`;
    const idle = await command(["config", "check", temporaryFile("idle.yaml", fine), "--json"]);
    expect(lastJson(idle.out)).toMatchObject({
      strategies: 1,
      markets: 1,
      notes: [expect.stringMatching(/pair-arb is given no market/)],
      refused: [],
    });
  });

  it("ends with 2 and says of each problem in which file, line and column it is", async () => {
    const file = temporaryFile("bad.yaml", BAD);
    // Through the real process: its code, and that standard output is nothing else.
    const { code, out, err } = await bot(["config", "check", file, "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: "CONFIG_INVALID",
        problems: [
          { file, line: 3, column: 3, message: expect.stringMatching(/^risk\.max_order_usd: unknown key/) },
          { file, line: 4, column: 20, message: expect.stringMatching(/^risk\.max_market_usdc: expected/) },
        ],
      },
    });
    expect(err).toMatch(/bad\.yaml:3:3 risk\.max_order_usd/);
  });

  it("says so too of YAML that cannot be read, of a file that is not there, and for every verb that reads one", async () => {
    const broken = temporaryFile("broken.yaml", "mode: [\n a");
    for (const args of [
      ["config", "check", broken],
      ["config", "show", broken],
      ["run", "--config", broken],
    ]) {
      const { code, out } = await command([...args, "--json"]);
      expect(code).toBe(2);
      const problem = { file: broken, line: 2, column: 3, message: expect.stringMatching(/^Flow sequence/) };
      expect(lastJson(out)).toMatchObject({ error: { code: "CONFIG_INVALID", problems: [problem] } });
    }
    const gone = await command(["config", "check", "/nowhere/bot.yaml", "--json"]);
    expect(gone.code).toBe(2);
    expect(lastJson(gone.out)).toMatchObject({ error: { code: "FILE_NOT_FOUND" } });
    expect(lastJson(gone.out)["error"]).not.toHaveProperty("problems");
  });
});

describe("config show --json and config schema --json", () => {
  it("print one object in one line: the configuration with every default, or its schema", async () => {
    const file = temporaryFile("bot.yaml", "risk: { max_order_usdc: 3 }\n");
    const shown = await command(["config", "show", file, "--json"]);
    expect(shown.out.trimEnd().split("\n")).toHaveLength(1);
    expect(lastJson(shown.out)).toMatchObject({
      file,
      config: { mode: "paper", risk: { max_order_usdc: 3, max_open_orders_per_market: expect.any(Number) } },
    });
    const schema = await command(["config", "schema", "--json"]);
    expect(schema.out.trimEnd().split("\n")).toHaveLength(1);
    expect(lastJson(schema.out)).toEqual(JSON.parse((await command(["config", "schema"])).out));
    expect(lastJson(schema.out)).toHaveProperty("properties.risk");
  });
});
