// What a journal's first lines come to, saved and taken up again, with the lines after them: as if all had been read.
//   MATCHPOINT_SAVED_RUNS=2000 npx vitest run tests/runtime/recovery/saved.test.ts
import { AccountRebuilder, type CoreEvent, type RebuiltAccount, type SavedAccount } from "@matchpoint/sdk";
import fc from "fast-check";
import { expect, it } from "vitest";
import { STARTS_AT } from "../tape.ts";
import { anyRun } from "./anyRun.ts";
import { bigJournal } from "./bigJournal.ts";

const RUNS = Number(process.env["MATCHPOINT_SAVED_RUNS"] ?? "24");

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function taken(
  events: readonly CoreEvent[],
  into: AccountRebuilder = new AccountRebuilder(),
): AccountRebuilder {
  for (const event of events) into.take(event);
  return into;
}

it("is the same account, wherever it was saved and however often", () => {
  const seen: Record<string, number> = {};
  const note = (account: RebuiltAccount, { books }: SavedAccount): void => {
    const { orders, chains, ledger, stops, loss, adoption, breakers } = books;
    const marks: Record<string, number> = {
      open: account.open.length,
      held: account.held.length,
      foreign: orders.foreign.length,
      voided: orders.counts.voided,
      lateFills: orders.counts.lateFills,
      actions: chains.actions.length + chains.retired.length,
      rebates: ledger.rebatesReceived ?? 0,
      killed: stops.killed === undefined ? 0 : 1,
      dayStopped: loss.stopped === undefined ? 0 : 1,
      peak: loss.peak === undefined ? 0 : 1,
      recovered: adoption.recovers ? 1 : 0,
      failing: breakers.filter(([, counts]) => counts.rejects + counts.cancelFailures > 0).length,
      halts: books.markets.filter(({ trading }) => trading.causes.length > 0).length,
      resolved: books.markets.filter(({ payouts }) => payouts !== undefined).length,
      chain: books.markets.filter(({ chain }) => chain !== undefined).length,
    };
    for (const [name, count] of Object.entries(marks)) seen[name] = (seen[name] ?? 0) + Math.sign(count);
  };
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
      (seed, cuts) => {
        const events = anyRun(seed, 150);
        const whole = taken(events);
        let from = 1;
        let pieced = taken(events.slice(0, 1));
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          const to = Math.max(from, Math.ceil(cut * events.length));
          taken(events.slice(from, to), pieced);
          pieced = AccountRebuilder.restore(events[0]!, plain(pieced.save()));
          from = to;
        }
        taken(events.slice(from), pieced);
        expect(plain(pieced.save())).toEqual(plain(whole.save()));
        const startsAt = STARTS_AT + 1e9;
        const account = whole.account(startsAt);
        expect(plain(account.adoption)).toStrictEqual(account.adoption);
        expect(plain(pieced.account(startsAt))).toEqual(plain(account));
        note(account, whole.save());
      },
    ),
    // Drawn anew only where many are.
    { numRuns: RUNS, ...(RUNS > 24 ? {} : { seed: 1 }) },
  );
  // Nearly all of what there is to carry was there some time.
  const never = Object.keys(seen).filter((name) => seen[name] === 0);
  expect(never.length, never.join(", ")).toBeLessThan(3);
});

it("is the same account where orders were forgotten before it was saved", () => {
  const events = [...bigJournal({ lines: 3_000, own: 1, markets: 3, everyMs: 2_500 })];
  const whole = plain(taken(events).save());
  expect(whole.books.orders.retired.length).toBeGreaterThan(100);
  for (const cut of [700, 1_999, 2_998]) {
    const pieced = AccountRebuilder.restore(events[0]!, plain(taken(events.slice(0, cut)).save()));
    expect(plain(taken(events.slice(cut), pieced).save())).toEqual(whole);
  }
});

it("is refused where another version saved it", () => {
  const events = anyRun(1, 20);
  const saved = taken(events).save();
  const restore = (over: Partial<SavedAccount>): unknown =>
    AccountRebuilder.restore(events[0]!, { ...saved, ...over });
  expect(() => restore({ kinds: `${saved.kinds} rumour` })).toThrow(/another version/);
  expect(() => restore({ books: { ...saved.books, version: 4 as never } })).toThrow(/version 4, not 3/);
  expect(() => restore({ books: { ...saved.books, orders: {} as never } })).toThrow(
    expect.objectContaining({ code: "JOURNAL_SCHEMA_NEWER" }),
  );
});
