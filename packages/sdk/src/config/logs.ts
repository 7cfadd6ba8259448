import { z } from "zod";

/** What a run writes of what it does, as JSON lines for programs. What is printed for people stays as it is. */
export const LOGS_CONFIG = z
  .strictObject({
    to: z
      .enum(["none", "stderr", "file"])
      .default("none")
      .describe("Where the lines go; `--log` on the command line goes before it."),
    file: z
      .string()
      .min(1)
      .exactOptional()
      .describe("With `to: file`. Absent: `RUN.log.jsonl` in `journal.dir`. What is there is added to."),
    level: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .describe("The least important that is written; `debug` has every denial and comparison too."),
  })
  .superRefine(({ to, file }, ctx) => {
    if (file !== undefined && to !== "file")
      ctx.addIssue({ code: "custom", path: ["file"], message: "is only for `to: file`" });
  })
  .prefault({});
