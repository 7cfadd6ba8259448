import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkConfig,
  configJsonSchema,
  defaultConfig,
  editDistance,
  marketDescription,
  MARKET_CONFIG,
  MATCH_CONFIG,
  matchDescription,
  nearest,
  parseConfig,
  pathText,
  requireMode,
} from "../../src/config/index.ts";
import { eventProblem, type MarketDescription } from "../../src/events/index.ts";
import { passesFilter, type MarketFilter } from "../../src/strategy/index.ts";

/** Problems as `path: message`. */
function problems(input: unknown): string[] {
  const result = checkConfig(input);
  return result.ok ? [] : result.problems.map(({ path, message }) => `${pathText(path)}: ${message}`);
}

const SECRETS =
  "secrets do not belong in a configuration file, which is copied into every journal: set the feed's variable in the environment (docs/sources.md has its name), or name its provider under secrets";
const match = { id: "m1", title: "cs2", teams: ["Vitality", { name: "FaZe", aliases: ["FaZe Clan"] }] };
const market = {
  id: "0xaa",
  title: "Vitality vs FaZe",
  outcomes: [
    {
      token: "71321045679252212594626385532706912750332728571942532289631379312455583992563",
      name: "Vitality",
    },
    { token: "2", name: "FaZe" },
  ],
};

const refs = { grid: { match: "9", teams: ["1", "2"] } };
const withTokens = (first: string, second: string) => ({
  ...market,
  outcomes: [
    { token: first, name: "Vitality" },
    { token: second, name: "FaZe" },
  ],
});

