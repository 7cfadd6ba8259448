import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createOrderSigner,
  createSmokeProbe,
  createWalletSigner,
  createWsTransport,
  fetchApiKey,
  type Address,
  type ApiCredentials,
  type OrderParties,
  type OrderSigner,
} from "@matchpoint/adapters-polymarket";
import { runCli, type ExitCode } from "@matchpoint/cli";
import { startVenue, type RunningVenue, type StartOptions } from "@matchpoint/paper-venue";
import { id, SystemClock, type Millis, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { expect } from "vitest";
import { temporaryFolder } from "./support.ts";

/** Keys of every local test chain, which everybody knows. */
export const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

export const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** Somebody else, who makes the market where no makers do. */
const OTHER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

const OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const FUNDS = 50_000_000 as Usdc;

/** Of our own waits only: the venue's clock is the machine's. */
export const WAITS = JSON.stringify({
  readAfterMs: [50, 150, 300],
  eventMs: 5_000,
  goneMs: 1_500,
  beatMs: 300,
  lookMs: 250,
});

interface Smoked {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** A venue of one test's own, and the command on it. */
export async function open(options: Partial<StartOptions> = {}) {
  const venue: RunningVenue = await startVenue({
    seed: 3,
    funds: { [WALLET]: FUNDS, [OTHER]: FUNDS },
    heartbeatMs: 500,
    ...options,
  });
  venues.push(venue);
  const cwd = temporaryFolder();

  function configured(
    over: {
      readonly delayMs?: number;
      readonly fee?: number;
      readonly execution?: string;
      readonly mode?: string;
      readonly user?: string;
    } = {},
  ): string {
    const market = venue.markets.find(({ question }) => /FaZe vs Spirit/.test(question))!;
    const outcomes = market.tokens.map(
      ({ tokenId, outcome }) => `{ token: "${tokenId}", name: "${outcome}" }`,
    );
    const path = join(cwd, "bot.yaml");
    writeFileSync(
      path,
      `
mode: ${over.mode ?? "live"}
markets:
  - id: "${market.conditionId}"
    title: "${market.question}"
    outcomes: [${outcomes.join(", ")}]
    fee: { rate: ${over.fee ?? 0.05} }
    taker_delay_ms: ${over.delayMs ?? 1000}
    clear_book_on_start: true
journal: { dir: "${cwd}" }
feeds:
  polymarket: { socket_url: "${venue.wsMarket}", rest_url: "${venue.clob}", gamma_url: "${venue.gamma}" }
execution:
  signature_type: 0
  clob_url: "${venue.clob}"
  user_url: "${venue.wsUser}"
${over.execution ?? ""}
`,
    );
    return path;
  }

  /** Runs the command in this process. `on` is told of every line. */
  async function smoke(
    args: readonly string[],
    on?: (line: string, close: () => void) => void,
  ): Promise<Smoked> {
    const out: string[] = [];
    const err: string[] = [];
    const closed = new AbortController();
    const io = {
      out: (line: string) => {
        out.push(line);
        on?.(line, () => {
          closed.abort();
        });
      },
      err: (line: string) => void err.push(line),
      redraw: () => undefined,
      interactive: false,
      columns: 200,
      closed: closed.signal,
    };
    const code = await runCli(["wallet", "smoke", "--waits", WAITS, ...args], { io });
    const ended = { code, out: out.join("\n"), err: err.join("\n") };
    expect(ended.out + ended.err).not.toContain(KEY.slice(2));
    return ended;
  }

  function resting(): readonly unknown[] {
    return venue.venue.exchange.view(WALLET.toLowerCase()).openOrders();
  }

  /** What a wallet's requests are signed with. */
  async function accountOf(
    key: string,
    wallet: string,
  ): Promise<{ signer: OrderSigner; parties: OrderParties; credentials: ApiCredentials }> {
    const parties: OrderParties = { signatureType: 0, wallet: wallet as Address, funder: wallet as Address };
    const now = (): Millis => Date.now() as Millis;
    const limits = {
      chainId: 137,
      parties,
      maxNotional: FUNDS,
      maxShares: 1_000_000_000 as Shares,
      band: { min: 1 as Price, max: 9_999 as Price },
    } as const;
    const signer = createOrderSigner({ signer: createWalletSigner(key), limits, now });
    const credentials = await fetchApiKey({
      transport: createWsTransport(),
      signer,
      chainId: 137,
      now: now(),
      url: venue.clob,
    });
    return { signer, parties, credentials };
  }

  /** The other wallet on the configured market. */
  async function somebody(): Promise<ReturnType<typeof createSmokeProbe>> {
    const { conditionId } = venue.markets.find(({ question }) => /FaZe vs Spirit/.test(question))!;
    return createSmokeProbe({
      ...(await accountOf(OTHER_KEY, OTHER)),
      transport: createWsTransport(),
      clock: new SystemClock(),
      chainId: 137,
      market: venue.venue.market(id(conditionId))!,
      runId: id("somebody"),
      maxUsdc: FUNDS,
      offsetMs: 0,
      url: venue.clob,
    });
  }

  return { venue, configured, smoke, resting, accountOf, somebody };
}

export const venues: RunningVenue[] = [];
