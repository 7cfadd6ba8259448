import { z } from "zod";
import { NTP_SERVERS } from "../clock/index.ts";
import { ENGINE_CONFIG } from "../engine/index.ts";
import { RISK_CONFIG } from "../risk/index.ts";
import { MARKET_FILTER } from "../strategy/index.ts";
import { TRUTH_CONFIG } from "../truth/index.ts";
import { ALERTS_CONFIG } from "./alerts.ts";
import { CONTROL_CONFIG } from "./control.ts";
import { DASHBOARD_CONFIG } from "./dashboard.ts";
import { DISCOVER_CONFIG } from "./discover.ts";
import { EXECUTION_CONFIG } from "./execution.ts";
import { MARKET_CONFIG, MATCH_CONFIG } from "./listings.ts";
import { LOGS_CONFIG } from "./logs.ts";
import { PAPER_CONFIG } from "./paper.ts";
import { SECRET_PROVIDERS_CONFIG, secretProblems, SECRETS_CONFIG } from "./secrets.ts";
import { configuredMatches, subjectProblem } from "./subjects.ts";

const name = z.string().min(1);

const STRATEGY_USE = z.strictObject({
  use: name.describe("A default strategy's id, a file (`./strategies/mine.ts`) or an npm package."),
  name: name.exactOptional().describe("Id of this instance; needed when one strategy is used twice."),
  params: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Checked against the strategy's own schema."),
  markets: MARKET_FILTER.exactOptional().describe("Which markets it is given. Absent: all."),
  isolation: z
    .literal("worker")
    .exactOptional()
    .describe(
      "`worker`: it runs in a thread of its own, with a deadline for each hook and a limit of memory; what goes wrong there halts it and nothing else. For a file or a package.",
    ),
  deadline_ms: z
    .int()
    .min(5)
    .max(60_000)
    .exactOptional()
    .describe("With `isolation: worker`: how long one hook may take; default 100."),
  heap_mb: z
    .int()
    .min(8)
    .max(4_096)
    .exactOptional()
    .describe("With `isolation: worker`: how much memory its objects may take; default 64."),
});

const SECRET_KEYS =
  /^(api[_-]?key|api[_-]?secret|secret|private[_-]?key|passphrase|password|mnemonic|token)$/i;

/** A user with a password, or a key among the parameters, of an address. */
const SECRET_IN_URL =
  /^\w+:\/\/[^/?#]*:[^/?#]*@|[?&](api[_-]?key|key|secret|(access[_-]?)?token|auth|password)=/i;

const FEED = z
  .looseObject({
    enabled: z.boolean().default(true),
  })
  .superRefine((feed, ctx) => {
    for (const [key, value] of Object.entries(feed)) {
      if (!SECRET_KEYS.test(key) && !(typeof value === "string" && SECRET_IN_URL.test(value))) continue;
      ctx.addIssue({
        code: "custom",
        path: [key],
        message:
          "secrets do not belong in a configuration file, which is copied into every journal: set the feed's variable in the environment (docs/sources.md has its name), or name its provider under secrets",
      });
    }
  });

const TIME = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      "Whether `run` compares the machine's clock with NTP and with the venue; live trading needs it.",
    ),
  ntp_servers: z
    .array(name)
    .min(1)
    .max(16)
    .default([...NTP_SERVERS])
    .describe("Asked once each (`host` or `host:port`); the median of their answers counts."),
  max_skew_ms: z
    .int()
    .min(1)
    .max(60_000)
    .default(1_000)
    .describe("Live trading is refused when the clock is off by more than this."),
  measure_every_s: z
    .int()
    .min(10)
    .max(86_400)
    .default(600)
    .describe("How often the offsets are measured anew; every event carries the last ones."),
});

const JOURNAL = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether runs keep a journal, without which nothing can be verified or replayed."),
  dir: name
    .default("runs")
    .describe("Where journals go, one file per run; relative to the working directory."),
  sync_ms: z
    .number()
    .int()
    .min(1)
    .max(60_000)
    .default(200)
    .describe("How long market data may wait to become durable; orders never wait for it."),
  snapshot_every: z
    .int()
    .min(100)
    .max(10_000_000)
    .default(10_000)
    .describe(
      "Lines of a live journal after which the account so far is written beside it, so that the next start need not read all of it.",
    ),
  min_free_gib: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe("With less free space than this on the journal's disk, in GiB, a live run begins nothing new."),
  min_free_part: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.05)
    .describe("The same as a part of the whole disk; whichever is reached first counts."),
  reserve_mib: z
    .int()
    .min(0)
    .max(65_536)
    .default(64)
    .describe(
      "Space that is kept in a file of `journal.dir` and given back when the disk is full, so that cancels can still be journaled. 0: none.",
    ),
});

