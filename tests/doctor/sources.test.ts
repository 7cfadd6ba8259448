import { parseConfig, matchDescription, SystemClock } from "@matchpoint/sdk";
import {
  createFakeGrid,
  createFakeLiquipedia,
  createFakePandascore,
  createFakeRiot,
  createFakeSportsChannel,
  createFakeSteam,
  type FakeSource,
} from "@matchpoint/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examined, Leftovers, named, NOWHERE, ntpServer, type Well } from "./bench.ts";

const MATCH = {
  id: "m",
  title: "cs2" as const,
  teams: ["Wolves", "Sea Otters"] as [string, string],
  best_of: 3 as const,
  refs: {
    grid: { match: "2700001", teams: ["96", "97"] as [string, string] },
    liquipedia: { match: "HarbourL26_R01-M001", teams: ["Wolves", "Sea_Otters"] as [string, string] },
    pandascore: { match: "1616952", teams: ["3210", "3211"] as [string, string] },
    polymarket_sports: { match: "1616952", teams: ["Wolves", "Sea Otters"] as [string, string] },
    riot_gateway: {
      match: "115548128963037563",
      teams: ["98767991853197861", "98767991860392497"] as [string, string],
    },
    steam: { match: "league:18000", teams: ["39", "2163"] as [string, string] },
  },
};

/** Sources are looked at without a market. */
const NO_MARKET = "config: warn";
const SECRET = "canary-of-a-source";

describe("the doctor at the sources of match facts", () => {
  const over = new Leftovers();
  const sources: Record<string, FakeSource> = {};
  let ntp: string;

  beforeAll(async () => {
    const [config] = parseConfig({ matches: [MATCH] }).matches;
    const base = { match: matchDescription(config!), clock: new SystemClock() };
    const all = [
      createFakeGrid({ ...base, apiKey: SECRET }),
      createFakePandascore({ ...base, token: SECRET }),
      createFakeRiot({ ...base, key: SECRET }),
      createFakeSteam({ ...base, key: SECRET }),
      createFakeLiquipedia({ ...base, key: SECRET }),
      createFakeSportsChannel(base),
    ];
    for (const each of all) {
      await each.start();
      over.add(each, () => each.stop());
      sources[each.source] = each;
    }
    ntp = await ntpServer(0, over);
  });
  afterAll(() => over.close());

  /** All sources, with keys that they take; on paper and without a market, so that nothing else is asked. */
  function well(): Well {
    const folder = over.folder();
    const http = (source: string): string => sources[source]!.urls.http!;
    return {
      folder,
      node: "24.1.0",
      env: Object.fromEntries(
        ["GRID_API_KEY", "PANDASCORE_TOKEN", "RIOT_GATEWAY_KEY", "STEAM_API_KEY", "LIQUIPEDIA_API_KEY"].map(
          (name) => [`MATCHPOINT_${name}`, SECRET],
        ),
      ),
      config: {
        matches: [MATCH],
        feeds: {
          grid: { http_url: http("grid") },
          pandascore: { http_url: http("pandascore") },
          riot_gateway: { gateway_url: http("riot_gateway") },
          steam: { http_url: http("steam") },
          opendota: { http_url: `${http("steam")}/api` },
          liquipedia: { http_url: http("liquipedia"), contact: "me@example.org" },
          polymarket_sports: { socket_url: `${sources["polymarket_sports"]!.urls.ws!}/ws` },
        },
        journal: { dir: `${folder}/runs`, min_free_gib: 0, min_free_part: 0 },
        time: { ntp_servers: [ntp], max_skew_ms: 10_000 },
      },
    };
  }

  const FAULTS: readonly (readonly [
    what: string,
    inject: (well: Well) => unknown,
    names: string,
    found: RegExp,
  ])[] = [
    [
      "GRID's key is not taken",
      ({ env }) => (env["MATCHPOINT_GRID_API_KEY"] = "canary-2"),
      "source-grid: fail",
      /grid refuses the key: the answer is UNAUTHENTICATED/,
    ],
    [
      "PandaScore's token is not taken",
      ({ env }) => (env["MATCHPOINT_PANDASCORE_TOKEN"] = "canary-2"),
      "source-pandascore: fail",
      /pandascore refuses the key: the answer is HTTP 401/,
    ],
    [
      "Riot's key is not taken",
      ({ env }) => (env["MATCHPOINT_RIOT_GATEWAY_KEY"] = "canary-2"),
      "source-riot_gateway: fail",
      /refuses the key: .*403/,
    ],
    [
      "Steam's key is not taken",
      ({ env }) => (env["MATCHPOINT_STEAM_API_KEY"] = "canary-2"),
      "source-steam: fail",
      /refuses the key: .*403/,
    ],
    [
      "Liquipedia's key is not taken",
      ({ env }) => (env["MATCHPOINT_LIQUIPEDIA_API_KEY"] = "canary-2"),
      "source-liquipedia: fail",
      /refuses the key: .*403/,
    ],
    [
      "GRID is not there",
      ({ config }) => (config["feeds"].grid.http_url = NOWHERE),
      "source-grid: fail",
      /grid does not answer/,
    ],
    [
      "OpenDota is not there",
      ({ config }) => (config["feeds"].opendota.http_url = NOWHERE),
      "source-opendota: fail",
      /opendota does not answer/,
    ],
    [
      "the sports channel is not there",
      ({ config }) => (config["feeds"].polymarket_sports.socket_url = "ws://127.0.0.1:9/ws"),
      "source-polymarket_sports: fail",
      /does not answer/,
    ],
    [
      "the sports channel is elsewhere",
      ({ config }) =>
        (config["feeds"].polymarket_sports.socket_url = `${sources["polymarket_sports"]!.urls.ws!}/there`),
      "source-polymarket_sports: fail",
      /HTTP 404/,
    ],
    [
      "PandaScore knows no such match",
      ({ config }) =>
        (config["matches"] = [
          { ...MATCH, refs: { ...MATCH.refs, pandascore: { match: "99", teams: ["1", "2"] } } },
        ]),
      "source-pandascore: warn",
      /does not know the first configured match/,
    ],
    [
      "a key is missing",
      ({ env }) => Reflect.deleteProperty(env, "MATCHPOINT_STEAM_API_KEY"),
      "secrets: fail",
      /steam_api_key is nowhere/,
    ],
  ];

  it("has nothing to say where all is well", async () => {
    const made = await examined(well());
    expect(named(made), JSON.stringify(made)).toEqual([NO_MARKET]);
    const ids = made.filter(({ id, status }) => id.startsWith("source-") && status === "ok");
    expect(ids).toHaveLength(7);
    expect(sources["grid"]!.seen.connections).toBe(0);
  });

  it.each(FAULTS)("says when %s, and nothing else", async (_, inject, names, found) => {
    const broken = well();
    inject(broken);
    const made = await examined(broken);
    expect(named(made), JSON.stringify(made)).toEqual([NO_MARKET, names]);
    const line = made.find(({ id }) => names.startsWith(`${id}:`))!;
    expect(line.found).toMatch(found);
    expect(line.fix).not.toBe("");
    expect(JSON.stringify(made)).not.toContain("canary");
  });
});
