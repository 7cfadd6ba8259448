import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultConfig } from "../../src/config/index.ts";
import { loadConfig, parseConfigText, parseYaml, toYaml } from "../../src/node/index.ts";
import { temporaryFolder } from "./support.ts";

function fault(run: () => unknown): { readonly code: string; readonly message: string } {
  try {
    run();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  return { code: "none", message: "" };
}

const refused = (text: string): string => {
  const { code, message } = fault(() => parseConfigText(text, "bot.yaml"));
  expect(code).toBe("CONFIG_INVALID");
  return message;
};

describe("a configuration file", () => {
  it("is read with its comments, anchors and blanks", () => {
    const config = parseConfigText(
      [
        "# my bot",
        "risk: &r",
        "  max_order_usdc: 20 # small",
        "strategies:",
        "  - use: pair-arb",
        "    params: {a: 1}",
        "",
      ].join("\n"),
      "bot.yaml",
    );
    expect(config.risk.max_order_usdc).toBe(20);
    expect(config.strategies).toEqual([{ use: "pair-arb", params: { a: 1 } }]);
    for (const empty of ["", "# nothing\n", "---\n", "{}"])
      expect(parseConfigText(empty, "x").mode).toBe("paper");
    expect(parseConfigText('{"seed": 7}', "bot.json").seed).toBe(7);
  });

  it.each([
    [
      "mode: paper\nseed: 5\nrisk:\n  max_order_usdc: abc\n",
      'bot.yaml:4:19 risk.max_order_usdc: expected number, got "abc"',
    ],
    [
      "risk:\n  max_ordr_usdc: 5\n",
      "bot.yaml:2:3 risk.max_ordr_usdc: unknown key; did you mean max_order_usdc?",
    ],
    [
      "strategies:\n  - use: a\n  - params: {}\n",
      "bot.yaml:3:5 strategies[1].use: is missing: expected text",
    ],
    ["mode:\n", "bot.yaml:1:6 mode: expected one of paper, live, got null"],
    ["risk: {max_price: 2}\n", "bot.yaml:1:19 risk.max_price: must be at most 1, got 2"],
    ["- 1\n- 2\n", "bot.yaml:1:1 expected section (key: value lines), got a list of 2"],
    ["just text\n", 'bot.yaml:1:1 expected section (key: value lines), got "just text"'],
    [
      "markets:\n  - id: '1'\n    title: t\n    outcomes:\n      - {token: 71321045679252212594626385532706912750332728571942, name: a}\n      - {token: '2', name: b}\n",
      "bot.yaml:5:17 markets[0].outcomes[0].token: ids are text: put the number in quotes, or its last digits are lost",
    ],
  ])("is told where what is wrong: %j", (text, message) => {
    expect(refused(text)).toBe(message);
  });

  it("lists all problems in the order of the file", () => {
    expect(
      refused("seed: -1\nrisk:\n  typo_key_nobody_knows: 1\n  max_price: 3\nmoed: paper\n").split("\n"),
    ).toEqual([
      "4 problems",
      "  bot.yaml:1:7 seed: must be at least 0, got -1",
      expect.stringMatching(/^ {2}bot\.yaml:3:3 risk\.typo_key_nobody_knows: unknown key; there are /),
      "  bot.yaml:4:14 risk.max_price: must be at most 1, got 3",
      "  bot.yaml:5:1 moed: unknown key; did you mean mode?",
    ]);
  });

  it.each([
    ["risk:\n  a: [1, 2\nmode: paper\n", /^bot\.yaml:\d+:\d+ /],
    ["a: 1\na: 2\n", /^bot\.yaml:2:1 the key a is there twice; keep one of them$/],
    ["\tmode: paper\n", /^bot\.yaml:1:\d+ /],
    ['mode: "paper\n', /^bot\.yaml:\d+:\d+ Missing closing "quote/],
    ["mode: paper\nseed: *nobody\n", /^bot\.yaml:2:7 there is no anchor &nobody before \*nobody$/],
    ["a: *late\nb: &late 1\n", /^bot\.yaml:1:4 there is no anchor &late before \*late$/],
    ["a: &x 1\nb: &x [1, *x]\n", /^bot\.yaml:2:11 there is no anchor &x before \*x$/],
    ["? &k [*k]\n: 1\n", /^bot\.yaml:1:7 there is no anchor &k/],
    ["a:\n\tb: 1\n", /^bot\.yaml:2:1 tabs are not allowed as indentation; indent with spaces$/],
    ["--- 1\n--- 2\n", /bot\.yaml/],
  ])("is told where its YAML is broken: %j", (text, message) => {
    expect(refused(text)).toMatch(message);
  });

  it("is not a way to take all memory", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`,
    );
    expect(refused(["l0: &l0 [x]", ...levels].join("\n"))).toBe(
      "bot.yaml:4:10 the aliases up to here stand for more than 100 values",
    );
    const hundred = `a: &a 1\nb: [${Array(100).fill("*a").join(", ")}]\n`;
    expect(refused(hundred)).toContain("bot.yaml:1:1 a: unknown key");
    expect(refused(hundred.replace("]", ", *a]"))).toContain("more than 100 values");
  });

  it("cannot reach into prototypes", () => {
    expect(refused("__proto__:\n  mode: live\n")).toContain("__proto__: unknown key");
    expect(refused("constructor: 1\n")).toContain("constructor: unknown key");
  });

  it("that is not there is named, with what to do", () => {
    const folder = temporaryFolder();
    const missing = fault(() => loadConfig(join(folder, "bot.yaml")));
    expect(missing.code).toBe("FILE_NOT_FOUND");
    expect(missing.message).toContain(`there is no configuration file ${join(folder, "bot.yaml")}`);
    expect(missing.message).toContain("Check the path");
    expect(fault(() => loadConfig(folder)).message).toContain("cannot be read (EISDIR)");
  });

  it("trades real money only when the command line says so too", () => {
    const path = join(temporaryFolder(), "bot.yaml");
    writeFileSync(path, "mode: live\n");
    expect(fault(() => loadConfig(path)).code).toBe("CONFIG_LIVE_REFUSED");
    expect(loadConfig(path, { live: true }).mode).toBe("live");
    writeFileSync(path, "mode: paper\n");
    expect(fault(() => loadConfig(path, { live: true })).code).toBe("CONFIG_LIVE_REFUSED");
    expect(loadConfig(path).mode).toBe("paper");
  });

  it("does not look at the environment", () => {
    process.env["MATCHPOINT_TEST_SEED"] = "9";
    try {
      expect(refused("seed: ${MATCHPOINT_TEST_SEED}\n")).toContain("seed: expected number, got");
    } finally {
      delete process.env["MATCHPOINT_TEST_SEED"];
    }
  });
});

describe("a configuration written as YAML", () => {
  it("is read back as it was, ids with many digits included", () => {
    const config = {
      ...defaultConfig(),
      seed: 7,
      matches: [
        {
          id: "12345678901234567890",
          title: "lol" as const,
          teams: ["yes", "no: 1"] as [string, string],
          best_of: 3 as const,
        },
      ],
    };
    const text = toYaml(config);
    expect(text).toContain("\nseed: 7\n");
    expect(text.endsWith("\n")).toBe(false);
    expect(parseConfigText(text, "bot.yaml")).toEqual(config);
  });
});

describe("a custom problem", () => {
  it("stands at its value, or at its key when it says so", () => {
    const at = (atKey: boolean): string => {
      const schema = z.unknown().superRefine((_value, ctx) => {
        ctx.addIssue({ code: "custom", path: ["feeds", "gird"], message: "no", params: { atKey } });
      });
      return fault(() => parseYaml("feeds:\n  gird: 1\n", "bot.yaml", schema, "CONFIG_INVALID")).message;
    };
    expect(at(true)).toBe("bot.yaml:2:3 feeds.gird: no");
    expect(at(false)).toBe("bot.yaml:2:9 feeds.gird: no");
  });
});
