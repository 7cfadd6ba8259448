import { formatUsdc, MatchpointError, parseUsdc, type Price, type Usdc } from "@matchpoint/sdk";

/** Most dollars that `--usd` may say, and what it is when it is left out. */
export const MAX_USDC = 20_000_000 as Usdc;
export const DEFAULT_USDC = 5_000_000 as Usdc;

/** No order of a smoke test has a higher price: where nobody who looks at the market sells. */
export const MAX_PRICE = 500 as Price;
/** So much above our price the best ask and the best bid are when a market is suited. */
export const FAR = 1_000 as Price;
/** A market whose orders the venue clears within so long is not suited. */
export const CLEAR_SOON_MS = 600_000;

/** How long things are waited for, in ms. Tests on a local venue make some of them shorter. */
export interface SmokeWaits {
  /** When after its cancel an order is read again. */
  readonly readAfterMs: readonly number[];
  /** For an event of the user channel. */
  readonly eventMs: number;
  /** For an order that is to be gone. */
  readonly goneMs: number;
  /** From one heartbeat to the next. */
  readonly beatMs: number;
  /** After the last heartbeat, until an order that still rests is one that the venue did not cancel. */
  readonly silenceMs: number;
  /** From one look to the next. */
  readonly lookMs: number;
}

const WAITS: SmokeWaits = {
  readAfterMs: [2_000, 10_000, 30_000],
  eventMs: 5_000,
  goneMs: 10_000,
  beatMs: 5_000,
  silenceMs: 25_000,
  lookMs: 1_000,
};

/** The waits, with some of them given otherwise as JSON. @throws MatchpointError `USAGE` */
export function readWaits(json: string | undefined): SmokeWaits {
  if (json === undefined) return WAITS;
  try {
    return { ...WAITS, ...(JSON.parse(json) as Partial<SmokeWaits>) };
  } catch (cause) {
    throw new MatchpointError("USAGE", "--waits is no JSON", { cause });
  }
}

/** How many dollars may be at stake. @throws MatchpointError `USAGE` */
export function readUsdc(text: string | undefined): Usdc {
  if (text === undefined) return DEFAULT_USDC;
  let usdc: Usdc | undefined;
  try {
    usdc = parseUsdc(text);
  } catch {
    // Said below.
  }
  if (usdc === undefined || usdc <= 0 || usdc > MAX_USDC)
    throw new MatchpointError("USAGE", `--usd ${text} cannot be`, {
      hint: `It is how many dollars may be at stake in all: more than 0 and at most ${formatUsdc(MAX_USDC)}.`,
    });
  return usdc;
}
