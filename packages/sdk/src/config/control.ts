import { z } from "zod";

/** How a run can be stopped and watched from outside. */
export const CONTROL_CONFIG = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        "Whether a run listens on this machine (127.0.0.1 alone) for `matchpoint kill` and `status`, and for `/livez`, `/readyz` and `/metrics`. Without it the commands still stop it, through the stop file.",
      ),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe("Where it listens; 0: any free port, which the commands find by themselves."),
    watchdog: z
      .boolean()
      .default(true)
      .describe(
        "Whether a thread of its own watches `run`'s loop: when it stands still, every order is cancelled and the process is ended.",
      ),
    stall_ms: z.int().min(500).max(60_000).default(2_000).describe("How long the loop may stand still."),
  })
  .prefault({});
