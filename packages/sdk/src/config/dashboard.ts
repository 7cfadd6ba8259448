import { z } from "zod";

/** How a run is shown in a browser. */
export const DASHBOARD_CONFIG = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        "Whether a run shows itself in a browser on this machine (127.0.0.1 alone); `--dashboard` does the same. The page can stop a run and never lets it go on.",
      ),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(0)
      .describe("Where it listens; 0: any free port, which is printed when the run starts."),
  })
  .prefault({});
