import { startVenue, type RunningVenue, type StartOptions } from "@matchpoint/paper-venue";
import { AssetType, Chain, ClobClient, type ApiKeyCreds } from "@polymarket/clob-client-v2";
import { Wallet } from "ethers";

/** The first test keys of every development chain: worth nothing, known to everybody. */
export const KEYS = [
  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
] as const;

/** What the official client takes as a signer: the shape of an ethers v5 wallet, made of a v6 one. */
export function shim(wallet: Wallet) {
  type Sign = Wallet["signTypedData"];
  return {
    getAddress: () => wallet.getAddress(),
    _signTypedData: (...[domain, types, value]: Parameters<Sign>) =>
      wallet.signTypedData(domain, types, value),
  };
}

/** A venue with nobody on it and next to no settlement time. */
export function quietVenue(options: Partial<StartOptions> = {}): Promise<RunningVenue> {
  return startVenue({
    seed: 7,
    liquidity: "none",
    settlement: { mined_ms: 20, confirmed_ms: 40, chain_ms: 20 },
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Sets the taker delay of a market. */
export function setDelay(venue: RunningVenue, market: string, secondsDelay: number): void {
  const answer = venue.command({ do: "market", market, secondsDelay });
  if (!answer.ok) throw new Error(answer.error);
}

export interface Trader {
  readonly client: ClobClient;
  readonly creds: ApiKeyCreds;
  readonly address: string;
  /** Collateral, in dollars. */
  dollars(): Promise<number>;
  shares(tokenId: string): Promise<number>;
}

/** A funded account with the official client, from its key on. */
export async function trader(venue: RunningVenue, key: string, usd: number): Promise<Trader> {
  const wallet = new Wallet(key);
  const base = { host: venue.clob, chain: Chain.POLYGON, signer: shim(wallet), throwOnError: true };
  if (usd > 0) venue.command({ do: "fund", address: wallet.address, usd });
  const creds = await new ClobClient({ ...base, throwOnError: false }).createOrDeriveApiKey();
  const client = new ClobClient({ ...base, creds });
  return {
    client,
    creds,
    address: wallet.address,
    dollars: async () =>
      Number((await client.getBalanceAllowance({ asset_type: AssetType.COLLATERAL })).balance) / 1e6,
    shares: async (tokenId) =>
      Number(
        (await client.getBalanceAllowance({ asset_type: AssetType.CONDITIONAL, token_id: tokenId })).balance,
      ) / 1e6,
  };
}

/** A socket whose JSON events are kept. */
export function listen(url: string, hello?: unknown) {
  const socket = new WebSocket(url);
  const events: Record<string, unknown>[] = [];
  socket.addEventListener("message", (event: { readonly data: unknown }) => {
    const data = String(event.data);
    if (!/^[[{]/.test(data)) return;
    const parsed = JSON.parse(data) as Record<string, unknown> | Record<string, unknown>[];
    events.push(...(Array.isArray(parsed) ? parsed : [parsed]));
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener("error", () => {
      reject(new TypeError(`no socket at ${url}`));
    });
    socket.addEventListener("open", () => {
      if (hello !== undefined) socket.send(JSON.stringify(hello));
      resolve();
    });
  });
  return {
    events,
    opened,
    close: () => {
      socket.close();
    },
  };
}

/** Waits until something is so. */
export async function until(what: () => boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
