import { z } from "zod";

const fraction = z.number().min(0).max(1);

/**
 * How sizes shrink with a loss from the account's highest value. `grossman_zhou`: in proportion to what is left above `alpha` of the
 * maximum (Grossman and Zhou 1993, Optimal investment strategies for controlling drawdowns). `table`: by points of one's own.
 */
export const DRAWDOWN_CONFIG = z
  .strictObject({
    curve: z
      .enum(["none", "grossman_zhou", "table"])
      .default("none")
      .describe(
        "How the size of entries shrinks while the account is below its highest value: not at all; in proportion to what is left above `alpha` of it; or by `points`.",
      ),
    alpha: z
      .number()
      .min(0)
      .max(0.999)
      .default(0.8)
      .describe(
        "`grossman_zhou`: the part of the highest value that is to be kept; the multiplier is (W - alpha * M) / ((1 - alpha) * W) with the account's value W and its maximum M.",
      ),
    floor: fraction
      .default(0.1)
      .describe("The multiplier never falls below this; 0: entries end at the bottom of the curve."),
    points: z
      .array(
        z.strictObject({
          drawdown: fraction.describe("Loss from the highest value, as a part of it."),
          multiplier: fraction.describe("What part of its size an entry may have there."),
        }),
      )
      .min(1)
      .max(64)
      .exactOptional()
      .describe(
        "`table`: points of the curve, straight lines between them; before the first from 1 at no drawdown, after the last flat.",
      ),
  })
  .superRefine(({ curve, points }, ctx) => {
    const fail = (path: (string | number)[], message: string): void => {
      ctx.addIssue({ code: "custom", path, message });
    };
    if (curve === "table" && points === undefined) fail(["points"], "is needed by the curve `table`");
    if (curve !== "table" && points !== undefined) fail(["points"], "is only for the curve `table`");
    points?.forEach((point, i) => {
      const before = points[i - 1];
      if (before === undefined) return;
      if (point.drawdown <= before.drawdown)
        fail(["points", i, "drawdown"], "must be above the one before it");
      if (point.multiplier > before.multiplier)
        fail(
          ["points", i, "multiplier"],
          "must not be above the one before it: sizes do not grow with a loss",
        );
    });
  })
  .prefault({});

/** A curve with its defaults filled in. */
export type DrawdownConfig = z.output<typeof DRAWDOWN_CONFIG>;

/**
 * What part of its usual size an entry may have, from `floor` to 1.
 *
 * @param value - what the account is worth now, in any unit
 * @param peak - the most that it was ever worth, in the same
 */
export function drawdownScale(config: DrawdownConfig, value: number, peak: number): number {
  if (config.curve === "none" || value >= peak) return 1;
  const raw =
    value <= 0
      ? 0
      : config.curve === "grossman_zhou"
        ? (value - config.alpha * peak) / ((1 - config.alpha) * value)
        : interpolated(config.points ?? [], (peak - value) / peak);
  return Math.min(1, Math.max(config.floor, raw));
}

function interpolated(points: NonNullable<DrawdownConfig["points"]>, drawdown: number): number {
  let from = { drawdown: 0, multiplier: 1 };
  for (const to of points) {
    if (drawdown < to.drawdown) {
      const part = (drawdown - from.drawdown) / (to.drawdown - from.drawdown);
      return from.multiplier + part * (to.multiplier - from.multiplier);
    }
    from = to;
  }
  return from.multiplier;
}
