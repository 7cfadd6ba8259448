/**
 * One root error for everything that this project throws, with a registry of stable codes.
 * @module
 */

/** What a code means and whether trying the same again can help. Codes are never reused for another meaning. */
export interface ErrorCodeInfo {
  readonly retryable: boolean;
  readonly summary: string;
}

/**
 * Every error code with its meaning; `docs/reference/errors.md` has one heading for each and a test compares both.
 * Codes of risk denials are data, not errors: see `DENIAL_CODES`.
 */
export const ERROR_CODES = {
  UNIT_INVALID: { retryable: false, summary: "A number is not of the unit's grammar or out of its range." },
  UNIT_OVERFLOW: { retryable: false, summary: "A result is beyond what the unit can hold exactly." },
  EVENT_INVALID: { retryable: false, summary: "An event does not have the shape that its type demands." },
  FRAME_INVALID: { retryable: false, summary: "A feed's frame could not be decoded and was quarantined." },
  TRANSITION_ILLEGAL: {
    retryable: false,
    summary: "A state machine met an event that its table does not allow.",
  },
  LEDGER_UNBALANCED: { retryable: false, summary: "A ledger posting does not add up to zero." },
  MARKET_UNKNOWN: { retryable: false, summary: "An event or a call names a market that was never listed." },
  MATCH_UNKNOWN: { retryable: false, summary: "An event or a call names a match that was never listed." },
  ORDER_UNKNOWN: {
    retryable: false,
    summary: "A report or a call names an order that this run did not make.",
  },
  STRATEGY_INVALID: {
    retryable: false,
    summary: "A strategy class lacks what the contract demands, or its parameters are refused.",
  },
  STRATEGY_FAULT: { retryable: false, summary: "A strategy's hook threw; its market was halted." },
  STRATEGY_NOT_FOUND: { retryable: false, summary: "No strategy of that name or file could be loaded." },
  CONFIG_INVALID: {
    retryable: false,
    summary: "The configuration has an unknown key, a bad value or broken YAML.",
  },
  CONFIG_LIVE_REFUSED: {
    retryable: false,
    summary: "Live mode was asked for in only one of the two places.",
  },
  CLOCK_SKEWED: {
    retryable: true,
    summary: "The machine's clock is further off than live trading allows, or could not be compared.",
  },
  CAPABILITY_UNSUPPORTED: {
    retryable: false,
    summary: "The execution adapter does not support what the order asks for.",
  },
  JOURNAL_CORRUPT: { retryable: false, summary: "A journal line's checksum or chain is broken." },
  JOURNAL_SCHEMA_NEWER: { retryable: false, summary: "The journal was written by a newer version." },
  JOURNAL_DIVERGED: {
    retryable: false,
    summary: "Replaying a journal did not lead to the recorded effects.",
  },
  JOURNAL_WRITE_FAILED: {
    retryable: false,
    summary: "The journal could not be written; nothing more may be traded.",
  },
  RECORDING_INVALID: { retryable: false, summary: "A recording's header or line is not of the format." },
  MAPPING_INVALID: { retryable: false, summary: "An import's mapping file lacks or contradicts something." },
  FILE_NOT_FOUND: {
    retryable: false,
    summary: "A file named on the command line or in the configuration is not there.",
  },
  USAGE: { retryable: false, summary: "The command line is not understood." },
  FEED_CONNECTION: { retryable: true, summary: "A feed's connection failed or was refused." },
  FEED_UNAUTHORIZED: { retryable: false, summary: "A feed refused the credentials." },
  HTTP_FAILED: { retryable: true, summary: "An HTTP request failed or timed out." },
  HTTP_RESPONSE_INVALID: { retryable: false, summary: "A server's answer is not of the documented shape." },
  ABORTED: { retryable: false, summary: "The caller's AbortSignal ended the operation." },
  ORDER_INVALID: { retryable: false, summary: "An order breaks the venue's rules of price, size or form." },
  SIGNING_REFUSED: {
    retryable: false,
    summary: "The signing policy does not allow this payload, or the signer's answer is not its own.",
  },
  CREDENTIALS_INVALID: { retryable: false, summary: "A key or an API secret is not of the right form." },
  SECRET_MISSING: { retryable: false, summary: "There is no secret of that name where it is looked for." },
  SECRET_UNSAFE: {
    retryable: false,
    summary: "A secret lies where others can read it, or where it would be copied with the code.",
  },
  SECRET_DENIED: { retryable: false, summary: "A secret manager does not give this process the secret." },
  SECRET_UNAVAILABLE: { retryable: true, summary: "A secret manager does not answer, or not now." },
  CHAIN_UNREACHABLE: { retryable: true, summary: "Too few nodes of the chain answer." },
  CHAIN_WRONG: { retryable: false, summary: "A node serves another chain than the one that was asked for." },
  CHAIN_DISPUTED: { retryable: true, summary: "The chain's nodes contradict each other." },
  INVARIANT: { retryable: false, summary: "An internal promise does not hold: a bug in this project." },
  ACCOUNT_UNEXPLAINED: {
    retryable: false,
    summary: "The account holds something that the journal of its last run does not explain.",
  },
  RECOVERY_FAILED: {
    retryable: true,
    summary: "An earlier run's account could not be brought to where the venue has it.",
  },
} as const satisfies Record<string, ErrorCodeInfo>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

const DOCS = "https://github.com/matchpoint-sdk/matchpoint/blob/main/docs/reference/errors.md";
const BRAND = Symbol.for("@matchpoint/error");

/** What an error carries beside its message. Never put a secret into any of these. */
export interface MatchpointErrorOptions {
  /** Where it happened: a file with line and column, a feed, a journal line. */
  readonly where?: string;
  /** What the reader should do about it. */
  readonly hint?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Plain values for logs and tests. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * The root of all errors thrown here.
 *
 * @example
 * ```ts
 * import { isMatchpointError, parsePrice } from "@matchpoint/sdk";
 * try {
 *   parsePrice("1.5");
 * } catch (error) {
 *   if (isMatchpointError(error)) console.log(error.code, error.retryable, error.docsUrl);
 * }
 * ```
 */
export class MatchpointError extends Error {
  override readonly name = "MatchpointError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly docsUrl: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: MatchpointErrorOptions = {}) {
    const where = options.where === undefined ? "" : `${options.where}: `;
    const hint = options.hint === undefined ? "" : `\n  ${options.hint}`;
    super(`${where}${message}${hint}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = ERROR_CODES[code].retryable;
    this.docsUrl = `${DOCS}#${code.toLowerCase()}`;
    this.where = options.where;
    this.hint = options.hint;
    this.context = options.context ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Tells whether a value is a {@link MatchpointError}, also one made by another copy of this package. */
export function isMatchpointError(value: unknown): value is MatchpointError {
  return typeof value === "object" && value !== null && BRAND in value;
}