describe("the configuration", () => {
  it("of an empty file is paper mode with every limit set and nothing to trade", () => {
    const config = defaultConfig();
    expect(config).toMatchObject({
      mode: "paper",
      seed: 1,
      strategies: [],
      markets: [],
      matches: [],
      feeds: {},
      paper: { collateral_usdc: 1_000, latency: {}, faults: {}, fill_model: "queue" },
      journal: { enabled: true, dir: "runs" },
      truth_engine: { confirm_threshold: 0.9 },
      engine: { sell_gate: "mined", auto_merge: true },
    });
    expect(config.risk.max_order_usdc).toBeGreaterThan(0);
    for (const empty of [undefined, null, {}]) expect(checkConfig(empty)).toEqual({ ok: true, config });
    expect(parseConfig({})).toEqual(config);
  });

  it("is plain JSON, and its own output is valid input", () => {
    const config = parseConfig({
      markets: [market],
      matches: [match],
      strategies: [{ use: "pair-arb" }],
    } as never);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
    expect(checkConfig(config)).toEqual({ ok: true, config });
  });

  it("names unknown keys and what may have been meant, at every depth", () => {
    expect(
      problems({
        modee: "paper",
        risk: { max_ordr_usdc: 5, finalizing: { allowreduce: true } },
        strategies: [{ use: "a", parms: {} }],
        markets: [{ ...market, fee: { rte: 0.1, rate: 0.1 } }],
        truth_engine: { map_advantage: { csgo: 0.7 } },
        paper: { latency: { plce_ms: 5, zzzzzzzzzz: 1 } },
      }),
    ).toEqual(
      expect.arrayContaining([
        "modee: unknown key; did you mean mode?",
        "risk.max_ordr_usdc: unknown key; did you mean max_order_usdc?",
        "risk.finalizing.allowreduce: unknown key; did you mean allow_reduce?",
        "strategies[0].parms: unknown key; did you mean params?",
        "markets[0].fee.rte: unknown key; did you mean rate?",
        "truth_engine.map_advantage.csgo: unknown key; did you mean cs2?",
        "paper.latency.plce_ms: unknown key; did you mean place_ms?",
        expect.stringMatching(
          /^paper\.latency\.zzzzzzzzzz: unknown key; there are table, feed_ms, place_ms, /,
        ),
      ]),
    );
  });

  it.each([
    [{ risk: { max_order_usdc: "abc" } }, 'risk.max_order_usdc: expected number, got "abc"'],
    [{ risk: { max_order_usdc: -1 } }, "risk.max_order_usdc: must be at least 0, got -1"],
    [{ risk: { min_price: 0.9, max_price: 0.1 } }, "risk.min_price: must be below max_price"],
    [{ risk: [] }, "risk: expected section (key: value lines), got a list of 0"],
    [{ seed: 1.5 }, "seed: expected whole number, got 1.5"],
    [{ seed: null }, "seed: expected number, got null"],
    [{ mode: "Live" }, 'mode: expected one of paper, live, got "Live"; did you mean live?'],
    [
      { truth_engine: { confirm_threshold: 1 } },
      "truth_engine.confirm_threshold: must be less than 1, got 1",
    ],
    [{ strategies: {} }, "strategies: expected list, got an object"],
    [{ strategies: [{}] }, "strategies[0].use: is missing: expected text"],
    [{ strategies: [{ use: "" }] }, 'strategies[0].use: must be at least 1 characters, got ""'],
    [
      { strategies: [{ use: "a" }, { use: "a" }] },
      'strategies[1].name: two strategies are called "a": give one of them a name',
    ],
    [
      {
        paper: {
          latency: {
            place_ms: [
              [0.9, 5],
              [0.1, 50],
            ],
          },
        },
      },
      "paper.latency.place_ms[1][0]: must be above the share before it",
    ],
    [
      {
        paper: {
          latency: {
            ack_ms: [
              [0.1, 50],
              [0.9, 5],
            ],
          },
        },
      },
      "paper.latency.ack_ms[1][1]: must not be below the value before it",
    ],
    [
      { strategies: [{ use: "a", deadline_ms: 50 }] },
      "strategies[0].deadline_ms: holds only with `isolation: worker`: in the bot's own thread only the watchdog ends a hook, and the process with it",
    ],
    [
      { strategies: [{ use: "a", heap_mb: 64 }] },
      "strategies[0].heap_mb: holds only with `isolation: worker`: in the bot's own thread memory has no limit of its own",
    ],
    [{ matches: [{ ...match, best_of: 4 }] }, "matches[0].best_of: expected one of 1, 2, 3, 5, got 4"],
    [
      { matches: [{ ...match, teams: ["a"] }] },
      "matches[0].teams: must be at least 2 entries, got a list of 1",
    ],
    [
      { matches: [{ ...match, teams: ["a", 5] }] },
      "matches[0].teams[1]: expected text or section (key: value lines), got 5",
    ],
    [
      { matches: [{ ...match, starts_at: "soon" }] },
      'matches[0].starts_at: expected a time such as 2026-12-05T09:00:00Z, got "soon"',
    ],
    [{ matches: [match, match] }, 'matches[1].id: the id "m1" is there twice'],
    [
      { markets: [{ ...market, id: 12 }] },
      "markets[0].id: ids are text: put the number in quotes, or its last digits are lost",
    ],
    [
      { markets: [{ ...market, subject: { match: "m9", team_of: [0, 1] } }] },
      'markets[0].subject.match: no match with id "m9" is listed under matches',
    ],
    [
      { matches: [match], markets: [{ ...market, subject: { match: "m1", team_of: [1, 1] } }] },
      "markets[0].subject.team_of: both outcomes are about the same team",
    ],
    [
      { markets: [withTokens("5", "5")] },
      "markets[0].outcomes[1].token: markets[0].outcomes[0] has this token already: each outcome of each market has one of its own",
    ],
    [
      { markets: [withTokens("5", "6"), { ...withTokens("7", "5"), id: "0xbb" }] },
      "markets[1].outcomes[1].token: markets[0].outcomes[0] has this token already: each outcome of each market has one of its own",
    ],
    [
      { markets: [withTokens("a b", "2")] },
      'markets[0].outcomes[0].token: is no token id: letters, digits, and _ . : - only, as the venue writes it, got "a b"',
    ],
    [{ markets: [{ ...market, tick: 0.00001 }] }, "markets[0].tick: must be at least 0.0001, got 0.00001"],
    [
      { matches: [{ ...match, refs: { grid: { match: "9", teams: ["5", "5"] } } }] },
      "matches[0].refs.grid.teams[1]: both teams have the same id: each has one of its own",
    ],
    [
      {
        matches: [
          { ...match, refs },
          { ...match, id: "m2", refs },
        ],
      },
      'matches[1].refs.grid.match: matches[0] is "9" of grid already: two matches cannot be one',
    ],
    [{ feeds: { grid: { api_key: "hunter2" } } }, `feeds.grid.api_key: ${SECRETS}`],
    [
      { feeds: { pandascore: { http_url: "https://api.example/matches?page=1&token=hunter2" } } },
      `feeds.pandascore.http_url: ${SECRETS}`,
    ],
    [
      { feeds: { grid: { socket_url: "wss://me:hunter2@feed.example" } } },
      `feeds.grid.socket_url: ${SECRETS}`,
    ],
    [
      { risk: { max_order_usdc: "25" } },
      'risk.max_order_usdc: expected number, got "25"; write it without quotes',
    ],
    [
      { matches: [{ ...match, starts_at: 1_764_925_200 }] },
      "matches[0].starts_at: is a time before 2000: write Unix milliseconds, not seconds",
    ],
    [
      { matches: [match], markets: [{ ...market, subject: { match: "m1" }, fee: { rate: 5 } }] },
      "markets[0].fee.rate: must be at most 1, got 5",
    ],
    [
      { risk: { max_order_usdc: "$25" } },
      'risk.max_order_usdc: expected number, got "$25"; write the number alone, in the unit that the key names',
    ],
    [
      { risk: { max_book_age_ms: "200ms" } },
      'risk.max_book_age_ms: expected number, got "200ms"; write the number alone, in the unit that the key names',
    ],
  ])("is told what is wrong: %j", (input, message) => {
    expect(problems(input)).toEqual([message]);
  });

  it("never shows a secret's value", () => {
    const grid = { private_key: "0xdead", http_url: "https://feed.example?key=0xdead" };
    expect(JSON.stringify(checkConfig({ feeds: { grid } }))).not.toContain("0xdead");
  });

  it("reports several problems at once", () => {
    expect(() => parseConfig({ mode: "x", seed: -1 } as never)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/^2 problems\n {2}mode: .*\n {2}seed: /),
      }),
    );
  });

  it("survives any data", () => {
    fc.assert(
      fc.property(fc.object({ withBigInt: true, withNullPrototype: true, withDate: true }), (input) => {
        const result = checkConfig(input);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
    for (const input of [5, "x", [], true, JSON.parse('{"__proto__":{"mode":"live"}}')]) {
      const result = checkConfig(input);
      expect(result.ok ? result.config.mode : "refused").not.toBe("live");
    }
  });

  it("has a JSON Schema for editors that knows every section and refuses unknown keys", () => {
    const schema = configJsonSchema() as {
      properties: Record<string, { description?: string }>;
      additionalProperties: boolean;
    };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(defaultConfig())));
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties["mode"]!.description).toContain("`--live`");
  });
});