/** The whole configuration file (`bot.yaml`). Every threshold has a safe default; an unknown key is an error. */
export const BOT_CONFIG = z
  .strictObject({
    $schema: z.string().exactOptional().describe("For editors: where the JSON Schema of this file is."),
    mode: z
      .enum(["paper", "live"])
      .default("paper")
      .describe("`live` trades real money, and only when `run` is given `--live` too."),
    seed: z.int().min(0).default(1).describe("Seeds whatever is drawn at random in paper mode."),
    truth_engine: TRUTH_CONFIG.prefault({}),
    risk: RISK_CONFIG,
    engine: ENGINE_CONFIG,
    paper: PAPER_CONFIG.prefault({}),
    execution: EXECUTION_CONFIG,
    strategies: z.array(STRATEGY_USE).default([]),
    matches: z.array(MATCH_CONFIG).default([]),
    markets: z.array(MARKET_CONFIG).default([]),
    discover: DISCOVER_CONFIG.exactOptional().describe(
      "Esports markets that a run finds at Polymarket by itself, beside those under `markets`. Absent: none.",
    ),
    feeds: z
      .record(name, FEED)
      .default({})
      .describe("Sources of match facts and market data, with their own options."),
    time: TIME.prefault({}),
    journal: JOURNAL.prefault({}),
    control: CONTROL_CONFIG,
    alerts: ALERTS_CONFIG,
    logs: LOGS_CONFIG,
    secrets: SECRETS_CONFIG.exactOptional(),
    secret_providers: SECRET_PROVIDERS_CONFIG.exactOptional(),
    dashboard: DASHBOARD_CONFIG,
  })
  .superRefine((config, ctx) => {
    secretProblems(config, ctx);
    const matches = unique(config.matches, "matches", ctx);
    unique(config.markets, "markets", ctx);
    refsApart(config.matches, ctx);
    tokensApart(config.markets, ctx);
    const registry = configuredMatches(config.matches);
    config.markets.forEach((market, i) => {
      const { subject } = market;
      if (subject === undefined) return;
      if (!matches.has(subject.match)) {
        const message = `no match with id ${JSON.stringify(subject.match)} is listed under matches`;
        ctx.addIssue({ code: "custom", path: ["markets", i, "subject", "match"], message });
        return;
      }
      const problem = subjectProblem(market, registry);
      if (problem === undefined) return;
      const { path, message } = problem;
      ctx.addIssue({ code: "custom", path: ["markets", i, ...path], message });
    });
    if (config.discover !== undefined && config.feeds["polymarket"]?.enabled !== true) {
      const message = "needs feeds.polymarket, which follows what is found: add `polymarket: {}` there";
      ctx.addIssue({ code: "custom", path: ["discover"], message });
    }
    const names = new Set<string>();
    config.strategies.forEach((strategy, i) => {
      const label = strategy.name ?? strategy.use;
      if (names.has(label)) {
        const message = `two strategies are called ${JSON.stringify(label)}: give one of them a name`;
        ctx.addIssue({ code: "custom", path: ["strategies", i, "name"], message });
      }
      names.add(label);
      unheeded(strategy, i, ctx);
    });
  });

/** The configuration with every default filled in. */
export type BotConfig = z.output<typeof BOT_CONFIG>;
/** The configuration as a person writes it. */
export type BotConfigInput = z.input<typeof BOT_CONFIG>;

/** A limit that nothing keeps would be a promise. */
function unheeded(
  { isolation, ...strategy }: z.output<typeof STRATEGY_USE>,
  i: number,
  ctx: z.core.$RefinementCtx,
): void {
  if (isolation !== undefined) return;
  const why = {
    deadline_ms: "in the bot's own thread only the watchdog ends a hook, and the process with it",
    heap_mb: "in the bot's own thread memory has no limit of its own",
  };
  for (const key of ["deadline_ms", "heap_mb"] as const) {
    if (strategy[key] === undefined) continue;
    const message = `holds only with \`isolation: worker\`: ${why[key]}`;
    ctx.addIssue({ code: "custom", path: ["strategies", i, key], message });
  }
}

/** A source's facts about one of its matches are facts about one of ours. */
function refsApart(matches: readonly z.output<typeof MATCH_CONFIG>[], ctx: z.core.$RefinementCtx): void {
  const seen = new Map<string, number>();
  matches.forEach(({ refs = {} }, i) => {
    for (const [source, { match, teams }] of Object.entries(refs)) {
      // Valve has ids for leagues and games only: a league's matches are told apart by their teams.
      const key = JSON.stringify([source, match, ...(match.startsWith("league:") ? [...teams].sort() : [])]);
      const other = seen.get(key);
      seen.set(key, other ?? i);
      if (other === undefined) continue;
      const message = `matches[${other}] is ${JSON.stringify(match)} of ${source} already: two matches cannot be one`;
      ctx.addIssue({ code: "custom", path: ["matches", i, "refs", source, "match"], message });
    }
  });
}

/** A token is one outcome of one market: its book and trades could not be told apart otherwise. */
function tokensApart(markets: readonly z.output<typeof MARKET_CONFIG>[], ctx: z.core.$RefinementCtx): void {
  const seen = new Map<string, string>();
  markets.forEach(({ outcomes }, i) => {
    outcomes.forEach(({ token }, outcome) => {
      const owner = seen.get(token);
      seen.set(token, owner ?? `markets[${i}].outcomes[${outcome}]`);
      if (owner === undefined) return;
      const message = `${owner} has this token already: each outcome of each market has one of its own`;
      ctx.addIssue({ code: "custom", path: ["markets", i, "outcomes", outcome, "token"], message });
    });
  });
}

function unique(
  items: readonly { readonly id: string }[],
  list: string,
  ctx: z.core.$RefinementCtx,
): ReadonlySet<string> {
  const seen = new Set<string>();
  items.forEach((item, i) => {
    if (seen.has(item.id)) {
      ctx.addIssue({
        code: "custom",
        path: [list, i, "id"],
        message: `the id ${JSON.stringify(item.id)} is there twice`,
      });
    }
    seen.add(item.id);
  });
  return seen;
}
