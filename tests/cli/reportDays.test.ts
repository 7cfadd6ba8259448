import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPaperBroker } from "@matchpoint/paper-broker";
import {
  AccountRebuilder,
  createRuntime,
  DEFAULT_STRATEGIES,
  id,
  JournalWriter,
  MemoryStorage,
  ModelMaker,
  parseConfig,
  readJournal,
  type RebuiltAccount,
  type StrategyClass,
  type Usdc,
} from "@matchpoint/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { gather, readRun, type Gathered } from "../../packages/cli/src/htmlReport/index.ts";
import { spreadSection } from "../../packages/cli/src/htmlReport/sections.ts";
import { Tape, testMarket } from "../runtime/tape.ts";

const CONFIG = parseConfig({ risk: { resolution_filter: "off" } });
const MARKET = testMarket({ makerRebatePpm: 150_000 });
const MIDNIGHT = Date.UTC(2026, 10, 24);
const KNOWN: Readonly<Record<string, StrategyClass>> = { ...DEFAULT_STRATEGIES };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "matchpoint-days-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A live run that writes its journal; it may go on with the account of an earlier one. */
class Run {
  readonly tape: Tape;
  readonly file: string;
  readonly #storage = new MemoryStorage();
  readonly #journal: JournalWriter;
  readonly #runtime: ReturnType<typeof createRuntime>;

  constructor(runId: string, startsAt: number, carried?: RebuiltAccount) {
    this.file = join(folder, `${runId}.journal.jsonl`);
    this.#journal = new JournalWriter({ storage: this.#storage, runId: id(runId), bootId: "b" });
    this.#runtime = createRuntime({
      config: CONFIG,
      strategies: [{ use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } }],
      execution: createPaperBroker({ runId, seed: 1 }),
      runId,
      mode: "live",
      collateral: 1_000_000_000 as Usdc,
      startsAt,
      ...(carried === undefined ? {} : { carried }),
      journal: this.#journal,
    });
    this.tape = new Tape(this.#runtime, startsAt);
  }

  get pnl(): number {
    return this.#runtime.summary().pnl;
  }

  rebuilt(at: number): RebuiltAccount {
    const rebuilder = new AccountRebuilder();
    this.write();
    for (const { event } of readJournal(this.#storage.bytes())) rebuilder.take(event);
    return rebuilder.account(at);
  }

  write(): string {
    this.#journal.flush();
    writeFileSync(this.file, this.#storage.bytes());
    return this.file;
  }

  async report(): Promise<Gathered> {
    return gather([await readRun(this.write(), { find: (use) => KNOWN[use] })]);
  }
}

/** Buys at 47 what is then worth more and more. */
function earns(run: Run): number {
  run.tape.market(MARKET).book([[47, 500]], [[53, 500]]);
  run.tape.wait(500).trade("sell", 47, 500);
  run.tape.wait(3_000).book([[55, 500]], [[58, 500]]);
  run.tape.wait(1_000).resolve([1, 0]);
  return run.pnl;
}

it("gives the first day of a run that goes on with an account what that day brought, and nothing of what the account brought before", async () => {
  const first = new Run("first", MIDNIGHT - 3_600_000);
  const before = earns(first);
  expect(before).not.toBe(0);
  const one = await first.report();
  expect([one.days, one.earlier]).toEqual([[{ day: "2026-11-23", pnl: before }], 0]);
  expect(spreadSection(one)).not.toContain("goes on from an earlier run");

  const second = new Run("second", MIDNIGHT + 60_000, first.rebuilt(MIDNIGHT + 60_000));
  const marketId = id<typeof MARKET.marketId>("m2");
  second.tape.market(testMarket({ marketId, makerRebatePpm: 150_000 }));
  second.tape.wait(30_000);
  const { days, earlier, total } = await second.report();
  expect([days, earlier, total.pnl]).toEqual([[{ day: "2026-11-24", pnl: 0 }], before, before]);
  const two = await second.report();
  expect(spreadSection(two)).toContain("goes on from an earlier run");
  expect(two.days.reduce((sum, { pnl }) => sum + pnl, two.earlier)).toBe(two.total.pnl);
});

it("has the day on which a run began, however little of it there was", async () => {
  const run = new Run("late", MIDNIGHT - 10);
  run.tape.wait(5_000);
  const pnl = earns(run);
  expect((await run.report()).days).toEqual([
    { day: "2026-11-23", pnl: 0 },
    { day: "2026-11-24", pnl },
  ]);
});
