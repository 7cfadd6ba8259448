import {
  askGeoblock,
  GATEWAY_DEFAULTS,
  judgeGeoblock,
  termsCheck,
  versionCheck,
} from "@matchpoint/adapters-polymarket";
import { configuredMatches, id, subjectClaim, type MarketDescription } from "@matchpoint/sdk";
import { restUrlOf, withVenueProof } from "../feeds/index.ts";
import { plural } from "../report/format.ts";
import { lineOf, type Bench } from "./bench.ts";
import type { Check } from "./check.ts";
import { fail, idle, ok, skip, warn, type Outcome } from "./finding.ts";

const TIMEOUT_MS = 5_000;
/** A version is told to everybody. */
const NOBODY = { signatureType: 0, wallet: `0x${"1".repeat(40)}`, funder: `0x${"1".repeat(40)}` } as const;
const AT_ONCE = 8;
const NO_MARKET = "no market is configured or found";

/** The venue and its markets. */
export const VENUE_CHECKS: readonly Check[] = [
  {
    id: "venue",
    title: "Venue",
    looksAt: "whether the CLOB answers",
    needs: ["config"],
    modes: "any",
    run: async (bench) => {
      if (!follows(bench)) return idle("feeds.polymarket is not enabled");
      if (!bench.live) return answersTime(bench);
      const { reached, found, fix } = await version(bench);
      return reached ? ok("the CLOB answers") : fail(found, fix);
    },
  },
  {
    id: "version",
    title: "Order version",
    looksAt: "which orders the venue takes",
    needs: ["venue"],
    modes: "live",
    run: async (bench) => {
      const { status, found, fix } = await version(bench);
      return { status, found, fix };
    },
  },
  {
    id: "geoblock",
    title: "Geoblock",
    looksAt: "whether the venue may be traded on from here",
    needs: ["config"],
    modes: "live",
    run: async ({ transport, signal, config, local }) => {
      const url = local ? `${config.execution.clob_url!}/api/geoblock` : undefined;
      const answer = await askGeoblock({
        transport,
        signal,
        timeoutMs: TIMEOUT_MS,
        ...(url === undefined ? {} : { url }),
      });
      const { status, found, fix } = judgeGeoblock(answer, url);
      return { status, found, fix };
    },
  },
  {
    id: "discovery",
    title: "Discovery",
    looksAt: "what discover finds now, as a run would begin with it",
    needs: ["config"],
    modes: "any",
    deadlineMs: 35_000,
    run: discovery,
  },
  {
    id: "gamma",
    title: "Listings",
    looksAt: "whether Gamma answers and can be read",
    needs: ["discovery"],
    modes: "any",
    deadlineMs: 35_000,
    run: async (bench) => {
      if (!follows(bench)) return idle("feeds.polymarket is not enabled");
      const { length } = await bench.markets();
      if (length === 0) return idle(NO_MARKET);
      const found = await bench.listings();
      return typeof found === "string"
        ? warn(
            `Gamma does not say what the markets are about: ${found}`,
            "See that this machine reaches it. Until it answers nothing is traded on match facts, and orders are signed for exchange V2.",
          )
        : ok(`Gamma lists ${found.listings.size} of ${plural(length, "market")}`);
    },
  },
  {
    id: "markets",
    title: "Markets",
    looksAt: "each market and its tokens at the CLOB, and whether it takes orders",
    needs: ["venue", "discovery"],
    modes: "any",
    run: async (bench) => {
      const found = await termsOf(bench);
      if (found.length === 0) return idle(NO_MARKET);
      const unknown = (await bench.terms()).lines.filter((line) => line.id === "terms");
      const failed = found.filter(({ status }) => status === "fail");
      const [bad] = [...failed, ...unknown];
      if (bad !== undefined)
        return fail(
          [...new Set((failed.length > 0 ? failed : unknown).map((each) => each.found))].join("; "),
          bad.fix,
        );
      const closed = found.filter(({ status, drift }) => status === "warn" && !drift);
      if (closed.length > 0)
        return warn(
          closed.map((each) => each.found).join("; "),
          "Nothing is placed there until it does; take it out if it never will.",
        );
      return ok(`${plural(found.length, "market")} can be traded`);
    },
  },
  {
    id: "terms",
    title: "Fee and delay drift",
    looksAt: "tick, smallest order, fee, delay and neg-risk of each market, configured against the venue's",
    needs: ["markets"],
    modes: "any",
    run: async (bench) => {
      const found = await termsOf(bench);
      if (found.length === 0) return idle(NO_MARKET);
      const drifted = found.filter(({ drift }) => drift);
      return drifted.length === 0
        ? ok("all markets have the terms that they were configured with")
        : warn(drifted.map((each) => each.found).join("; "), drifted[0]!.fix);
    },
  },
  {
    id: "exchange",
    title: "Exchange",
    looksAt: "which exchange each market is of",
    needs: ["gamma", "markets"],
    modes: "live",
    run: async (bench) => {
      if (typeof (await bench.listings()) === "string") return skip("not looked at: Gamma does not say");
      const lines = (await bench.terms()).lines.filter((line) => line.id === "exchange");
      return lines.length === 0
        ? ok("no market is of an exchange that is not fully known")
        : warn(lines.map(({ found }) => found).join("; "), lines[0]!.fix);
    },
  },
  {
    id: "mappings",
    title: "Mappings",
    looksAt: "whether each market is proven to be about its match, by the names in the listing",
    needs: ["gamma"],
    modes: "any",
    run: mappings,
  },
  {
    id: "books",
    title: "Books",
    looksAt: "the book of every token",
    needs: ["markets"],
    modes: "any",
    run: books,
  },
];

