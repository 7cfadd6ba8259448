import { overtaken, type OrderSigner } from "@matchpoint/adapters-polymarket";
import { pause, type Clock, type OperatorEvent } from "@matchpoint/sdk";

const EVERY_MS = 1_000;

/**
 * Looks whether another process has taken the account over, as a source for `runLive`: from then on the signer signs nothing here, and
 * every market is halted, which cancels what rests.
 */
export async function* watchTurn(
  signer: Pick<OrderSigner, "stale">,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<OperatorEvent, void> {
  while (!signal.aborted) {
    const reason = overtaken(signer);
    if (reason !== undefined) {
      const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
      yield { type: "operator", ...stamp, operator: "signer", command: { kind: "halt", reason } };
      return;
    }
    await pause(clock, EVERY_MS, signal);
  }
}
