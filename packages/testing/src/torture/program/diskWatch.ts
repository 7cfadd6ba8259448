import type { CoreEvent, Runtime } from "@matchpoint/sdk";
import { diskLimits, stoppedFor, watchDisk } from "@matchpoint/sdk/node";
import type { ProgramParts } from "./program.ts";

/** The watch that every live run keeps on its disk, where the disk of this world grows short. */
export function diskWatches(
  { ground, life, disk: { room }, config }: ProgramParts,
  { core }: Runtime,
  signal: AbortSignal,
): readonly AsyncIterable<CoreEvent>[] {
  if (!ground.dice.has("disk_low")) return [];
  const source = watchDisk({
    ...diskLimits(config.journal),
    dir: "runs",
    clock: life.clock,
    signal,
    look: () => {
      const { space } = room;
      ground.history.add({ kind: "disk_look", life: life.number, ...space });
      return space;
    },
    wasFull: () => room.wasFull(life.number),
    isStopped: stoppedFor(core),
  });
  return [source];
}