function follows({ config }: Bench): boolean {
  return config.feeds["polymarket"]?.enabled === true;
}

function restUrl({ config }: Bench): string {
  return (restUrlOf(config) ?? GATEWAY_DEFAULTS.url).replace(/\/+$/, "");
}

async function answersTime(bench: Bench): Promise<Outcome> {
  const url = `${restUrl(bench)}/time`;
  const fix = "See that this machine reaches it, then try again.";
  try {
    const { status } = await bench.transport.request({
      method: "GET",
      url,
      timeoutMs: TIMEOUT_MS,
      signal: bench.signal,
    });
    return status === 200
      ? ok("the CLOB answers")
      : fail(`the CLOB answers ${url} with status ${status}`, fix);
  } catch (error) {
    return fail(lineOf(error), fix);
  }
}

function version(bench: Bench): ReturnType<typeof versionCheck> {
  const { transport, clock, clob } = bench;
  return bench.once("version", () => versionCheck({ transport, clock, parties: NOBODY, ...clob }));
}

function termsOf(bench: Bench): Promise<readonly Awaited<ReturnType<typeof termsCheck>>[]> {
  const { transport, clock, signal } = bench;
  const clobUrl = bench.live ? (bench.config.execution.clob_url ?? GATEWAY_DEFAULTS.url) : restUrl(bench);
  return bench.once("drift", async () =>
    Promise.all(
      (await bench.markets()).map((market) => termsCheck(market, { transport, clock, signal, clobUrl })),
    ),
  );
}

/** What a run would begin with; that none is listed now is no fault. */
async function discovery(bench: Bench): Promise<Outcome> {
  if (bench.config.discover === undefined) return idle("nothing is looked for: there is no discover");
  const look = await bench.discovered();
  if (look === undefined) return idle("the run has looked already");
  const { added, others, problems } = look;
  const found = `${plural(added.length, "market")} to trade now, ${plural(others.length, "other")} listed and not traded`;
  if (problems.length > 0)
    return warn(
      `${found}; ${problems.join("; ")}`,
      "What is found is not traded on that source's facts until it is mended.",
    );
  return ok(added.length === 0 ? `${found}: the command markets says why` : found);
}

async function mappings(bench: Bench): Promise<Outcome> {
  const { config } = bench;
  const markets = await bench.markets();
  const claims = new Map(config.markets.map((market) => [id(market.id), subjectClaim(market)]));
  const about = markets.filter(
    ({ marketId, subject }) => claims.get(marketId) !== undefined || subject !== undefined,
  );
  if (about.length === 0) return idle("no market is configured to be about a match");
  const listed = await bench.listings();
  if (typeof listed === "string") return skip("not looked at: Gamma does not answer");
  const registry = configuredMatches(config.matches);
  const unproven = (market: MarketDescription): string | undefined => {
    if (market.unproven !== undefined) return market.unproven;
    const listing = listed.listings.get(market.marketId.toLowerCase());
    if (listing === undefined) return "Gamma does not list it";
    const claim = claims.get(market.marketId);
    // What discovery found was proven by the listing when it was found.
    return claim === undefined ? undefined : withVenueProof(market, claim, listing, registry).unproven;
  };
  const lacks = about.flatMap((market) => {
    const why = unproven(market);
    return why === undefined ? [] : [`${market.title}: ${why}`];
  });
  return lacks.length === 0
    ? ok(`${plural(about.length, "market")} proven to be about the configured match`)
    : warn(
        `not traded on match facts: ${lacks.join("; ")}`,
        "Correct the subject, the tokens or the names; an alias of a team mends a name.",
      );
}

async function books(bench: Bench): Promise<Outcome> {
  const markets = await bench.markets();
  if (markets.length === 0) return idle(NO_MARKET);
  const tokens = markets.flatMap(({ title, outcomes }) =>
    outcomes.map(({ tokenId, name }) => ({ tokenId, title, name })),
  );
  const lacks: string[] = [];
  const queue = [...tokens];
  const work = async (): Promise<void> => {
    for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
      const why = await bookOf(each.tokenId, bench);
      if (why !== undefined) lacks.push(`${each.title}, ${each.name}: ${why}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, tokens.length) }, work));
  if (lacks.length === 0) return ok(`the books of ${plural(tokens.length, "token")} can be read`);
  return fail(lacks.join("; "), "Check the tokens of the market; a market that has ended has no books.");
}

/** Why a token's book cannot be had. */
async function bookOf(tokenId: string, bench: Bench): Promise<string | undefined> {
  const url = `${restUrl(bench)}/book?token_id=${encodeURIComponent(tokenId)}`;
  try {
    const { status, body } = await bench.transport.request({
      method: "GET",
      url,
      timeoutMs: TIMEOUT_MS,
      signal: bench.signal,
    });
    if (status !== 200) return status === 404 ? "the venue has no book of it" : `status ${status}`;
    const { asset_id: named } = JSON.parse(new TextDecoder().decode(body)) as { readonly asset_id?: unknown };
    return named === tokenId ? undefined : "the answer is the book of another token";
  } catch (error) {
    return error instanceof SyntaxError ? "the answer is no JSON" : lineOf(error);
  }
}
