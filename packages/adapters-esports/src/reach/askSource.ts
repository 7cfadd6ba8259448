import { isMatchpointError, MatchpointError, type MatchDescription, type Transport } from "@matchpoint/sdk";
import { redactedMessage } from "../common/redact.ts";
import { QUESTIONS, type Question } from "./questions.ts";

/** What came of a question: `unknown_match` and `limited` are answers of a source that is there and takes the key. */
export type SourceReach = "ok" | "unauthorized" | "unknown_match" | "limited" | "failed";

/** What a source said when it was asked, in words without secrets. */
export interface AskedSource {
  readonly reach: SourceReach;
  readonly found: string;
}

/** How a source is asked. */
export interface AskSourceOptions {
  readonly transport: Transport;
  /** The source's key; empty for one that takes none. Appears in no answer of ours. */
  readonly key: string;
  /** Its address: of its socket for `polymarket_sports`, of its HTTP interface otherwise; default its own. */
  readonly url?: string;
  /** A match with a reference of this source: then it is also seen whether the source knows it. */
  readonly match?: MatchDescription;
  /** Liquipedia's terms demand it. */
  readonly contact?: string;
  /** Default 5,000. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

const DENIED = /UNAUTH|PERMISSION|FORBIDDEN/i;
const NOT_FOUND = /NOT_FOUND/i;

/**
 * Asks a source one question, to see whether it is there and takes the key. Nothing of the answer is used. Never throws but `USAGE` for
 * a source that is not known.
 *
 * @example
 * ```ts
 * import { askSource, createWsTransport } from "@matchpoint/adapters-esports";
 *
 * async function isUsable(key: string, signal: AbortSignal): Promise<boolean> {
 *   const { reach } = await askSource("pandascore", { transport: createWsTransport(), key, signal });
 *   return reach === "ok";
 * }
 * ```
 */
export async function askSource(source: string, options: AskSourceOptions): Promise<AskedSource> {
  const question = Object.hasOwn(QUESTIONS, source) ? QUESTIONS[source] : undefined;
  if (question === undefined)
    throw new MatchpointError("USAGE", `no source is called ${source}`, {
      hint: `There are ${Object.keys(QUESTIONS).join(", ")}.`,
    });
  const { key, url, match, contact } = options;
  const ref = match?.refs?.[source]?.match;
  try {
    const asked = question({ url: url?.replace(/\/+$/, ""), key, ref, match, contact });
    return asked.kind === "socket" ? await opened(asked.url, options) : await answered(asked, options);
  } catch (error) {
    const denied = isMatchpointError(error) && error.code === "FEED_UNAUTHORIZED";
    const text = redactedMessage(error, key).split("\n")[0]!;
    return { reach: denied ? "unauthorized" : "failed", found: text };
  }
}

async function answered(
  asked: Extract<Question, { readonly kind: "http" }>,
  { transport, timeoutMs = 5_000, signal }: AskSourceOptions,
): Promise<AskedSource> {
  const { method, url, headers, body: text, ofMatch } = asked;
  const request = { method, url, headers, ...(text === undefined ? {} : { body: text }) };
  const { status, body } = await transport.request({ ...request, timeoutMs, signal });
  const found = `the answer is HTTP ${status}`;
  if (status === 401 || status === 403) return { reach: "unauthorized", found };
  if (status === 404 && ofMatch) return { reach: "unknown_match", found };
  if (status === 429) return { reach: "limited", found };
  if (status !== 200) return { reach: "failed", found };
  const problem = graphqlProblem(body);
  if (problem === undefined) return { reach: "ok", found };
  if (DENIED.test(problem)) return { reach: "unauthorized", found: `the answer is ${problem}` };
  if (NOT_FOUND.test(problem)) return { reach: "unknown_match", found: `the answer is ${problem}` };
  return { reach: "failed", found: `the answer is ${problem}` };
}

/** GraphQL refuses with status 200: the kind of its first error, if there is one. */
function graphqlProblem(body: Uint8Array): string | undefined {
  try {
    const { errors } = (JSON.parse(new TextDecoder().decode(body)) ?? {}) as { readonly errors?: unknown };
    if (!Array.isArray(errors) || errors.length === 0) return undefined;
    const { extensions } = (errors[0] ?? {}) as { readonly extensions?: { readonly errorType?: unknown } };
    const type = extensions?.errorType;
    return typeof type === "string" && /^\w{1,40}$/.test(type) ? type : "an error";
  } catch {
    return "no JSON";
  }
}

function opened(
  url: string,
  { transport, timeoutMs = 5_000, signal }: AskSourceOptions,
): Promise<AskedSource> {
  return new Promise((resolve) => {
    const late = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const end = (reach: SourceReach, found: string): void => {
      late.removeEventListener("abort", onLate);
      resolve({ reach, found });
      socket?.close(1000);
    };
    const onLate = (): void => {
      end("failed", `the socket did not open within ${timeoutMs} ms`);
    };
    let socket: ReturnType<Transport["connect"]> | undefined = undefined;
    late.addEventListener("abort", onLate, { once: true });
    socket = transport.connect(url, {
      open: () => {
        end("ok", "the socket opens");
      },
      frame: () => undefined,
      close: (code) => {
        end("failed", `the socket closed with code ${code}`);
      },
      error: (error) => {
        const denied = isMatchpointError(error) && error.code === "FEED_UNAUTHORIZED";
        end(denied ? "unauthorized" : "failed", redactedMessage(error).split("\n")[0]!);
      },
    });
  });
}
