import { createGridDecoder, createPandascoreDecoder } from "@matchpoint/adapters-esports";
import { createMarketDecoder, TokenIndex } from "@matchpoint/adapters-polymarket";
import { NANOS_PER_MS, type CoreEvent, type FrameDecoder, type Millis, type Nanos } from "@matchpoint/sdk";
import type { SimulatedMatch } from "@matchpoint/testing";

/** Where a simulation stands. */
export interface SimulationStep {
  readonly virtualMs: number;
  readonly frames: number;
}

/**
 * Feeds a simulated match to a run, frame by frame through the real decoders, as if the frames had come from sockets.
 * Yields every now and then, so that the caller can draw, wait or stop.
 */
export function* playSimulation(
  match: SimulatedMatch,
  emit: (event: CoreEvent) => void,
): Generator<SimulationStep> {
  const matches = [match.description];
  const pandascore = createPandascoreDecoder({ matches });
  const decoders: Readonly<Record<string, FrameDecoder>> = {
    "polymarket.market": createMarketDecoder(new TokenIndex(match.markets)),
    grid: createGridDecoder({ matches }),
    "pandascore.frames": pandascore,
    "pandascore.match": pandascore,
  };
  let frames = 0;
  for (const frame of match.frames()) {
    const virtualMs = frame.receivedAtMs - match.startsAt;
    yield { virtualMs, frames };
    frames += 1;
    const stamp = {
      at: Math.round(virtualMs * NANOS_PER_MS) as Nanos,
      receivedAt: frame.receivedAtMs as Millis,
    };
    if (frame.event !== undefined) emit({ ...frame.event, ...stamp });
    else decoders[frame.channel]!.decode(frame.bytes, 0, frame.bytes.length, stamp, emit);
  }
}
