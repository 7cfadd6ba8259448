import { MatchpointError, type Clock, type HttpResponse, type Transport } from "@matchpoint/sdk";

type Request = Parameters<Transport["request"]>[0];

/**
 * Asks, and gives up when the given clock has run on for so long: the transport's own limit counts real time, which is
 * another one where time runs faster.
 *
 * @throws `HTTP_FAILED` when there is no answer in time, and whatever the transport throws
 */
export async function requestWithin(
  transport: Transport,
  clock: Clock,
  request: Request & { readonly signal: AbortSignal },
  ms: number,
): Promise<HttpResponse> {
  const late = new AbortController();
  const cancel = clock.after(ms, () => {
    late.abort();
  });
  try {
    return await transport.request({ ...request, signal: AbortSignal.any([request.signal, late.signal]) });
  } catch (error) {
    if (late.signal.aborted && !request.signal.aborted) {
      throw new MatchpointError("HTTP_FAILED", `no answer within ${ms} ms`);
    }
    throw error;
  } finally {
    cancel();
  }
}
