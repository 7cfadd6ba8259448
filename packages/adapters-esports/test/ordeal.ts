import fc from "fast-check";
import type { CoreEvent, FrameDecoder } from "@matchpoint/sdk";
import { problemsOf, stampAt } from "./support.ts";

/** What an ordeal came to. */
export interface OrdealOutcome {
  readonly frames: number;
  readonly quarantined: number;
  readonly claims: number;
}

const encoder = new TextEncoder();
/** Frames that one decoder gets before another begins: a match does not last for ever. */
const PER_DECODER = 50;

/**
 * Sends frames to decoders and checks what must hold of every one: it throws nothing, leads to one quarantined frame at most,
 * and says nothing that no journal takes.
 *
 * @param seed the same seed sends the same frames
 * @throws Error naming the frame that broke a promise
 */
export function ordeal(
  make: () => FrameDecoder,
  frames: fc.Arbitrary<string>,
  count: number,
  seed: number,
): OrdealOutcome {
  let decoder = make();
  let quarantined = 0;
  let claims = 0;
  let sent = 0;
  for (let batch = 0; sent < count; batch++) {
    // In batches: a hundred thousand frames at once would not fit into memory.
    const size = Math.min(1_000, count - sent);
    for (const text of fc.sample(frames, { numRuns: size, seed: seed + batch })) {
      if (sent % PER_DECODER === 0) decoder = make();
      const events: CoreEvent[] = [];
      const bytes = encoder.encode(text);
      try {
        decoder.decode(bytes, 0, bytes.length, stampAt(sent * 1_000), (event) => events.push(event));
      } catch (cause) {
        throw new Error(`frame ${sent} made the decoder throw: ${text.slice(0, 2_000)}`, { cause });
      }
      const bad = events.filter((event) => event.type === "frame_quarantined");
      const problem = problemsOf(events)[0];
      if (bad.length > 1 || problem !== undefined) {
        throw new Error(`frame ${sent}: ${problem ?? "quarantined twice"}: ${text.slice(0, 2_000)}`);
      }
      for (const { reason } of bad) {
        if (reason.startsWith("decoder failed"))
          throw new Error(`frame ${sent}: ${reason}: ${text.slice(0, 2_000)}`);
      }
      quarantined += bad.length;
      claims += events.length - bad.length;
      sent += 1;
    }
  }
  return { frames: sent, quarantined, claims };
}
