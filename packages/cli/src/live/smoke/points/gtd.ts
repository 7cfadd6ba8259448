import { GTD_LEAD_S } from "@matchpoint/adapters-polymarket";
import { told, type Bench } from "../bench.ts";

/** Leads that are tried, in seconds, the safest first. */
export const LEADS = [240, 180, 120, 90, 60] as const;
/** What the documentation says. */
const DOCUMENTED_S = 180;

/** The shortest lead of a GTD order that the venue takes. */
export async function tryGtd(bench: Bench): Promise<void> {
  const { probe, outcome, price } = bench.options;
  let shortest: number | undefined;
  let refusal = "";
  let refused: number | undefined;
  for (const leadS of LEADS) {
    const order = await probe.restingBuy({ outcome, price, size: bench.size, leadS });
    const { answer, placed } = await bench.rest(order);
    if (placed.kind !== "live") {
      refused = leadS;
      refusal = told(answer);
      break;
    }
    shortest = leadS;
    await bench.remove(order.orderId);
  }
  const safe = shortest !== undefined && shortest <= GTD_LEAD_S;
  const means = !safe
    ? `Raise GTD_LEAD_S of the adapter (venue/limits.ts, ${GTD_LEAD_S} s) before any GTD order is used.`
    : shortest === DOCUMENTED_S
      ? `GTD_LEAD_S of the adapter (${GTD_LEAD_S} s) leaves a minute against clocks that differ.`
      : `The venue takes another lead than is documented: GTD_LEAD_S of the adapter (${GTD_LEAD_S} s) is safe${shortest === 240 ? ", and has nothing to spare" : " and could be shorter"}.`;
  bench.note({
    point: "gtd",
    did: `posted post-only GTD orders that end ${LEADS.join(", ")} s ahead (and up to 2 s more), until one was refused`,
    found: `${shortest === undefined ? "none is taken" : `${shortest} s is taken`}${refused === undefined ? "" : `, ${refused} s is not (${refusal})`}`,
    expected: `${DOCUMENTED_S} s is taken, less is not`,
    verdict: shortest === DOCUMENTED_S && refused !== undefined ? "as assumed" : "differs",
    means,
  });
}
