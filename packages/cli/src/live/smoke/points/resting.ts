import { formatPrice, formatShares, formatUsdc, NANOS_PER_MS, type OrderId } from "@matchpoint/sdk";
import { msBetween, told, type Bench } from "../bench.ts";
import { Surprise } from "../finding.ts";

/** An order's life: posted, told of, found by its hash, cancelled, and read again afterwards. */
export async function tryResting(bench: Bench): Promise<void> {
  const { probe, outcome, price } = bench.options;
  const order = await probe.restingBuy({ outcome, price, size: bench.size });
  const { orderId } = order;
  const { answer, placed } = await bench.rest(order);
  const what = `a post-only buy of ${formatShares(bench.size)} shares at $${formatPrice(price)} ($${formatUsdc(order.cost)})`;
  if (placed.kind !== "live")
    throw new Surprise(
      `${what} is refused: ${told(answer)}`,
      "Nothing rests. Do what the venue's words say: without this nothing else can be found out.",
    );
  bench.note({
    point: "post-only",
    did: `posted ${what}`,
    found: `live under our own hash after ${msBetween(answer.sentAt, answer.answeredAt)} ms`,
    expected: "live, with the hash that was computed before it was sent as its id",
    verdict: "as assumed",
    means: "Orders are signed as the venue wants them, and are known before they are sent.",
  });
  await tellPlacement(bench, orderId, answer.answeredAt);
  const { status } = await bench.read(orderId);
  const live = status === "LIVE";
  bench.note({
    point: "by hash",
    did: "read it by its hash",
    found: status,
    expected: "LIVE",
    verdict: live ? "as assumed" : "differs",
    means: live
      ? "An order whose answer is lost is found again by its hash."
      : "A hash alone does not find an order: do not trade until lost answers are resolved another way.",
  });
  const canceled = await bench.remove(orderId);
  await tellCancel(bench, orderId, told(canceled));
  await tellAfterwards(bench, orderId, canceled.answeredAt);
}

async function tellPlacement(bench: Bench, orderId: OrderId, answeredAt: number): Promise<void> {
  const { probe, waits } = bench.options;
  const event = await probe.until(
    () => probe.heard.find(({ event: kind, id }) => kind === "order" && id === orderId),
    waits.eventMs,
  );
  const silent = {
    found: `nothing within ${waits.eventMs} ms`,
    verdict: "not shown",
    means:
      "The user channel stays silent: sweeps of REST find everything all the same, later. Look at it before you trade quickly.",
  } as const;
  const ms = event === undefined ? 0 : msBetween(answeredAt, event.at);
  bench.note({
    point: "event order",
    did: "listened on the user channel",
    expected: "an order event of type PLACEMENT, before or after the answer",
    ...(event === undefined
      ? silent
      : {
          found: `${event.type} with status ${event.status}, ${Math.abs(ms)} ms ${ms < 0 ? "before" : "after"} the answer to the POST`,
          verdict: event.type === "PLACEMENT" ? "as assumed" : "differs",
          means: "The adapter takes both orders: whatever comes first counts.",
        }),
  });
  const unit = event && unitOf(event.createdAt);
  bench.note({
    point: "created_at",
    did: "looked at created_at of that event",
    expected: "seconds as text; ms have been seen too",
    ...(event === undefined
      ? silent
      : {
          found: unit === undefined ? `unreadable: ${JSON.stringify(event.createdAt)}` : unit,
          verdict: unit === undefined ? "differs" : "as assumed",
          means:
            unit === undefined
              ? "Times of own orders are left out until the adapter reads this form."
              : "The adapter tells seconds and ms apart by their size.",
        }),
  });
}

/** The unit of a Unix time; `undefined` when it is none of these years. */
export function unitOf(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const number = Number(value);
  const form = typeof value === "string" ? "text" : "a number";
  if (number > 1.5e9 && number < 4.2e9) return `seconds as ${form}`;
  if (number > 1.5e12 && number < 4.2e12) return `ms as ${form}`;
  return undefined;
}

async function tellCancel(bench: Bench, orderId: OrderId, answer: string): Promise<void> {
  const { probe, waits } = bench.options;
  const event = await probe.until(
    () => probe.heard.find(({ type, id }) => type === "CANCELLATION" && id === orderId),
    waits.eventMs,
  );
  bench.note({
    point: "cancel",
    did: "cancelled it",
    found: `${answer.slice(0, 8)}, ${event === undefined ? "no event" : `CANCELLATION with status ${event.status || '""'}`}`,
    expected: "HTTP 200 that names it, and an event of type CANCELLATION",
    verdict: event === undefined ? "not shown" : "as assumed",
    means:
      event === undefined
        ? "The cancel holds, and the user channel did not tell of it: only sweeps do."
        : "A cancel is confirmed twice.",
  });
}

async function tellAfterwards(bench: Bench, orderId: OrderId, canceledAt: number): Promise<void> {
  const { clock, waits } = bench.options;
  const seen: string[] = [];
  let rested = false;
  for (const ms of waits.readAfterMs) {
    await bench.wait(Math.max(0, ms - (clock.monotonic() - canceledAt) / NANOS_PER_MS));
    const { status } = await bench.read(orderId);
    rested ||= status === "LIVE";
    seen.push(`${ms / 1_000} s: ${status}`);
  }
  if (rested) await bench.remove(orderId);
  const readable = seen.filter((each) => /CANCEL/.test(each)).length;
  bench.note({
    point: "readable",
    did: "read it again after the cancel",
    found: seen.join(", "),
    expected: "CANCELED for a while, then no record (how long is not documented)",
    verdict: rested || readable === 0 ? "differs" : "as assumed",
    means: rested
      ? "A record is LIVE after its cancel was confirmed: reads lag, and evidence from them must wait longer."
      : readable === seen.length
        ? "Ended orders stay readable for at least as long as was looked: lost answers can be resolved by their records."
        : "Ended orders leave the venue's records soon: an absent record proves that nothing rests, never that nothing matched. Trades are asked for as well, as the adapter does.",
  });
}
