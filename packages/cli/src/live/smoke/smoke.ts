import {
  createSmokeProbe,
  createWsTransport,
  fetchApiKey,
  GATEWAY_DEFAULTS,
  measureVenueOffset,
  type SmokeProbe,
} from "@matchpoint/adapters-polymarket";
import {
  formatPrice,
  formatShares,
  formatUsdc,
  id,
  listedMarkets,
  MatchpointError,
  PRICE_ONE,
  requireMode,
  SystemClock,
  USDC_ONE,
  type BotConfig,
  type Usdc,
} from "@matchpoint/sdk";
import { secretsOf, type Host } from "../../commands/shared.ts";
import { readConfig } from "../../configFile.ts";
import { listenForInterrupt } from "../../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../../io.ts";
import { plain } from "../../report/format.ts";
import { newRunId } from "../../run.ts";
import { openAccount } from "../account.ts";
import { openLive, type LiveSession } from "../openLive.ts";
import { liveSecrets } from "../secrets.ts";
import { isLocal } from "../wallet.ts";
import { Bench } from "./bench.ts";
import { confirm } from "./confirm.ts";
import { findingTable, printFinding, Surprise, type Finding } from "./finding.ts";
import { chooseMarket, type MarketPorts } from "./market.ts";
import { costOf, POINTS } from "./points/index.ts";
import { settle } from "./settle.ts";
import { MAX_PRICE, readUsdc, readWaits } from "./settings.ts";

/** Options of `wallet smoke`. */
export interface SmokeFlags {
  readonly config?: string;
  readonly usd?: string;
  readonly market?: string;
  readonly only?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  /** Not for people: waits as JSON. */
  readonly waits?: string;
}

const GAMMA_URL = "https://gamma-api.polymarket.com";

/** `matchpoint wallet smoke`: finds out, with a few dollars at stake, whether the venue does what this project takes for granted. */
export async function smokeCommand(flags: SmokeFlags, host: Host, io: Io): Promise<ExitCode> {
  if (flags.config === undefined)
    throw new MatchpointError("USAGE", "wallet needs a configuration", {
      hint: "Name one: wallet smoke --config bot.yaml.",
    });
  const usdc = readUsdc(flags.usd);
  const names = readNames(flags.only);
  const waits = readWaits(flags.waits);
  const read = await readConfig(flags.config, host.strategies);
  requireMode(read, true, flags.config);
  const listed = listedMarkets(read);
  const wanted =
    flags.market === undefined ? listed : listed.filter(({ marketId }) => marketId === flags.market);
  if (wanted.length === 0)
    throw new MatchpointError("USAGE", `the configuration lists no market ${flags.market ?? ""}`.trimEnd(), {
      hint: "Its ids are under markets, as `id`.",
    });
  // Asked for before anything is sent: without them there is nothing to confirm.
  const found = secretsOf(read, flags.config, host, io);
  const secrets = await liveSecrets(read, found);
  const config = bounded(read, usdc);
  const interrupt = listenForInterrupt(io);
  const { signal } = interrupt;
  const clock = new SystemClock();
  const runId = newRunId("smoke");
  let session: LiveSession | undefined;
  let probe: SmokeProbe | undefined;
  try {
    io.out(
      `A smoke test places orders far below the market, with real money, and cancels them. The most that it can lose is $${formatUsdc(usdc)}: all its orders together cost no more, even if every one of them were filled and worthless. Stay with it.`,
    );
    if (isLocal(config.execution.clob_url))
      io.out("This is a rehearsal: the venue is on this machine, and its money is not real.");
    await confirm(flags.yes === true, usdc, io, process.stdin, signal);
    io.out("Checks before live trading:");
    session = await openLive({
      config,
      secrets: found,
      markets: listed,
      runId,
      clock,
      signal,
      io,
      quiet: false,
    });
    const transport = createWsTransport();
    const { clob_url: clobUrl, user_url: userUrl, chain_id: chainId } = config.execution;
    const url = clobUrl ?? GATEWAY_DEFAULTS.url;
    const ports: MarketPorts = { transport, clock, url, signal };
    const chosen = await chooseMarket(config, wanted, ports);
    const cost = costOf(names, chosen);
    if (cost > usdc)
      throw new MatchpointError(
        "USAGE",
        `on ${chosen.market.title} all orders together cost $${formatUsdc(cost)}, and --usd allows $${formatUsdc(usdc)}`,
        { hint: "Allow more with --usd, try less with --only, or take another market with --market." },
      );
    const account = await openAccount(config, secrets.privateKey, [chosen.market], clock);
    const { offsetMs } = await measureVenueOffset({ transport, clock, url, signal });
    const now = clock.wall();
    const credentials =
      secrets.api ?? (await fetchApiKey({ transport, signer: account.signer, chainId, now, url }));
    probe = createSmokeProbe({
      transport,
      clock,
      signer: account.signer,
      credentials,
      parties: account.parties,
      chainId,
      market: chosen.market,
      runId: id(runId),
      maxUsdc: usdc,
      offsetMs,
      url,
      ...(userUrl === undefined ? {} : { userUrl }),
    });
    const { market, outcome, price, best } = chosen;
    io.out(
      plain(
        `Market: ${market.title}, ${market.outcomes[outcome].name}: bid $${formatPrice(best.bid!)}, ask $${formatPrice(best.ask!)}. Orders are for ${formatShares(market.minSize)} shares at $${formatPrice(price)}; all of them together cost $${formatUsdc(cost)}.`,
      ),
    );
    const findings: Finding[] = [];
    const bench = new Bench({
      ...chosen,
      config,
      clock,
      signal,
      waits,
      probe,
      gateway: session.gateway,
      ports,
      gammaUrl: gammaOf(config),
      note: (finding) => {
        findings.push(finding);
        printFinding(finding, io);
      },
    });
    return await tryAll(bench, names, session, findings, { io, json: flags.json === true, usdc });
  } finally {
    probe?.close();
    session?.close();
    interrupt.dispose();
  }
}

