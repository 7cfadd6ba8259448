import {
  feeSchedule,
  id,
  isMatchpointError,
  parsePrice,
  parseShares,
  parseUsdc,
  PRICE_ONE,
  type ChainAction,
  type Millis,
  type Nanos,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { getAddress } from "ethers";
import type { Core } from "../core.ts";
import { isFaultKind } from "../faults/table.ts";
import { fieldsOf, own } from "../order/parse.ts";
import type { Market } from "../world/listing.ts";

/** What an admin command answers. */
export type AdminAnswer =
  { readonly ok: true; readonly [key: string]: unknown } | { readonly ok: false; readonly error: string };

type Fields = Readonly<Record<string, unknown>>;
type Command = (core: Core, fields: Fields, at: Nanos) => Readonly<Record<string, unknown>> | undefined;

/** The grids that the venue has. */
const TICKS: ReadonlySet<number> = new Set([1_000, 100, 50, 25, 10, 1]);
const ONE = 1_000_000 as Usdc;
const HALF = 500_000 as Usdc;
const NONE = 0 as Usdc;

/** Something in a command is not as it must be. */
class Refusal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function refuse(text: string): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- caught where commands are run, and told as data
  throw new Refusal(text);
}

function text(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === "string" ? value : refuse(`${name} must be text`);
}

function flag(fields: Fields, name: string): boolean {
  const value = own(fields, name);
  return typeof value === "boolean" ? value : refuse(`${name} must be true or false`);
}

function number(fields: Fields, name: string): number {
  const value = own(fields, name);
  return typeof value === "number" && Number.isFinite(value) ? value : refuse(`${name} must be a number`);
}

function decimal(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === "number" ? String(value) : text(fields, name);
}

function addressIn(fields: Fields, name: string): string {
  try {
    return getAddress(text(fields, name)).toLowerCase();
  } catch {
    return refuse(`${name} must be an address`);
  }
}

function marketIn(core: Core, fields: Fields): Market {
  return core.markets.get(text(fields, "market")) ?? refuse("market must be a condition id that is listed");
}

/** Some commands only make sense where a chain settles, others only where none does. */
function needsChain(core: Core, chain: boolean): void {
  if (core.settings.settlesOnChain !== chain)
    refuse(chain ? "the venue settles in memory: there is no chain" : "the chain decides: do it there");
}

function payouts(fields: Fields): readonly [Usdc, Usdc] {
  const outcome = own(fields, "outcome");
  if (outcome === 0) return [ONE, NONE];
  if (outcome === 1) return [NONE, ONE];
  if (outcome === "50-50") return [HALF, HALF];
  return refuse('outcome must be 0, 1 or "50-50"');
}