describe("real money", () => {
  const live = parseConfig({ mode: "live" });
  const paper = parseConfig({});

  it("needs both the configuration and the command line", () => {
    expect(requireMode(live, true)).toBe("live");
    expect(requireMode(paper, false)).toBe("paper");
    expect(() => requireMode(live, false)).toThrow(
      expect.objectContaining({
        code: "CONFIG_LIVE_REFUSED",
        message: expect.stringContaining("--live was not given"),
      }),
    );
    expect(() => requireMode(paper, true)).toThrow(
      expect.objectContaining({
        code: "CONFIG_LIVE_REFUSED",
        message: expect.stringContaining("says mode: paper"),
      }),
    );
  });
});

describe("listed markets and matches", () => {
  it("become descriptions of the vocabulary, in exact units", () => {
    const described = marketDescription(
      MARKET_CONFIG.parse({
        ...market,
        tick: 0.001,
        min_size: 0.07,
        fee: { rate: 0.03 },
        starts_at: "2026-06-07T20:00:00+02:00",
      }),
    );
    expect(described).toMatchObject({
      marketId: "0xaa",
      tick: 10,
      minSize: 70_000,
      fee: { ratePpm: 30_000, exponent: 1, takerOnly: true },
      startsAt: Date.UTC(2026, 5, 7, 18),
    });
    expect(eventProblem({ type: "market_listed", at: 0, receivedAt: 0, market: described })).toBeUndefined();
    const subject = { match: "m1", team_of: [0, 1] };
    expect(marketDescription(MARKET_CONFIG.parse({ ...market, subject }))).not.toHaveProperty("subject");
    const listed = matchDescription(
      MATCH_CONFIG.parse({ ...match, refs: { grid: { match: "9", teams: ["1", "2"] } } }),
    );
    expect(listed).toMatchObject({
      teams: [{ name: "Vitality" }, { name: "FaZe", aliases: ["FaZe Clan"] }],
      bestOf: 3,
    });
    expect(eventProblem({ type: "match_listed", at: 0, receivedAt: 0, match: listed })).toBeUndefined();
  });

  it("are filtered by all conditions that are stated", () => {
    const about = (subject: unknown) =>
      ({ marketId: "a", title: "Vitality vs FaZe", subject }) as unknown as MarketDescription;
    const game = about({ kind: "game", matchId: "m1", game: 1, teamOf: [0, 1] });
    const unproven = about(undefined);
    const cases = [
      [{}, true, true],
      [{ ids: ["a"] }, true, true],
      [{ ids: [] }, false, false],
      [{ matches: ["m1"] }, true, false],
      [{ subjects: ["series" as const] }, false, false],
      [{ subjects: ["game" as const], matches: ["m2"] }, false, false],
      [{ title_contains: "faze" }, true, true],
      [{ title_contains: "liquid" }, false, false],
    ] as const;
    for (const [filter, first, second] of cases) {
      const accepts = (each: MarketDescription) => passesFilter(each, filter as unknown as MarketFilter);
      expect([filter, accepts(game), accepts(unproven)]).toEqual([filter, first, second]);
    }
  });
});

