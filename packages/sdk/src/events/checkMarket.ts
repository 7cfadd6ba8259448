import { bool, int, name, object, oneOf, optional, pair, str, variants, type Check } from "./checks.ts";
import { amount, game, millis, team, type Of } from "./checkFields.ts";
import type { MarketDescription, MarketSubject } from "./market.ts";
import type { MarketTerms } from "./terms.ts";

const subject = variants("kind", {
  series: object<Of<MarketSubject, "series">>({ kind: name, matchId: name, teamOf: pair(team) }),
  game: object<Of<MarketSubject, "game">>({ kind: name, matchId: name, game, teamOf: pair(team) }),
} satisfies Record<MarketSubject["kind"], Check>);

const fee = object<NonNullable<MarketDescription["fee"]>>({
  ratePpm: int(0, 1_000_000),
  exponent: int(0, 4),
  takerOnly: bool,
});

/** Checks a market's description. */
export const checkMarket: Check = object<MarketDescription>({
  marketId: name,
  title: str,
  outcomes: pair(object<MarketDescription["outcomes"][0]>({ tokenId: name, name: str })),
  subject: optional(subject),
  related: optional(name),
  unproven: optional(str),
  tick: int(1, 10_000),
  minSize: amount,
  fee: optional(fee),
  makerRebatePpm: optional(int(0, 1_000_000)),
  takerDelayMs: int(0),
  mirrored: bool,
  negRisk: bool,
  acceptingOrders: bool,
  startsAt: optional(millis),
  clearBookOnStart: bool,
  rules: optional(str),
  disputed: optional(bool),
  version: optional(oneOf(2, 3)),
});

/** Checks what changed of a market's terms. */
export const checkTerms: Check = object<MarketTerms>({
  tick: optional(int(1, 10_000)),
  minSize: optional(amount),
  fee: optional(fee),
  takerDelayMs: optional(int(0)),
  negRisk: optional(bool),
  acceptingOrders: optional(bool),
  startsAt: optional(millis),
  clearBookOnStart: optional(bool),
  rules: optional(str),
  disputed: optional(bool),
  version: optional(oneOf(2, 3)),
});
