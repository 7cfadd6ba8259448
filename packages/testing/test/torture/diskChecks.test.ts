import { expect, it } from "vitest";
import { Account } from "../../src/torture/judge/account.ts";
import { Disks } from "../../src/torture/judge/diskChecks.ts";
import { Life } from "../../src/torture/judge/life.ts";
import type { Seen } from "../../src/torture/judge/seen.ts";
import { Verdicts } from "../../src/torture/judge/verdicts.ts";
import type { History } from "../../src/torture/record.ts";

const SECOND = 1e9;
const GIB = 1_073_741_824;
const journal = { min_free_gib: 1, min_free_part: 0.05 };
const history = { world: { config: { journal } } } as unknown as History;
const of = { kind: "start", seq: 0, at: 0, life: 0, bot: "a", runId: "r", epoch: 0, journal: "j" } as const;

interface Moment {
  /** Seconds. */
  readonly at: number;
  readonly what: "room" | "look" | "entry" | "exit" | "stop" | "restricted" | "resume" | "stall" | "refused";
  /** GiB. */
  readonly free?: number;
}

/** What is said of a program on a disk of 20 GiB. */
function judged(...moments: readonly Moment[]): readonly string[] {
  const disks = new Disks();
  const verdicts = new Verdicts();
  const life = new Life(of, 0, new Account());
  life.states.set("", "READY");
  for (const { at: seconds, what, free = 0 } of moments) {
    const at = seconds * SECOND;
    const base = { seq: 0, at, life: 0, free: free * GIB, total: 20 * GIB };
    const step = (event: object, effects: readonly object[] = []): void => {
      disks.step({ life, verdicts, step: { ...base, kind: "step", event, effects } } as unknown as Seen);
    };
    const place = (purpose: string) => [{ type: "place", intent: { intentId: "i", marketId: "m", purpose } }];
    if (what === "room") disks.room({ ...base, kind: "disk_room" }, history);
    else if (what === "look") disks.look({ ...base, kind: "disk_look" }, history, life);
    else if (what === "stall") disks.stall({ ...base, kind: "stall", ms: 10_000 });
    else if (what === "refused") {
      const call = { disk: "j", call: "append", code: "ENOSPC" } as const;
      disks.refused({ ...base, ...call, kind: "disk_error" }, life, verdicts);
    } else if (what === "stop") {
      life.account.person.entriesStopped = true;
      step({ type: "operator", command: { kind: "stop_entries" } });
      life.account.person.entriesStopped = false;
    } else if (what === "restricted") life.states.set("", "REDUCE_ONLY");
    else if (what === "resume") step({ type: "operator", command: { kind: "resume" } });
    else step({ type: "book_delta" }, place(what));
  }
  return (verdicts.take() ?? []).map(({ invariant, message }) => `${invariant} ${message}`);
}

const BEGUN = [expect.stringMatching(/^I12 entry i in m was let out 1\.000 s after the disk was seen/)];
const UNSEEN = [expect.stringMatching(/^I12 the journal of life 0 was refused 9\.000 s after/)];

it.each([
  ["seen to be short", BEGUN, { at: 1, what: "look", free: 0.5 }],
  ["seen to have less than its part", BEGUN, { at: 1, what: "look", free: 0.99 }],
  ["seen to have room", [], { at: 1, what: "look", free: 1.5 }],
  ["not looked at", [], { at: 1, what: "room", free: 0.5 }],
] as const)("an entry on a disk that was %s", (_what, said, moment) => {
  expect(judged(moment, { at: 2, what: "entry" })).toEqual(said);
  expect(judged(moment, { at: 2, what: "exit" })).toEqual([]);
});

it("an entry that a person has asked for by a resume, until the next look", () => {
  const short = { what: "look", free: 0.5 } as const;
  const resumed = [
    { at: 1, ...short },
    { at: 1.5, what: "resume" },
  ] as const;
  expect(judged(...resumed, { at: 2, what: "entry" })).toEqual([]);
  expect(judged(...resumed, { at: 3, ...short }, { at: 4, what: "entry" })).toEqual(BEGUN);
});

it("a journal that ran out of room: slowly, suddenly, in a stall, or after entries had ended", () => {
  expect(
    judged({ at: 0.5, what: "restricted" }, { at: 1, what: "room", free: 0.5 }, { at: 10, what: "refused" }),
  ).toEqual([]);
  const short = { at: 1, what: "room", free: 0.5 } as const;
  const refused = (at: number) => ({ at, what: "refused" }) as const;
  expect(judged(short, refused(10))).toEqual(UNSEEN);
  expect(judged(short, refused(5))).toEqual([]);
  expect(judged(short, { at: 2, what: "stall" }, refused(10))).toEqual([]);
  expect(judged(short, { at: 2, what: "stop" }, refused(10))).toEqual([]);
  expect(judged({ at: 0, what: "stop" }, short, refused(10))).toEqual(UNSEEN);
  expect(judged(short, { at: 2, what: "room", free: 2 }, refused(10))).toEqual([]);
});
