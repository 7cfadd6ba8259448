import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { NTP_SERVERS, type Clock, type OffsetMeasurement } from "../../clock/index.ts";
import { MatchpointError } from "../../errors.ts";
import { NANOS_PER_MS } from "../../units/index.ts";
import { readSntp, sntpRequest } from "./packet.ts";

/** What {@link measureNtpOffset} needs. */
export interface NtpOptions {
  readonly clock: Clock;
  /** `host`, `host:port` or `[ipv6]:port`; default {@link NTP_SERVERS}. */
  readonly servers?: readonly string[];
  /** How long each server is waited for. Default 2,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Sample {
  readonly offsetMs: number;
  readonly errorMs: number;
}

const NTP_PORT = 123;
/** A server whose answer may be off by more says nothing. */
const MAX_ERROR_MS = 5_000;

/**
 * Measures how far true time is ahead of our wall clock: asks several NTP servers once each over UDP (SNTP, RFC 4330) and
 * takes the median of their offsets, so that a wrong minority does not count. The way there and back is measured with the
 * monotonic clock; half of it, and what the server says of its own error, bound the error of each answer.
 *
 * @returns the measurement; with `answers: 0` when nobody answered (then `offsetMs` is 0 and `errorMs` infinite)
 * @throws `MatchpointError` `USAGE` for a server that is no address, `ABORTED`
 */
export async function measureNtpOffset(options: NtpOptions): Promise<OffsetMeasurement> {
  const servers = (options.servers ?? NTP_SERVERS).map(addressOf);
  const timeoutMs = options.timeoutMs ?? 2_000;
  const results = await Promise.all(
    servers.map((server) => ask(server, options.clock, timeoutMs, options.signal)),
  );
  if (options.signal?.aborted === true) throw new MatchpointError("ABORTED", "the clock was not measured");
  const samples = results.filter((result) => typeof result !== "string");
  const problems = results.filter((result) => typeof result === "string");
  return { ...pooled(samples), answers: samples.length, asked: servers.length, problems };
}

/** The median offset, and an error that covers the answers around it. */
function pooled(samples: readonly Sample[]): { readonly offsetMs: number; readonly errorMs: number } {
  if (samples.length === 0) return { offsetMs: 0, errorMs: Infinity };
  const sorted = [...samples].sort((a, b) => a.offsetMs - b.offsetMs);
  const upper = sorted[sorted.length >> 1]!;
  const lower = sorted[(sorted.length - 1) >> 1]!;
  const offset = (upper.offsetMs + lower.offsetMs) / 2;
  const own = Math.max(upper.errorMs, lower.errorMs);
  const spread = (upper.offsetMs - lower.offsetMs) / 2;
  return { offsetMs: Math.round(offset) || 0, errorMs: Math.ceil(own + spread) };
}

interface Address {
  readonly text: string;
  readonly host: string;
  readonly port: number;
}

function addressOf(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? (isIP(text) === 6 ? text : undefined);
  const number = port === undefined ? NTP_PORT : Number(port);
  if (host === undefined || number < 1 || number > 65_535) {
    throw new MatchpointError("USAGE", `${JSON.stringify(text)} is no NTP server`, {
      hint: "Write host, host:port or [ipv6]:port.",
    });
  }
  return { text, host, port: number };
}

/** One question to one server; text says why there is no answer. */
function ask(
  { text, host, port }: Address,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Sample | string> {
  return new Promise((resolve) => {
    const cookie = randomBytes(8);
    const socket = createSocket(isIP(host) === 6 ? "udp6" : "udp4");
    let ended = false;
    let stray: string | undefined;
    const end = (result: Sample | string): void => {
      if (ended) return;
      ended = true;
      cancel();
      signal?.removeEventListener("abort", onAbort);
      socket.close();
      resolve(typeof result === "string" ? `${text}: ${result}` : result);
    };
    const onAbort = (): void => {
      end("no longer waited for");
    };
    const cancel = clock.after(timeoutMs, () => {
      end(stray ?? `no answer within ${timeoutMs} ms`);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    let sentWall = 0;
    let sentAt = 0;
    socket.on("error", (error) => {
      end(error.message);
    });
    socket.on("message", (packet) => {
      const tookMs = (clock.monotonic() - sentAt) / NANOS_PER_MS;
      const answer = readSntp(packet, cookie, sentWall);
      if (!answer.ok) {
        stray = answer.problem; // may be somebody else's packet: the true answer may still come
        return;
      }
      const { receivedMs, sentMs, rootErrorMs } = answer;
      const wayMs = Math.max(0, tookMs - (sentMs - receivedMs));
      const offsetMs = (receivedMs - sentWall + (sentMs - (sentWall + tookMs))) / 2;
      const errorMs = wayMs / 2 + rootErrorMs;
      end(errorMs > MAX_ERROR_MS ? `may be off by ${Math.round(errorMs)} ms` : { offsetMs, errorMs });
    });
    sentWall = clock.wall();
    sentAt = clock.monotonic();
    socket.send(sntpRequest(cookie), port, host, (error) => {
      if (error !== null) end(error.message);
    });
    if (signal?.aborted === true) onAbort();
  });
}
