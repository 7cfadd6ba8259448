import { z } from "zod";
import { isSafeAddress, MOST_URL } from "./address.ts";

/** How much an alert matters. */
export type AlertSeverity = "info" | "warning" | "critical";

/** A kind of thing that people are told of. */
export interface AlertKindRow {
  readonly severity: AlertSeverity;
  readonly what: string;
  /** Told only when it lasts for so long; absent: it happens, and does not last. */
  readonly afterS?: number;
  /** The same of the same subject is not told again sooner. */
  readonly everyS: number;
}

const happens = (severity: AlertSeverity, everyS: number, what: string): AlertKindRow => ({
  severity,
  what,
  everyS,
});
const lasts = (severity: AlertSeverity, afterS: number, everyS: number, what: string): AlertKindRow => ({
  severity,
  what,
  afterS,
  everyS,
});

/** Every kind of alert, with its defaults. */
export const ALERT_KINDS = {
  started: happens("info", 0, "A run has started."),
  ended: happens("warning", 0, "A run has ended, in good order or not."),
  kill: happens("critical", 0, "The account was killed, by an operator or by the bot itself."),
  entries_stopped: happens("critical", 60, "Somebody or something stopped all entries."),
  halted_market: lasts("warning", 5, 300, "A market is halted."),
  strategy_halted: happens("critical", 60, "A strategy ran away and is halted."),
  feed_stale: lasts("warning", 15, 300, "What a source or the books bring cannot be relied on."),
  venue_down: lasts("warning", 10, 300, "The venue takes no orders, or not all."),
  own_channel_lost: lasts(
    "warning",
    3,
    300,
    "Our own orders and trades are not heard of at once, or were not a moment ago: entries wait.",
  ),
  own_channel_down: lasts(
    "critical",
    28,
    300,
    "Our own orders and trades are not heard of at once for long.",
  ),
  balance_refused: happens(
    "critical",
    300,
    "The venue refuses orders for a balance that the books have: entries of the whole wallet wait.",
  ),
  order_unknown: lasts("critical", 5, 60, "Nobody knows what became of an order."),
  one_leg_fill: lasts("critical", 10, 60, "A pair has one leg filled and the other not."),
  fill_voided: happens(
    "warning",
    60,
    "A trade that was matched has failed: its shares and cash are as before it.",
  ),
  settlement_late: happens("warning", 300, "A trade is neither confirmed nor failed for long."),
  chain_silent: lasts(
    "warning",
    0,
    300,
    "The chain cannot be compared with: its nodes do not answer, or differ.",
  ),
  chain_not_final: lasts("critical", 0, 300, "No block of the chain was final for more than a minute."),
  drawdown: happens(
    "critical",
    0,
    "The account fell by another step below its highest value, or by what a day may lose.",
  ),
  settlement_mismatch: happens(
    "critical",
    60,
    "A market was paid otherwise than the match ended, or its payout is late, unclear or was taken back.",
  ),
  reconcile_mismatch: happens("critical", 60, "Our books and the venue's or the chain's do not agree."),
  allowance_short: happens("critical", 60, "The venue's contracts may not take what the orders need."),
  stalled: happens("warning", 300, "The process did nothing for longer than it may."),
} as const satisfies Readonly<Record<string, AlertKindRow>>;

/** A kind of alert. */
export type AlertKind = keyof typeof ALERT_KINDS;

/** Where alerts can go. */
export const ALERT_CHANNELS = ["telegram", "discord", "webhook"] as const;

/** Where an alert goes. */
export type AlertChannel = (typeof ALERT_CHANNELS)[number];

const seconds = z.number().min(0).max(86_400);

const TO = z.array(z.enum(ALERT_CHANNELS)).exactOptional();
const LASTING = z.strictObject({
  to: TO,
  after_s: seconds.exactOptional(),
  every_s: seconds.exactOptional(),
});
const HAPPENING = z.strictObject({ to: TO, every_s: seconds.exactOptional() });

/** Keys of one kind; the first of them says in the table of keys what the kind is. */
function kindConfig({ what, afterS, everyS }: AlertKindRow): z.ZodExactOptional<typeof LASTING> {
  const shape = {
    to: TO.describe(`${what} Where that is told; \`[]\`: nowhere. Absent: everywhere.`),
    every_s: seconds
      .exactOptional()
      .describe(`The same of the same subject is not told again sooner. Absent: ${everyS}.`),
  };
  const kind =
    afterS === undefined
      ? HAPPENING.extend(shape)
      : LASTING.extend({
          ...shape,
          after_s: seconds
            .exactOptional()
            .describe(`Told only when it lasts for so long. Absent: ${afterS}.`),
        });
  return (kind as typeof LASTING).exactOptional();
}

/** Who is told of what, and how. Tokens are secrets: `telegram_token`, `discord_webhook_url`, `alert_webhook_url`. */
export const ALERTS_CONFIG = z
  .strictObject({
    telegram: z
      .strictObject({
        chat_id: z
          .string()
          .regex(/^(?:-?\d{1,20}|@\w{1,64})$/, "must be a chat's number, or @ and a channel's name")
          .describe("Which chat the bot of `secrets.telegram_token` writes to."),
        url: z
          .string()
          .refine(isSafeAddress, { error: `must be an address: ${MOST_URL}` })
          .default("https://api.telegram.org")
          .describe("Telegram's address."),
      })
      .exactOptional(),
    discord: z
      .strictObject({
        username: z
          .string()
          .min(1)
          .max(80)
          .default("Matchpoint")
          .describe("Who it comes from; the address is `secrets.discord_webhook_url`."),
      })
      .exactOptional(),
    webhook: z
      .strictObject({
        name: z
          .string()
          .min(1)
          .max(80)
          .default("matchpoint")
          .describe("Told with each alert; the address is `secrets.alert_webhook_url`."),
      })
      .exactOptional(),
    kinds: z
      .strictObject(
        Object.fromEntries(
          Object.entries<AlertKindRow>(ALERT_KINDS).map(([kind, row]) => [kind, kindConfig(row)]),
        ) as Record<AlertKind, ReturnType<typeof kindConfig>>,
      )
      .prefault({}),
    drawdown_step: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.05)
      .describe("A step of `drawdown`, as a part of the account's highest value."),
    per_minute: z
      .int()
      .min(1)
      .max(600)
      .default(20)
      .describe("Messages to one place in a minute; alerts that wait are told together."),
    timeout_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(10_000)
      .describe("How long a place may take to answer one message."),
  })
  .superRefine(({ kinds, ...channels }, ctx) => {
    for (const [kind, given] of Object.entries(kinds)) {
      (given.to ?? []).forEach((channel, i) => {
        if (channels[channel] !== undefined) return;
        const message = `there is no alerts.${channel}: add it, if only as \`${channel}: {}\``;
        ctx.addIssue({ code: "custom", path: ["kinds", kind, "to", i], message });
      });
    }
  })
  .prefault({});

/** The section of alerts with every default filled in. */
export type AlertsConfig = z.output<typeof ALERTS_CONFIG>;
