import {
  listedMarkets,
  MatchpointError,
  SystemClock,
  type BotConfig,
  type MarketDescription,
} from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import { Discovery, type Look, type PassedOver } from "../discover/index.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plural } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";
import type { Secrets } from "../secrets/index.ts";
import { secretsOf, type Host } from "./shared.ts";

/** Options of `markets`. */
export interface MarketsFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** `matchpoint markets --config bot.yaml`: what a run would trade, and why not the rest. Trades nothing and needs no key of the wallet. */
export async function marketsCommand(flags: MarketsFlags, host: Host, io: Io): Promise<ExitCode> {
  const file = flags.config ?? "bot.yaml";
  const config = await readConfig(file, host.strategies);
  if (config.discover === undefined && config.markets.length === 0)
    throw new MatchpointError("CONFIG_INVALID", `${file} names no markets, and does not look for any`, {
      hint: "Add `discover`, or `markets`; docs/reference/configuration.md has every key.",
    });
  const look = await lookOnce(config, secretsOf(config, file, host, io), (problem) => {
    io.err(problem);
  });
  const traded: readonly MarketDescription[] = [
    ...listedMarkets(config),
    ...look.added.map(({ market }) => market),
  ];
  if (flags.json === true) {
    io.out(JSON.stringify({ traded: traded.map(tradedJson), not_traded: look.others.map(otherJson) }));
    return EXIT.OK;
  }
  io.out(`Would be traded: ${plural(traded.length, "market")}`);
  for (const line of table(TRADED, traded, io.columns)) io.out(line);
  if (look.others.length === 0) return EXIT.OK;
  io.out("");
  io.out(`Listed, and not traded: ${plural(look.others.length, "market")}`);
  for (const line of table(OTHERS, look.others, io.columns)) io.out(line);
  return EXIT.OK;
}

function lookOnce(config: BotConfig, secrets: Secrets, say: (problem: string) => void): Promise<Look> {
  if (config.discover === undefined) return Promise.resolve({ added: [], matches: [], others: [] });
  const discovery = new Discovery(config, config.discover, secrets, new SystemClock(), say);
  return discovery.look(new AbortController().signal);
}

const TRADED: readonly Column<MarketDescription>[] = [
  { title: "MARKET", align: "left", cell: ({ title }) => title, least: 24, middle: true },
  { title: "STARTS (UTC)", align: "left", cell: ({ startsAt }) => timeOf(startsAt) },
  { title: "ABOUT", align: "left", cell: aboutOf },
  { title: "ID", align: "left", cell: ({ marketId }) => marketId, least: 12, middle: true },
];

const OTHERS: readonly Column<PassedOver>[] = [
  { title: "MARKET", align: "left", cell: ({ title }) => title, least: 24, middle: true },
  { title: "CODE", align: "left", cell: ({ code }) => code },
  { title: "REASON", align: "left", cell: ({ reason }) => reason, wrap: true },
];

function timeOf(startsAt: number | undefined): string {
  return startsAt === undefined ? "unknown" : new Date(startsAt).toISOString().slice(0, 16).replace("T", " ");
}

function aboutOf({ subject, related, unproven }: MarketDescription): string {
  if (subject === undefined && unproven === undefined && related !== undefined) return "related";
  if (subject === undefined) return unproven === undefined ? "not stated" : "unproven";
  return subject.kind === "series" ? "match" : `game ${subject.game}`;
}

function tradedJson(market: MarketDescription): object {
  const { marketId, title, outcomes, startsAt, subject, related, unproven } = market;
  return {
    market_id: marketId,
    title,
    outcomes: outcomes.map(({ tokenId, name }) => ({ token: tokenId, name })),
    starts_at: startsAt === undefined ? null : new Date(startsAt).toISOString(),
    match_id: subject?.matchId ?? null,
    related_match_id: related ?? null,
    game: subject?.kind === "game" ? subject.game : null,
    // What a configuration names is traded without a proof too, by strategies that rest on no facts.
    unproven: unproven ?? null,
  };
}

function otherJson({ marketId, title, code, reason }: PassedOver): object {
  return { market_id: marketId ?? null, title, code, reason };
}
