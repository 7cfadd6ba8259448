import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { describe, expect, it } from "vitest";
import type { Made } from "../../packages/cli/src/doctor/index.ts";
import {
  examined,
  inTurn,
  KEY,
  Leftovers,
  lying,
  named,
  NOWHERE,
  ntpServer,
  WALLET,
  wellWith,
  type Lie,
  type Well,
} from "./bench.ts";

/** What a fault is injected into. */
interface Stage {
  readonly well: Well;
  readonly venue: RunningVenue;
  readonly over: Leftovers;
}

/** A single fault, and the one check that names it. */
interface Fault {
  readonly what: string;
  readonly inject: (stage: Stage) => unknown;
  readonly names: string;
  readonly found: RegExp;
}

/** The run's venue, with one answer that is not true. */
const lie =
  (told: Lie) =>
  async ({ well, venue, over }: Stage): Promise<void> => {
    const url = await lying(venue.clob, told, over);
    well.config["execution"].clob_url = url;
    well.config["feeds"].polymarket.rest_url = url;
  };
const about =
  (path: string, json: unknown, status = 200): Lie =>
  (asked) =>
    asked.startsWith(path) ? { json, status } : undefined;
const fault =
  (kind: string, more: object) =>
  ({ venue }: Stage): void => {
    expect(venue.command({ do: "fault", kind, durationMs: 60_000, ...more })).toMatchObject({ ok: true });
  };
const market =
  (change: object) =>
  ({ venue, well }: Stage): void => {
    expect(venue.command({ do: "market", market: well.config["markets"][0].id, ...change })).toMatchObject({
      ok: true,
    });
  };

