import type {
  ActHow,
  ApprovalRequest,
  ChainMarketRef,
  WalletAction,
  WalletChain,
  WalletResult,
} from "@matchpoint/adapters-polymarket";
import {
  listedMarkets,
  MatchpointError,
  parseUsdc,
  SystemClock,
  type BotConfig,
  type MarketDescription,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { readConfig } from "../configFile.ts";
import { printChecklist } from "../doctor/index.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import {
  approvalsFor,
  checkWallet,
  liveSecrets,
  openAccount,
  openWallet,
  shortOf,
  tellWhenAhead,
  type LiveWallet,
} from "../live/index.ts";
import { smokeCommand, type SmokeFlags } from "../live/smoke/index.ts";
import { plain } from "../report/format.ts";
import { secretsOf, type Host } from "./shared.ts";
import { WALLET_ACTIONS } from "./walletActions.ts";

/** Options of `wallet`. */
export interface WalletFlags extends SmokeFlags {
  readonly dryRun?: boolean;
  readonly amount?: string;
}

type WalletActionName = (typeof WALLET_ACTIONS)[number];

/** Actions that a wallet can begin with. */
const MAKES: ReadonlySet<WalletActionName> = new Set<WalletActionName>([
  "approve",
  "wrap",
  "unwrap",
  "split",
]);
/** Options that only some actions take: given to another, they would be passed over in silence. */
const ONLY_FOR: readonly (readonly [keyof WalletFlags, readonly WalletActionName[]])[] = [
  ["amount", ["wrap", "unwrap", "split"]],
  ["usd", ["smoke"]],
  ["only", ["smoke"]],
  ["yes", ["smoke"]],
];
/** After these the next step is taken, or rehearsed. */
const DONE: ReadonlySet<WalletResult["kind"]> = new Set<WalletResult["kind"]>([
  "final",
  "nothing",
  "dry_run",
]);

/** What an action did, or would do. */
interface Done {
  readonly results: readonly WalletResult[];
  /** Lines that come first. */
  readonly lines?: readonly string[];
}

/** `matchpoint wallet status|approve|wrap|unwrap|split|merge|redeem|smoke`. */
export async function walletCommand(
  action: string,
  flags: WalletFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  if (!(WALLET_ACTIONS as readonly string[]).includes(action)) {
    throw new MatchpointError("USAGE", `unknown action: wallet ${action}`, {
      hint: `There are: ${WALLET_ACTIONS.join(", ")}.`,
    });
  }
  for (const [option, takers] of ONLY_FOR) {
    if (flags[option] !== undefined && !(takers as readonly string[]).includes(action))
      throw usage(`wallet ${action} takes no --${option}`, `--${option} is for ${takers.join(", ")}.`);
  }
  if (action === "smoke") return smokeCommand(flags, host, io);
  if (flags.config === undefined) {
    throw new MatchpointError("USAGE", "wallet needs a configuration", {
      hint: `Name one: wallet ${action} --config bot.yaml.`,
    });
  }
  const config = await readConfig(flags.config, host.strategies);
  const markets = chosenMarkets(config, flags.market);
  const secrets = await liveSecrets(config, secretsOf(config, flags.config, host, io));
  if (secrets.rpcUrls.length === 0) {
    throw new MatchpointError("CONFIG_INVALID", "no node of the chain is named", {
      hint: "Set MATCHPOINT_RPC_URLS, or execution.rpc_urls: three nodes of different providers are best.",
    });
  }
  const clock = new SystemClock();
  const account = await openAccount(config, secrets.privateKey, markets, clock);
  // What only looks sends nothing, not even what an earlier run left waiting, and may run beside a bot.
  const use = action === "status" || flags.dryRun === true ? "read" : "send";
  const wallet = await openWallet(config, account, secrets, markets, clock, use);
  let endWatch = (): void => undefined;
  try {
    if (action === "status") return await status(wallet, markets, flags, io);
    if (use === "send") {
      wallet.chain.start();
      endWatch = tellWhenAhead(wallet, clock, (line) => io.err(plain(line)));
    }
    const { lines = [], results } = await perform(action as WalletActionName, wallet, markets, flags);
    return tell(action, lines, results, flags, io);
  } finally {
    endWatch();
    wallet.close();
  }
}

/** Dollars, shares, allowances and what is missing. */
async function status(
  wallet: LiveWallet,
  markets: readonly MarketDescription[],
  flags: WalletFlags,
  io: Io,
): Promise<ExitCode> {
  const found = await wallet.chain.status([...wallet.markets.values()]);
  const checks = await checkWallet(wallet, markets);
  if (flags.json === true) {
    const { pol, ...rest } = found;
    io.out(JSON.stringify({ ...rest, pol: String(pol), checks }));
  } else {
    for (const line of found.lines) io.out(plain(line));
    printChecklist(checks, io);
  }
  return checks.some((check) => check.status === "fail") ? EXIT.CHECK_FAILED : EXIT.OK;
}

