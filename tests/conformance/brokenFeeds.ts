import type { Clock, Feed, MatchRef } from "@matchpoint/sdk";
import type { FeedSubject } from "@matchpoint/testing";

type Given = { readonly matches: readonly MatchRef[]; readonly signal: AbortSignal };
type Event = ReturnType<Feed["events"]> extends AsyncIterable<infer E> ? E : never;
type Claim = Extract<Event, { type: "match_claim" }>;
/** Changes what a feed says, or how it lives. */
type Breakage = (feed: Feed, given: Given, clock: Clock) => AsyncIterable<Event>;

/** Ends what broken feeds have left behind. */
export const strays = new AbortController();

/** A subject whose feed is broken in one way. */
export function broken(subject: FeedSubject, breakage: Breakage): FeedSubject {
  return {
    ...subject,
    patienceMs: 4_000,
    createFeed: (source, clock) => {
      const feed = subject.createFeed(source, clock);
      return {
        id: feed.id,
        tier: feed.tier,
        upstream: feed.upstream,
        health: () => feed.health(),
        events: (given) => breakage(feed, given, clock),
      };
    },
  };
}

/** Says for each event what is said in its place. */
function saying(make: () => (event: Event) => readonly Event[]): Breakage {
  return async function* (feed, given) {
    const say = make();
    for await (const event of feed.events(given)) yield* say(event);
  };
}

const claiming = (say: (claim: Claim) => readonly Event[]): Breakage =>
  saying(() => (event) => (event.type === "match_claim" ? say(event) : [event]));

/** Every win is told twice, as if it were news. */
export const doubles = claiming((event) =>
  event.claim.kind === "game_won" ? [event, { ...event, ref: `${event.ref ?? ""}-again` }] : [event],
);

/** Takes whatever else a game has to say for what it said before. */
export const dropsNews: Breakage = saying(() => {
  const seen = new Set<string>();
  return (event) => {
    if (event.type !== "match_claim" || event.claim.kind !== "game_progress") return [event];
    const key = String(event.claim.game);
    if (seen.has(key)) return [];
    seen.add(key);
    return [event];
  };
});

/** A winner by the score. */
export const invents = claiming((event) => {
  const { claim } = event;
  const lead = claim.kind === "game_progress" ? (claim.progress.score ?? [0, 0]) : [0, 0];
  if (lead[0] - lead[1] < 3) return [event];
  return [event, { ...event, ref: `${event.ref ?? ""}-won`, claim: { kind: "series_won", winner: 0 } }];
});

/** Ends say who won, also where nobody has. */
export const inventsAtTheEnd = claiming((event) =>
  event.claim.kind === "series_ended" ? [{ ...event, claim: { kind: "series_won", winner: 1 } }] : [event],
);

/** Holds every other claim back until after the next. */
export const reorders: Breakage = saying(() => {
  let held: Event | undefined;
  return (event) => {
    if (event.type !== "match_claim" || event.claim.kind === "series_started") return [event];
    if (held === undefined && (event.claim.kind === "game_started" || event.claim.kind === "game_won")) {
      held = event;
      return [];
    }
    const out = held === undefined ? [event] : [event, held];
    held = undefined;
    return out;
  };
});

/** Gives all claims one reference. */
export const sameReference = claiming((event) => [{ ...event, ref: "claim" }]);

/** Speaks in another's name. */
export const anotherName = claiming((event) => [{ ...event, source: "other" as typeof event.source }]);

/** Goes on whatever the signal says. */
export const ignoresAbort: Breakage = (feed, { matches }) => feed.events({ matches, signal: strays.signal });

/** Ends, and leaves its socket open. */
export const leaks: Breakage = async function* (feed, { matches, signal }) {
  if (signal.aborted) return;
  const inner = feed.events({ matches, signal: strays.signal })[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  for (;;) {
    const next = await Promise.race([inner.next(), aborted]);
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
};

/** Stamps by the machine's clock. */
export const ownWall = saying(() => (event) => [
  { ...event, receivedAt: Date.now() as typeof event.receivedAt },
]);

/** Measures time by when the source says that things happened. */
export const sourceTime = saying(() => (event) => {
  const jump = event.type === "match_claim" && event.claim.kind === "game_won" ? 1e12 : 0;
  return [{ ...event, at: (event.at - jump) as typeof event.at }];
});

/** History is news. */
export const forgetsHistory = claiming((event) => {
  return [{ ...event, replayed: false }];
});

/** Says nothing of what it could not read. */
export const swallowsHostile = saying(() => (event) => (event.type === "frame_quarantined" ? [] : [event]));

/** Is always well. */
export const alwaysLive = saying(
  () => (event) => (event.type === "source_health" ? [{ ...event, health: "live" }] : [event]),
);

/** Never takes anything back. */
export const neverRetracts = claiming((event) => (event.claim.kind === "retracted" ? [] : [event]));

/** Tells its key. */
export const tellsKey = (key: string): Breakage =>
  saying(
    () => (event) =>
      event.type === "source_health" ? [{ ...event, reason: `${event.reason} (key ${key})` }] : [event],
  );

/** Keeps ten events for a slow consumer, and drops the oldest. */
export const dropsUnderPressure: Breakage = async function* (feed, given) {
  const waiting: (Event | "end")[] = [];
  let wake = (): void => undefined;
  const push = (event: Event | "end"): void => {
    waiting.push(event);
    if (waiting.length > 10) waiting.shift();
    wake();
  };
  void (async (): Promise<void> => {
    for await (const event of feed.events(given)) push(event);
    push("end");
  })();
  for (;;) {
    const event = waiting.shift();
    if (event === "end") return;
    if (event !== undefined) yield event;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
};

/** Says one thing again and again, and never falls silent. */
export const neverQuiet: Breakage = async function* (feed, given, clock) {
  for await (const event of feed.events(given)) {
    while (!given.signal.aborted) {
      yield event;
      await new Promise<void>((resolve) => {
        clock.after(1_000, resolve);
      });
    }
  }
};
