import {
  MatchpointError,
  SECRETS,
  type AlertChannel,
  type AlertsConfig,
  type BotConfig,
  type Secret,
  type SecretKey,
} from "@matchpoint/sdk";
import { messageOf, type Alert } from "./alert.ts";
import { post, type Outcome } from "./post.ts";
import type { Secrets } from "../secrets/index.ts";

/** Whose alerts they are. */
export interface Sender {
  readonly runId: string;
  readonly mode: string;
}

/** Alerts that wait for one message. */
export interface Batch {
  readonly alerts: readonly Alert[];
  /** How many were dropped before them, never to be told. */
  readonly dropped: number;
}

/** A place that alerts go to. */
export interface Channel {
  readonly name: AlertChannel;
  /** Sends one message and says how many of the alerts were in it. Never throws. */
  send(
    batch: Batch,
    from: Sender,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: Outcome; readonly held: number }>;
}

/** What Telegram and Discord take of one message (core.telegram.org/bots/api#sendmessage; discord.com/developers/docs/resources/webhook). */
const TELEGRAM_CHARS = 4_096;
const DISCORD_CHARS = 2_000;
const WEBHOOK_CHARS = 16_000;
/** `flags` of a Discord message: links in it are not looked up. */
const SUPPRESS_EMBEDS = 4;

function head({ runId, mode }: Sender, dropped: number): string {
  const lost = dropped === 0 ? "" : ` (${dropped} alerts before these were dropped)`;
  return `${mode.toUpperCase()} ${runId}${lost}`;
}

/** A chat that a Telegram bot writes to. Plain text: nothing in it is markup. */
export function telegram(
  { chat_id, url }: NonNullable<AlertsConfig["telegram"]>,
  token: Secret,
  timeoutMs: number,
): Channel {
  return {
    name: "telegram",
    async send({ alerts, dropped }, from, signal) {
      const { text, held } = messageOf(head(from, dropped), alerts, TELEGRAM_CHARS);
      const outcome = await post({
        url: `${url.replace(/\/+$/, "")}/bot${token.reveal()}/sendMessage`,
        body: { chat_id, text, link_preview_options: { is_disabled: true } },
        timeoutMs,
        signal,
        waitOf: ({ parameters }) =>
          milliseconds((parameters as Record<string, unknown> | undefined)?.["retry_after"]),
      });
      return { outcome, held };
    },
  };
}

/** A Discord webhook. Nobody is mentioned and no link is looked up, whatever the text says. */
export function discord(
  { username }: NonNullable<AlertsConfig["discord"]>,
  address: Secret,
  timeoutMs: number,
): Channel {
  return {
    name: "discord",
    async send({ alerts, dropped }, from, signal) {
      const { text, held } = messageOf(head(from, dropped), alerts, DISCORD_CHARS, escaped);
      const outcome = await post({
        url: address.reveal(),
        body: { username, content: text, allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS },
        timeoutMs,
        signal,
        waitOf: (answer) => milliseconds(answer["retry_after"]),
      });
      return { outcome, held };
    },
  };
}

/** Any HTTP server: the alerts as JSON, with the same as text. */
export function webhook(
  { name }: NonNullable<AlertsConfig["webhook"]>,
  address: Secret,
  token: Secret | undefined,
  timeoutMs: number,
): Channel {
  return {
    name: "webhook",
    async send({ alerts, dropped }, from, signal) {
      const { text, held } = messageOf(head(from, dropped), alerts, WEBHOOK_CHARS);
      const outcome = await post({
        url: address.reveal(),
        headers: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
        body: {
          name,
          run_id: from.runId,
          mode: from.mode,
          text,
          dropped,
          alerts: alerts.slice(0, held).map(({ marketId, matchId, orderId, intentId, kept, ...alert }) => ({
            ...alert,
            kept_back: kept,
            ...(marketId === undefined ? {} : { market_id: marketId }),
            ...(matchId === undefined ? {} : { match_id: matchId }),
            ...(orderId === undefined ? {} : { order_id: orderId }),
            ...(intentId === undefined ? {} : { intent_id: intentId }),
          })),
        },
        timeoutMs,
        signal,
      });
      return { outcome, held };
    },
  };
}

/** Discord and Telegram tell seconds, with a fraction. */
function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0
    ? seconds * 1_000
    : undefined;
}

/** Markdown's own characters as they are: titles of markets come from outside. */
function escaped(text: string): string {
  return text.replace(/[\\*_~`|>[\]()#]/g, "\\$&");
}

/**
 * The places of a configuration, with their secrets.
 * @throws MatchpointError `SECRET_MISSING`, `CREDENTIALS_INVALID`, and what `Secrets.find` throws
 */
export async function channelsOf({ alerts }: BotConfig, secrets: Secrets): Promise<readonly Channel[]> {
  const found: Channel[] = [];
  const { timeout_ms: timeoutMs } = alerts;
  if (alerts.telegram !== undefined) {
    const token = await need(secrets, "telegram_token", "telegram");
    if (!/^\d{1,20}:[\w-]{1,200}$/.test(token.reveal()))
      throw invalid("telegram_token is no token of a Telegram bot", "It is a number, a colon and letters.");
    found.push(telegram(alerts.telegram, token, timeoutMs));
  }
  if (alerts.discord !== undefined)
    found.push(
      discord(alerts.discord, await addressOf(secrets, "discord_webhook_url", "discord"), timeoutMs),
    );
  if (alerts.webhook !== undefined) {
    const token = await secrets.find("alert_webhook_token");
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token.reveal()))
      throw invalid(
        "alert_webhook_token has a space or a control character in it",
        "Was more than it copied?",
      );
    found.push(
      webhook(alerts.webhook, await addressOf(secrets, "alert_webhook_url", "webhook"), token, timeoutMs),
    );
  }
  return found;
}

async function need(secrets: Secrets, key: SecretKey, channel: AlertChannel): Promise<Secret> {
  const found = await secrets.find(key);
  if (found !== undefined) return found;
  throw new MatchpointError("SECRET_MISSING", `alerts.${channel} needs ${key}`, {
    hint: `Set the environment variable ${SECRETS[key].variable} or secrets.${key}, or leave alerts.${channel} out.`,
  });
}

async function addressOf(secrets: Secrets, key: SecretKey, channel: AlertChannel): Promise<Secret> {
  const found = await need(secrets, key, channel);
  const text = found.reveal();
  if (URL.canParse(text) && /^\S+$/.test(text)) {
    const { protocol, hostname } = new URL(text);
    const here = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
    if (protocol === "https:" || (protocol === "http:" && here)) return found;
  }
  throw invalid(
    `${key} is no address`,
    "It begins with https://, or with http:// when it is on this machine.",
  );
}

function invalid(message: string, hint: string): MatchpointError {
  return new MatchpointError("CREDENTIALS_INVALID", message, { hint });
}