async function tryAll(
  bench: Bench,
  names: readonly string[],
  session: LiveSession,
  findings: Finding[],
  { io, json, usdc }: { readonly io: Io; readonly json: boolean; readonly usdc: Usdc },
): Promise<ExitCode> {
  const { probe, waits } = bench.options;
  const before = { collateral: session.collateral, since: session.gateway.tradesFromNow() };
  let surprise: Surprise | undefined;
  try {
    probe.listen();
    await probe.until(() => (probe.isListening ? true : undefined), waits.eventMs);
    for (const name of names) {
      bench.check();
      await POINTS[name]!.run(bench);
    }
    bench.check();
  } catch (error) {
    surprise =
      error instanceof Surprise
        ? error
        : new Surprise(
            `it cannot go on: ${error instanceof Error ? error.message.split("\n")[0]! : String(error)}`,
            "See below whether anything is left behind, do what the message says, and start again.",
          );
    io.err(`STOPPED: ${plain(surprise.message)}`);
    io.err(`  What to do: ${plain(surprise.todo)}`);
  }
  const { finding, clean } = await settle(bench, before);
  bench.note(finding);
  io.out("");
  for (const line of findingTable(findings, io.columns)) io.out(line);
  const differing = findings.filter(({ verdict }) => verdict === "differs").length;
  io.out(
    surprise === undefined && clean
      ? `Nothing is left behind. ${differing === 0 ? "Nothing differs from what was assumed." : `${differing} of ${findings.length} differ: do what they mean before you trade.`} Orders worth $${formatUsdc(probe.committed)} were posted of at most $${formatUsdc(usdc)}.`
      : `Do not trade yet.${clean ? " Nothing is left behind." : " Something may be left behind: look at the account."}`,
  );
  if (json)
    io.out(
      JSON.stringify({
        ok: surprise === undefined && clean && differing === 0,
        clean,
        market: bench.options.market.marketId,
        committedUsdc: probe.committed / USDC_ONE,
        findings,
        ...(surprise === undefined ? {} : { stopped: { what: surprise.message, todo: surprise.todo } }),
      }),
    );
  return surprise === undefined && clean && differing === 0 ? EXIT.OK : EXIT.CHECK_FAILED;
}

/** The configuration with the signer bound to what a smoke test may do, and without what would disturb it. */
function bounded(config: BotConfig, usdc: Usdc): BotConfig {
  const { execution } = config;
  const { limits } = execution;
  return {
    ...config,
    execution: {
      ...execution,
      heartbeats: false,
      limits: {
        ...limits,
        max_order_usdc: Math.min(limits.max_order_usdc, usdc / USDC_ONE),
        // Above the lowest price that is configured nothing is lost: no market is suited then.
        max_price: Math.max(limits.min_price, Math.min(limits.max_price, MAX_PRICE / PRICE_ONE)),
      },
    },
  };
}

function readNames(only: string | undefined): readonly string[] {
  const all = Object.keys(POINTS);
  if (only === undefined) return all;
  const named = only.split(",").map((each) => each.trim());
  const unknown = named.find((each) => !all.includes(each));
  if (unknown !== undefined)
    throw new MatchpointError("USAGE", `--only ${unknown}: there is no such point`, {
      hint: `There are: ${all.join(", ")}.`,
    });
  return all.filter((each) => named.includes(each));
}

/** Where Gamma is asked; nowhere while the CLOB is a local one and its Gamma is not named. */
function gammaOf({ feeds, execution }: BotConfig): string | undefined {
  const named = (feeds["polymarket"] as { readonly gamma_url?: unknown } | undefined)?.gamma_url;
  if (typeof named === "string") return named.replace(/\/+$/, "");
  return isLocal(execution.clob_url) ? undefined : GAMMA_URL;
}
