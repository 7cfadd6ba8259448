import type uPlot from "uplot";

/** An axis on the right, where the newest values are. uPlot's enum is ambient: it has no value when the page runs. */
export const ON_THE_RIGHT: Pick<uPlot.Axis, "side"> = JSON.parse('{"side":1}') as Pick<uPlot.Axis, "side">;