const FAULTS: readonly Fault[] = [
  {
    what: "an old Node",
    inject: ({ well }) => (well.node = "20.19.0"),
    names: "node: fail",
    found: /Node 20\.19\.0, and 22\.12 is the oldest/,
  },
  {
    what: "a variable that nothing reads",
    inject: ({ well }) => (well.env["MATCHPOINT_GRID_KEY"] = "x"),
    names: "environment: warn",
    found: /nothing reads MATCHPOINT_GRID_KEY/,
  },
  {
    what: "a key that the configuration does not have",
    inject: ({ well }) => (well.config["risk"] = { max_order_usd: 5 }),
    names: "config: fail",
    found: /bot\.yaml:\d+:\d+ .*max_order_usd/,
  },
  {
    what: "a source's key that is nowhere",
    inject: ({ well }) => (well.config["feeds"].grid = { http_url: NOWHERE }),
    names: "secrets: fail",
    found: /grid_api_key is nowhere/,
  },
  {
    what: "half an API key",
    inject: ({ well }) => (well.env["MATCHPOINT_API_KEY"] = "k"),
    names: "secrets: fail",
    found: /the API key is not whole/,
  },
  {
    what: "a secret whose file is missing",
    inject: ({ well }) =>
      (well.config["secrets"] = { relayer_api_key: `file:${join(well.folder, "relayer-key")}` }),
    names: "secrets: fail",
    found: /secrets\.relayer_api_key/,
  },
  {
    what: "no private key",
    inject: ({ well }) => Reflect.deleteProperty(well.env, "MATCHPOINT_PRIVATE_KEY"),
    names: "private-key: fail",
    found: /there is no private key/,
  },
  {
    what: "a private key that is none",
    inject: ({ well }) => (well.env["MATCHPOINT_PRIVATE_KEY"] = "0x1234"),
    names: "private-key: fail",
    found: /private key/,
  },
  {
    what: "a private key in a file that others may read",
    inject: ({ well }) => {
      const path = join(well.folder, "key");
      writeFileSync(path, KEY);
      chmodSync(path, 0o644);
      well.config["secrets"] = { private_key: `file:${path}` };
    },
    names: "private-key: fail",
    found: /secrets\.private_key/,
  },
  {
    what: "a private key in a .env file",
    inject: ({ well }) => writeFileSync(join(well.folder, ".env"), `KEY=${KEY}\n`),
    names: "dotenv: fail",
    found: /the private key stands in a \.env file/,
  },
  {
    what: "a file where the journal's folder should be",
    inject: ({ well }) => writeFileSync(join(well.folder, "runs"), ""),
    names: "journal: fail",
    found: /runs is no folder/,
  },
  {
    what: "no journal",
    inject: ({ well }) => (well.config["journal"].enabled = false),
    names: "journal: fail",
    found: /journal\.enabled is false/,
  },
  {
    what: "a disk that fills up",
    inject: ({ well }) => (well.config["journal"].min_free_gib = 1_000_000),
    names: "disk: warn",
    found: /less than 1000000\.0 GiB/,
  },
  {
    what: "a clock that is behind NTP",
    inject: async ({ well, over }) => (well.config["time"].ntp_servers = [await ntpServer(30_000, over)]),
    names: "clock-ntp: fail",
    found: /our clock is \d+ ms behind NTP/,
  },
  {
    what: "NTP that does not answer",
    inject: ({ well }) => (well.config["time"].ntp_servers = ["127.0.0.1:9"]),
    names: "clock-ntp: warn",
    found: /could not be compared with NTP/,
  },
  {
    what: "a clock that is ahead of the venue's",
    inject: fault("clock_skew", { params: { ms: -30_000 } }),
    names: "clock-venue: fail",
    found: /our clock is \d+ ms ahead of the venue/,
  },
  {
    what: "a venue that does not answer",
    inject: fault("drop", { match: { path: "/version" }, params: { when: "before" } }),
    names: "venue: fail",
    found: /version/,
  },
  {
    what: "a venue that is blocked by a page",
    inject: lie((path) => (path === "/version" ? { status: 503, json: "down" } : undefined)),
    names: "venue: fail",
    found: /503/,
  },
  {
    what: "orders of another version",
    inject: lie(about("/version", { version: 3 })),
    names: "version: fail",
    found: /takes orders of version 3, this adapter makes version 2/,
  },
  {
    what: "a place that is blocked",
    inject: ({ venue }) => venue.command({ do: "geoblock", blocked: true, country: "US", region: "NY" }),
    names: "geoblock: fail",
    found: /does not take orders from US, NY/,
  },
  {
    what: "no word on the place",
    inject: lie(about("/api/geoblock", {}, 500)),
    names: "geoblock: fail",
    found: /does not say whether it may be traded on/,
  },
  {
    what: "Gamma that cannot be reached",
    inject: ({ well }) => (well.config["feeds"].polymarket.gamma_url = NOWHERE),
    names: "gamma: warn",
    found: /Gamma does not say what the markets are about/,
  },
  {
    what: "a Gamma that discovery cannot ask",
    inject: ({ well }) => {
      discovers(well);
      well.config["feeds"].polymarket.gamma_url = NOWHERE;
    },
    names: "discovery: fail",
    found: /ECONNREFUSED|cannot be reached|failed/i,
  },
  {
    what: "a book of a found market that is not there",
    inject: async (all) => {
      discovers(all.well);
      await lie(about("/book", { error: "No orderbook exists" }, 404))(all);
    },
    names: "books: fail",
    found: /FaZe vs Spirit.*the venue has no book of it/,
  },
  {
    what: "a market that the venue does not have",
    inject: ({ well }) => (well.config["markets"][0].id = `0x${"12".repeat(32)}`),
    names: "markets: fail",
    found: /FaZe vs Spirit/,
  },
  {
    what: "a token of another market",
    inject: ({ well }) => (well.config["markets"][0].outcomes[1].token = "123"),
    names: "markets: fail",
    found: /do not name the same market and tokens/,
  },
  {
    what: "a market that takes no orders",
    inject: market({ acceptingOrders: false }),
    names: "markets: warn",
    found: /takes no orders now/,
  },
  {
    what: "another fee",
    inject: market({ feePpm: 30_000 }),
    names: "terms: warn",
    found: /the fee is 3 % of takers, not 5 % of takers/,
  },
  {
    what: "another delay",
    inject: market({ secondsDelay: 3 }),
    names: "terms: warn",
    found: /the taker delay is 3000 ms, not 1000 ms/,
  },
  {
    what: "a market about a match of other teams",
    inject: ({ well }) => {
      well.config["matches"] = [
        { id: "m", title: "cs2", teams: ["Alpha Wolves", "Beta Otters"], best_of: 3 },
      ];
      well.config["markets"][0].subject = { match: "m" };
    },
    names: "mappings: warn",
    found: /not traded on match facts: .*FaZe vs Spirit/,
  },
  {
    what: "a book that is not there",
    inject: lie(about("/book", { error: "No orderbook exists" }, 404)),
    names: "books: fail",
    found: /the venue has no book of it/,
  },
  {
    what: "the book of another token",
    inject: lie(about("/book", { asset_id: "1", bids: [], asks: [] })),
    names: "books: fail",
    found: /the book of another token/,
  },
  {
    what: "a market socket that sends no book",
    inject: fault("missing_snapshot", {}),
    names: "market-socket: fail",
    found: /opened, and sent no book/,
  },
  {
    what: "a market socket that is not there",
    inject: ({ well }) => (well.config["feeds"].polymarket.socket_url = "ws://127.0.0.1:9/ws/market"),
    names: "market-socket: fail",
    found: /ECONNREFUSED|refused/i,
  },
  {
    what: "a user socket that is not there",
    inject: ({ well }) => (well.config["execution"].user_url = "ws://127.0.0.1:9/ws/user"),
    names: "user-socket: fail",
    found: /ECONNREFUSED|refused/i,
  },
  {
    what: "an API key of somebody else",
    inject: ({ well }) => {
      well.env["MATCHPOINT_API_KEY"] = "6f8a3c1e-0000-4000-8000-000000000000";
      well.env["MATCHPOINT_API_SECRET"] = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmE=";
      well.env["MATCHPOINT_API_PASSPHRASE"] = "canary-passphrase";
    },
    names: "api-key: fail",
    found: /does not accept the API key/,
  },
  {
    what: "a wallet that gets no API key",
    inject: lie((path) =>
      path.startsWith("/auth/derive-api-key") || path === "/auth/api-key"
        ? { status: 401, json: { error: "Invalid L1 Request headers" } }
        : undefined,
    ),
    names: "api-key: fail",
    found: /gives the wallet no API key: status 401/,
  },
  {
    what: "an account that may only close",
    inject: ({ venue }) => venue.command({ do: "standing", address: WALLET, closedOnly: true }),
    names: "account: fail",
    found: /lets this account close positions only/,
  },
  {
    what: "an account without money",
    inject: lie(about("/balance-allowance", { balance: "0", allowances: {} })),
    names: "account: fail",
    found: /sees no collateral for this account with signature type 0/,
  },
  {
    what: "a signature type without the wallet that it is about",
    inject: ({ well }) => (well.config["execution"].signature_type = 3),
    names: "owner: fail",
    found: /execution\.funder is missing/,
  },
  {
    what: "no node of the chain",
    inject: ({ well }) => Reflect.deleteProperty(well.env, "MATCHPOINT_RPC_URLS"),
    names: "rpc: warn",
    found: /no node of the chain is named/,
  },
  {
    what: "a node's address that is none",
    inject: ({ well }) => (well.env["MATCHPOINT_RPC_URLS"] = "polygon"),
    names: "rpc: fail",
    found: /number 1 of MATCHPOINT_RPC_URLS is no address/,
  },
  {
    what: "a node that is not there",
    inject: ({ well }) => (well.env["MATCHPOINT_RPC_URLS"] = NOWHERE),
    names: "rpc: fail",
    found: /./,
  },
];