async function perform(
  action: WalletActionName,
  { chain, markets }: LiveWallet,
  listed: readonly MarketDescription[],
  flags: WalletFlags,
): Promise<Done> {
  const how = { dryRun: flags.dryRun === true };
  const gift = giftOf(action, chain, [...markets.values()], flags);
  // Who cannot send at all is told that instead.
  const short =
    gift === undefined || chain.cannotSend !== undefined
      ? undefined
      : await shortOf(chain, gift.action, gift.amount, gift.call);
  if (short !== undefined) return { results: [short] };
  // A Safe or a deposit wallet may be an address only: it is made first. What comes after cannot be tried before it is.
  const made = chain.cannotSend === undefined && MAKES.has(action) ? await chain.make(how) : undefined;
  const before = made === undefined || made.kind === "nothing" ? [] : [made];
  if (before.some(({ kind }) => !DONE.has(kind))) return { results: before };
  const then = made?.kind === "dry_run" ? { ...how, untried: true } : how;
  if (gift !== undefined) {
    // Ramps and adapters take what they are let take: that is approved first, and only for as much.
    const plan = await chain.planApprovals(gift.needs);
    const approved = [...before, ...(await chain.approve(plan, then))];
    if (approved.some(({ kind }) => !DONE.has(kind))) return { results: approved };
    // While the approval is only rehearsed, what needs it would revert: it is shown, not tried.
    const last = how.dryRun && approved.length > 0 ? { ...how, untried: true } : how;
    return { results: [...approved, await gift.act(last)] };
  }
  switch (action) {
    case "approve": {
      const plan = await chain.planApprovals(approvalsFor(listed));
      return { lines: plan.lines, results: [...before, ...(await chain.approve(plan, then))] };
    }
    case "merge":
    case "redeem": {
      const results: WalletResult[] = [];
      for (const market of markets.values()) {
        results.push(
          await (action === "merge" ? chain.merge(market, undefined, how) : chain.redeem(market, how)),
        );
      }
      return { results };
    }
    default:
      return { results: [] };
  }
}

/** Dollars that an action gives away for something else. */
interface Gift {
  readonly action: "wrap" | "unwrap" | "split";
  readonly amount: Usdc;
  readonly call: WalletAction;
  readonly needs: ApprovalRequest;
  act(how: ActHow): Promise<WalletResult>;
}

/** What an action gives away; `undefined` when it gives nothing. @throws MatchpointError `USAGE` */
function giftOf(
  action: WalletActionName,
  chain: WalletChain,
  markets: readonly ChainMarketRef[],
  flags: WalletFlags,
): Gift | undefined {
  if (action === "wrap" || action === "unwrap") {
    const amount = dollars(action, flags.amount);
    const needs = { kinds: [], uses: [action], allowance: amount };
    const call = chain.actions[action](amount);
    return { action, amount, needs, call, act: (how) => chain[action](amount, how) };
  }
  if (action !== "split") return undefined;
  const [market] = markets;
  if (market === undefined || markets.length > 1)
    throw usage("split needs one market", "Name it: --market 0x….");
  const amount = dollars(action, flags.amount);
  const pairs = Number(amount) as Shares;
  const kinds = [market.negRisk ? ("neg_risk" as const) : ("standard" as const)];
  const needs = { kinds, uses: ["split" as const], allowance: amount };
  const call = chain.actions.split(market, pairs);
  return { action, amount, needs, call, act: (how) => chain.split(market, pairs, how) };
}

const FAILED: ReadonlySet<WalletResult["kind"]> = new Set(["refused", "reverted", "unknown"]);

function tell(
  action: string,
  lines: readonly string[],
  results: readonly WalletResult[],
  flags: WalletFlags,
  io: Io,
): ExitCode {
  if (flags.json === true) io.out(JSON.stringify({ action, dryRun: flags.dryRun === true, lines, results }));
  else {
    for (const line of lines) io.out(plain(line));
    for (const { kind, what, lines: own } of results) {
      io.out(`${kind.replace("_", " ").padEnd(8)} ${plain(what)}`);
      for (const line of own) io.out(`         ${plain(line)}`);
    }
    if (results.length === 0) io.out("nothing to do");
  }
  return results.some(({ kind }) => FAILED.has(kind)) ? EXIT.ERROR : EXIT.OK;
}

function chosenMarkets(config: BotConfig, id: string | undefined): readonly MarketDescription[] {
  const listed = listedMarkets(config);
  if (id === undefined) return listed;
  const found = listed.filter(({ marketId }) => marketId === id);
  if (found.length > 0) return found;
  throw usage(`the configuration lists no market ${id}`, "Its ids are under markets, as `id`.");
}

function dollars(action: string, text: string | undefined): Usdc {
  if (text === undefined) throw usage(`${action} needs an amount`, "Say how many dollars: --amount 100.");
  const amount = parseUsdc(text);
  if (amount <= 0) throw usage(`--amount ${text} is nothing`, "It is more than 0.");
  return amount;
}

function usage(message: string, hint: string): MatchpointError {
  return new MatchpointError("USAGE", message, { hint });
}
