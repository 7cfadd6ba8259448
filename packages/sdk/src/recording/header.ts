import { MatchpointError } from "../errors.ts";
import { checkMarket, checkMatch } from "../events/index.ts";
import type { RecordingHeader } from "./types.ts";

const VERSION = 1;

/**
 * Checks a header.
 * @throws {@link MatchpointError} `RECORDING_INVALID` with the path of the first fault
 */
export function checkHeader(value: unknown, where?: string): RecordingHeader {
  const problem = headerProblem(value);
  if (problem === undefined) return value as RecordingHeader;
  throw new MatchpointError("RECORDING_INVALID", problem, {
    ...(where === undefined ? {} : { where }),
    hint: 'A recording begins with {"matchpoint_recording":1,"created_by":…,"source":…,"started_at":…,"markets":[…],"matches":[…],"channels":{…}}.',
  });
}

function headerProblem(value: unknown): string | undefined {
  if (!isObject(value)) return "the header is no object";
  const version = value["matchpoint_recording"];
  if (version === undefined) return "the first line is no header: matchpoint_recording is missing";
  if (version !== VERSION) {
    return `the recording has version ${JSON.stringify(version)}; this program reads version ${VERSION}`;
  }
  if (typeof value["created_by"] !== "string") return "header.created_by is no text";
  if (typeof value["source"] !== "string") return "header.source is no text";
  const started = value["started_at"];
  if (!Number.isFinite(typeof started === "string" ? Date.parse(started) : started)) {
    return "header.started_at is neither Unix milliseconds nor an ISO 8601 time";
  }
  const { markets, matches, channels } = value;
  if (!Array.isArray(markets)) return "header.markets is no list";
  if (!Array.isArray(matches)) return "header.matches is no list";
  for (const [i, market] of markets.entries()) {
    const problem = checkMarket(market, `header.markets[${i}]`);
    if (problem !== undefined) return problem;
  }
  for (const [i, match] of matches.entries()) {
    const problem = checkMatch(match, `header.matches[${i}]`);
    if (problem !== undefined) return problem;
  }
  if (!isObject(channels)) return "header.channels is no object";
  for (const [name, channel] of Object.entries(channels)) {
    if (!isChannelName(name))
      return `channel name ${JSON.stringify(name)} is not made of letters, digits, . _ : / and -`;
    if (!isObject(channel) || typeof channel["decoder"] !== "string" || channel["decoder"] === "") {
      return `header.channels.${name}.decoder is no text`;
    }
  }
  return undefined;
}

/** Channel names need no escaping, so that lines can be read by their bytes. */
export function isChannelName(name: string): boolean {
  return /^[\w.:/-]{1,100}$/.test(name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