describe("a tick", () => {
  it.each([0.5, 0.1, 0.05, 0.01, 0.005, 0.0025, 0.001, 0.0005, 0.0001])("of %d is taken", (tick) => {
    expect(problems({ markets: [{ ...market, tick }] })).toEqual([]);
  });

  it.each([0.03, 0.3, 0.00012, 0.0003])("of %d, off whose grid a complement lies, is refused", (tick) => {
    expect(problems({ markets: [{ ...market, tick }] })).toEqual([
      "markets[0].tick: must be a whole number of 0.0001 that divides 1 evenly, such as 0.1, 0.01, 0.005 or 0.001",
    ]);
  });
});

describe("the nearest word", () => {
  it.each([
    ["", "", 0],
    ["abc", "", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["max_order", "max_ordre", 1],
    ["ca", "abc", 3],
  ])("counts edits from %j to %j: %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it("is a distance: zero only for the same, and no longer than the longer word", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "_"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });

  it("is found across case and dashes, and not forced", () => {
    expect(nearest("Max-Order-USDC", ["max_order_usdc", "max_market_usdc"])).toBe("max_order_usdc");
    expect(nearest("banana", ["max_order_usdc", "mode"])).toBeUndefined();
    expect(nearest("x".repeat(100_000), ["mode"])).toBeUndefined();
  });

  it("is, of several as near, one that begins with the given word, and else the first", () => {
    expect(nearest("feed", ["seed", "feeds", "feedx"])).toBe("feeds");
    expect(nearest("Market", ["marked", "markets"])).toBe("markets");
    expect(nearest("feed", ["seed", "weed"])).toBe("seed");
    expect(nearest("seed", ["seeds", "seed"])).toBe("seed");
    expect(problems({ feed: {} })).toEqual(["feed: unknown key; did you mean feeds?"]);
  });
});
