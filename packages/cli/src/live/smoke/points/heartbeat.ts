import { formatShares, NANOS_PER_MS } from "@matchpoint/sdk";
import { filled, msBetween, told, type Bench } from "../bench.ts";
import { Surprise } from "../finding.ts";

const WRONG = "00000000-0000-4000-8000-000000000000";
/** The venue cancels ten seconds after the last heartbeat, and looks every five. */
const EXPECTED_MS = 15_000;
/** For the way there and back. */
const SLACK_MS = 1_000;

/** The dead-man switch: a wrong id, a right chain, and what the venue does when it stops. */
export async function tryHeartbeat(bench: Bench): Promise<void> {
  const wrong = await bench.beat(WRONG);
  tellWrong(bench, wrong);
  const chain = await startChain(bench, wrong.acknowledged);
  bench.note({
    point: "heartbeat chain",
    did: "began a chain and beat twice",
    found: chain.map(told).map(idsOut).join("; "),
    expected: "HTTP 200 with the next id, each time",
    verdict: chain.every(({ status }) => status === 200) ? "as assumed" : "differs",
    means: chain.every(({ status }) => status === 200)
      ? "Heartbeats can be kept up."
      : "Set execution.heartbeats to false until this is understood: orders then rest without a dead-man switch.",
  });
  if (chain.some(({ status }) => status !== 200)) return;
  await tellSilence(bench);
}

function tellWrong(bench: Bench, { answer, acknowledged }: Awaited<ReturnType<Bench["beat"]>>): void {
  const fields = (answer.value ?? {}) as Readonly<{ [key: string]: unknown }>;
  const keys = ["error", "error_msg", "errorMsg"].filter((key) => typeof fields[key] === "string");
  const names = [...keys, ...("heartbeat_id" in fields ? ["heartbeat_id"] : [])];
  const right = answer.status === 400 && keys.length > 0 && /invalid heartbeat/i.test(answer.text);
  bench.note({
    point: "heartbeat key",
    did: "beat with a wrong id",
    found: `${idsOut(told(answer))}, in the keys ${names.join(", ") || "none that are known"}`,
    expected: 'HTTP 400 "Invalid Heartbeat ID" under error or error_msg, with heartbeat_id',
    verdict: right ? "as assumed" : "differs",
    means: acknowledged
      ? "The venue takes any id to begin with; the chain goes on from its answer."
      : right
        ? "The adapter reads all of these keys, and goes on with the id that is stated."
        : "The adapter would not find the right id again: look at heartbeatAnswer.ts.",
  });
}

/** Begins with no id; where the venue names one instead, with that. */
async function startChain(
  bench: Bench,
  begun: boolean,
): Promise<Awaited<ReturnType<Bench["beat"]>>["answer"][]> {
  const first = begun ? await bench.beat() : await bench.beat("");
  const started = first.acknowledged ? first : await bench.beat();
  if (!started.acknowledged) return [started.answer];
  await bench.wait(bench.options.waits.beatMs);
  const second = await bench.beat();
  return [started.answer, second.answer];
}

async function tellSilence(bench: Bench): Promise<void> {
  const { probe, outcome, price, waits, clock } = bench.options;
  const order = await probe.restingBuy({ outcome, price, size: bench.size });
  const { answer, placed } = await bench.rest(order);
  if (placed.kind !== "live")
    throw new Surprise(
      `an order like one before is refused: ${told(answer)}`,
      "Nothing rests. Start again; if it stays, do what the venue's words say.",
    );
  const { answer: last, acknowledged } = await bench.beat();
  let gone: number | undefined;
  const until = clock.monotonic() + waits.silenceMs * NANOS_PER_MS;
  while (acknowledged && gone === undefined && clock.monotonic() < until) {
    await bench.wait(waits.lookMs);
    const { status, matched } = await bench.read(order.orderId);
    if (matched > 0) throw filled(`order ${order.orderId} is ${status}`);
    if (status !== "LIVE" && status !== "unreadable") gone = msBetween(last.answeredAt, clock.monotonic());
  }
  if (gone === undefined) await bench.remove(order.orderId);
  const right = gone !== undefined && gone <= EXPECTED_MS + waits.lookMs + SLACK_MS;
  bench.note({
    point: "dead-man switch",
    did: `let a post-only order of ${formatShares(bench.size)} shares rest, beat once more, and fell silent`,
    found:
      gone === undefined
        ? `it still rested ${waits.silenceMs / 1_000} s after the last heartbeat, and was cancelled by hand`
        : `the venue cancelled it by itself ${(gone / 1_000).toFixed(1)} s after the last heartbeat`,
    expected: `within ${EXPECTED_MS / 1_000} s`,
    verdict: right ? "as assumed" : "differs",
    means: right
      ? "A bot that dies leaves no order behind."
      : gone === undefined
        ? "Nothing cancels for a bot that dies: watch it, and keep orders small."
        : "A dead bot's orders rest for longer than was assumed.",
  });
}

/** Ids of heartbeats say nothing to a reader. */
function idsOut(text: string): string {
  return text.replace(/"?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}"?/gi, "{id}");
}