/** Commands by name: `POST /admin` with `{"do": "<name>", …}`. */
const COMMANDS: Readonly<Record<string, Command>> = {
  /** `{address, usd}`. Where a chain settles also `asset: "usdc.e"`, for dollars that are not wrapped yet. */
  fund(core, fields) {
    const asset = own(fields, "asset") ?? "pusd";
    if (asset !== "pusd" && (asset !== "usdc.e" || !core.settings.settlesOnChain))
      refuse('asset must be "pusd", or on a chain "usdc.e"');
    const [address, dollars] = [addressIn(fields, "address"), parseUsdc(decimal(fields, "usd"))];
    return { moved: core.settling.fund(address, dollars, asset === "usdc.e") };
  },
  /** `{address}`: approves on the chain all that trading needs, in the name of any address. */
  approve(core, fields) {
    needsChain(core, true);
    core.effect({ kind: "approve", address: addressIn(fields, "address") });
  },
  /** `{depth, resend?}`: the chain loses its latest blocks; matches in them are sent again, unless told not to. */
  reorg(core, fields) {
    needsChain(core, true);
    const depth = number(fields, "depth");
    if (!(Number.isSafeInteger(depth) && depth > 0 && depth <= 64)) refuse("depth must be 1 to 64");
    const resend = own(fields, "resend") === undefined || flag(fields, "resend");
    core.effect({ kind: "reorg", depth, resend });
  },
  /** `{owner, signatureType, wallet}`: the wallet is the key's proxy (1), Safe (2) or deposit wallet (3). */
  link(core, fields) {
    const type = number(fields, "signatureType");
    if (type !== 1 && type !== 2 && type !== 3) refuse("signatureType must be 1, 2 or 3");
    const [owner, wallet] = [addressIn(fields, "owner"), addressIn(fields, "wallet")];
    if (!core.accounts.link(owner, type, wallet))
      refuse("the wallet or the owner is linked otherwise already");
    core.settling.linked(owner, type, wallet);
  },
  /** `{address, spender, amount}`, in millionths as text. */
  allowance(core, fields) {
    needsChain(core, false);
    const amount = text(fields, "amount");
    if (!/^\d{1,78}$/.test(amount)) refuse("amount must be a whole number of millionths");
    const standing = core.accounts.standing(addressIn(fields, "address"));
    standing.allowances.set(addressIn(fields, "spender"), BigInt(amount));
  },
  /** `{address, banned?, closedOnly?}` */
  standing(core, fields) {
    const standing = core.accounts.standing(addressIn(fields, "address"));
    if (own(fields, "banned") !== undefined) standing.banned = flag(fields, "banned");
    if (own(fields, "closedOnly") !== undefined) standing.closedOnly = flag(fields, "closedOnly");
  },
  /** `{market, acceptingOrders?, secondsDelay?, tick?, startsAt?, feePpm?, rules?}` */
  market(core, fields, at) {
    const market = marketIn(core, fields);
    const seconds = own(fields, "secondsDelay") === undefined ? undefined : number(fields, "secondsDelay");
    if (seconds !== undefined && !(seconds >= 0 && seconds <= 3_600))
      refuse("secondsDelay must be 0 to 3600");
    const fee = own(fields, "feePpm") === undefined ? undefined : market.description.fee;
    const tick = own(fields, "tick") === undefined ? undefined : parsePrice(decimal(fields, "tick"));
    if (tick !== undefined && !TICKS.has(tick)) refuse("tick must be one of the venue's");
    const startsAt = own(fields, "startsAt") === undefined ? undefined : number(fields, "startsAt");
    if (startsAt !== undefined && !(Number.isSafeInteger(startsAt) && startsAt >= 0 && startsAt < 4e12))
      refuse("startsAt must be a Unix time in ms");
    core.life.change(
      market,
      {
        ...(own(fields, "acceptingOrders") === undefined
          ? {}
          : { acceptingOrders: flag(fields, "acceptingOrders") }),
        ...(seconds === undefined ? {} : { takerDelayMs: Math.round(seconds * 1_000) }),
        ...(tick === undefined ? {} : { tick }),
        ...(startsAt === undefined ? {} : { startsAt: startsAt as Millis }),
        ...(own(fields, "rules") === undefined ? {} : { rules: text(fields, "rules") }),
        ...(fee === undefined
          ? {}
          : { fee: feeSchedule(number(fields, "feePpm"), fee.exponent, fee.takerOnly) }),
      },
      at,
    );
  },
  /** `{market, price}`: what the makers hold the first outcome to be worth from now on, in dollars; they quote around it at once. */
  fair(core, fields, at) {
    const price = number(fields, "price");
    if (!(price >= 0 && price <= 1)) refuse("price must be 0 to 1");
    if (core.makers === undefined) refuse("there are no makers: the venue was started without liquidity");
    core.makers.told(marketIn(core, fields), price * PRICE_ONE, at);
  },
  /** `{market}`: Gamma shows a market that was not listed until now. */
  list(core, fields) {
    marketIn(core, fields).listed = true;
  },
  /** `{market, status}`: `proposed`, `disputed` or `requested`. */
  oracle(core, fields) {
    const status = text(fields, "status");
    if (status !== "proposed" && status !== "disputed" && status !== "requested")
      refuse("status must be proposed, disputed or requested");
    core.life.oracle(marketIn(core, fields), status);
  },
  /** `{market, outcome}`: 0, 1 or `"50-50"`. */
  resolve(core, fields, at) {
    core.life.resolve(marketIn(core, fields), payouts(fields), at);
  },
  /** `{gameId, status?, score?, period?, live?, ended?}` */
  sports(core, fields, at) {
    const change: Record<string, unknown> = {};
    for (const name of ["status", "score", "period"])
      if (own(fields, name) !== undefined) change[name] = text(fields, name);
    for (const name of ["live", "ended"])
      if (own(fields, name) !== undefined) change[name] = flag(fields, name);
    if (!core.channels.sports.change(number(fields, "gameId"), change, at)) refuse("no such game");
  },
  /** `{address, kind, market, shares}` or, for redeem, `{address, kind: "redeem", market, amounts: [a, b]}`. */
  chain(core, fields, at) {
    needsChain(core, false);
    const kind = text(fields, "kind");
    if (kind !== "merge" && kind !== "split" && kind !== "redeem")
      refuse("kind must be merge, split or redeem");
    const listed = own(fields, "amounts");
    const amounts = (
      Array.isArray(listed) ? (listed as unknown[]) : [decimal(fields, "shares"), decimal(fields, "shares")]
    ).map((each) => parseShares(String(each)));
    if (amounts.length !== 2) refuse("amounts must be two");
    const actionId = id<ChainAction["actionId"]>(
      own(fields, "actionId") === undefined ? `admin-${at}` : text(fields, "actionId"),
    );
    const { marketId } = marketIn(core, fields).description;
    const action: ChainAction = { actionId, kind, marketId, amounts: amounts as [Shares, Shares] };
    core.engine.chain(addressIn(fields, "address"), action, at);
    return { actionId };
  },
  /** `{actionId}`: what became of a chain action. */
  chainStatus(core, fields) {
    return { report: core.engine.chainReport(id(text(fields, "actionId"))) ?? null };
  },
  /** `{kind, count?, durationMs?, afterMs?, probability?, match?, params?}` */
  fault(core, fields, at) {
    const kind = own(fields, "kind");
    if (!isFaultKind(kind)) refuse("kind must name a fault");
    if (kind === "stale_balance") core.balances.freeze();
    return { fault: core.faults.arm({ ...fields, kind }, at) };
  },
  /** `{fault?}`: ends one, or all. */
  disarm(core, fields, at) {
    core.faults.disarm(own(fields, "fault") === undefined ? undefined : number(fields, "fault"), at);
  },
  faults(core, _, at) {
    return { faults: core.faults.reports(at) };
  },
  /** `{channel}`: cuts its sockets. */
  disconnect(core, fields) {
    const channel = text(fields, "channel");
    if (channel !== "market" && channel !== "user" && channel !== "sports")
      refuse("channel must be market, user or sports");
    core.channels[channel].closeAll(1006, "");
  },
  /** `{blocked, country?, region?}` */
  geoblock(core, fields) {
    const country = own(fields, "country") === undefined ? core.geoblock.country : text(fields, "country");
    const region = own(fields, "region") === undefined ? core.geoblock.region : text(fields, "region");
    core.geoblock = { blocked: flag(fields, "blocked"), ip: core.geoblock.ip, country, region };
  },
  /** `{address}`: an account's money and shares as the exchange has them. */
  account(core, fields) {
    const view = core.engine.exchange.view(addressIn(fields, "address"));
    return { collateral: view.balances().collateral, free: view.free(), positions: view.positions() };
  },
};

/** Runs an admin command; what is wrong with it is told, never thrown. */
export function runCommand(core: Core, value: unknown, at: Nanos): AdminAnswer {
  const fields = fieldsOf(value);
  const name = fields && own(fields, "do");
  const command = typeof name === "string" && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (fields === undefined || command === undefined)
    return { ok: false, error: `"do" must be one of ${Object.keys(COMMANDS).join(", ")}` };
  try {
    return { ok: true, ...command(core, fields, at) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.text };
    if (isMatchpointError(error)) return { ok: false, error: error.message };
    throw error;
  }
}
