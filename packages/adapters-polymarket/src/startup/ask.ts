import { isMatchpointError, type Clock, type Transport } from "@matchpoint/sdk";
import { createL2Auth, type ApiCredentials } from "../auth/l2.ts";
import { ClobHttp, VenueClock } from "../execution/clobHttp.ts";
import { Redactor } from "../execution/redact.ts";
import { readParties, type OrderParties } from "../order/order.ts";

export const CLOB_URL = "https://clob.polymarket.com";

/** How the CLOB is asked. */
export interface AskOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly credentials?: ApiCredentials;
  readonly parties: OrderParties;
  readonly clobUrl?: string;
  readonly timeoutMs?: number;
}

/** Why there is no answer, in words, and whether the venue was there to give one. */
export interface Unanswered {
  readonly problem: string;
  readonly reached: boolean;
}

/** For questions that carry no credentials. */
const NOBODY: ApiCredentials = { key: "none", secret: "AAAA", passphrase: "none" };

/** An answer of the CLOB, or why there is none. Never throws. */
export async function ask(
  options: AskOptions,
  path: string,
  query: Readonly<Record<string, string>> = {},
  signed = false,
): Promise<{ readonly value: object } | Unanswered> {
  const { transport, clock, credentials, clobUrl = CLOB_URL, timeoutMs = 5_000 } = options;
  try {
    const redactor = new Redactor(
      credentials === undefined ? [] : [credentials.secret, credentials.passphrase],
    );
    const http = new ClobHttp({
      transport,
      clock,
      time: new VenueClock(clock),
      auth: createL2Auth(readParties(options.parties).wallet, credentials ?? NOBODY),
      url: clobUrl,
      redactor,
    });
    const value = await http.json(path, timeoutMs, query, !signed);
    return typeof value === "object" && value !== null
      ? { value }
      : { problem: "an answer that is no object", reached: true };
  } catch (error) {
    return { problem: lineOf(error), reached: isAnswered(error) };
  }
}

/** What to do about a CLOB that does not answer. */
export function reach({ clobUrl = CLOB_URL }: Pick<AskOptions, "clobUrl">): string {
  return `${clobUrl} has to answer: see that this machine reaches it, then start again.`;
}

/** Whether an error is about what the venue said, not about its silence. */
export function isAnswered(error: unknown): boolean {
  return isMatchpointError(error) && error.code !== "HTTP_FAILED";
}

/** An error's first line, which begins with where it happened. */
export function lineOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