/** Has the markets found instead of configured. */
function discovers({ config }: Well): void {
  config["markets"] = [];
  config["matches"] = [];
  config["discover"] = { games: ["cs2"], kinds: ["match"], within_hours: 48 };
}

/** Breaks what is well in one place, if at all, and makes every check. */
async function madeWith(inject?: Fault["inject"]): Promise<readonly Made[]> {
  const over = new Leftovers();
  try {
    const funds = { [WALLET]: 500_000_000 as never };
    const venue = over.add(await startVenue({ seed: 3, funds, liquidity: "none" }), (each) => each.close());
    const well = wellWith(venue, over.folder(), await ntpServer(0, over));
    await inject?.({ well, venue, over });
    return await examined(well);
  } finally {
    await over.close();
  }
}

/** This venue has no chain: that no node of it is named is said each time, unless nothing is asked about nodes. */
const NO_NODE = "rpc: warn";

describe("the doctor names a single fault by the one check that is about it", () => {
  it.concurrent.each(FAULTS)("$what: $names", async ({ inject, names, found }) => {
    const made = await inTurn(() => madeWith(inject));
    const why = JSON.stringify(made.filter(({ status }) => status === "fail" || status === "warn"));
    const [id] = names.split(":");
    const others = named(made).filter((each) => id === "rpc" || each !== NO_NODE);
    expect(others, why).toEqual([names]);
    const line = made.find((each) => each.id === id)!;
    expect(line.found).toMatch(found);
    expect(line.fix).not.toBe("");
    for (const { status, found: said } of made) if (status === "skip") expect(said).not.toBe("");
    const text = JSON.stringify(made);
    for (const secret of [KEY.slice(2), "canary-passphrase", "Y2FuYXJ5"]) expect(text).not.toContain(secret);
  });

  it.concurrent("and names nothing where all is well", async () => {
    const made = await inTurn(() => madeWith());
    expect(named(made)).toEqual([NO_NODE]);
    const ids = made.filter(({ status }) => status === "ok").map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(["api-key", "account", "books", "market-socket", "user-socket"]),
    );
  });
});
