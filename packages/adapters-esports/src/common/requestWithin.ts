import { MatchpointError, type Clock, type HttpResponse, type Transport } from "@matchpoint/sdk";
import { redact } from "./redact.ts";

/** A request whose patience is measured by the given clock, so that it ends in time under any clock. */
export interface TimedRequest {
  /** Default `GET`. */
  readonly method?: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * Gets an answer within `ms` of the clock, or gives up.
 *
 * @throws `MatchpointError` `HTTP_FAILED` when no answer comes, and whatever the transport throws
 */
export async function requestWithin(
  transport: Transport,
  clock: Clock,
  ms: number,
  request: TimedRequest,
): Promise<HttpResponse> {
  const late = new AbortController();
  const cancel = clock.after(ms, () => late.abort());
  const signal = AbortSignal.any([request.signal, late.signal]);
  try {
    return await transport.request({ method: "GET", ...request, timeoutMs: ms, signal });
  } catch (error) {
    if (!late.signal.aborted || request.signal.aborted) throw error;
    throw new MatchpointError("HTTP_FAILED", `no answer within ${ms} ms`, { where: redact(request.url) });
  } finally {
    cancel();
  }
}
