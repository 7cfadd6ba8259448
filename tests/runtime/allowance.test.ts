import { paperExecution } from "@matchpoint/paper-broker";
import {
  ModelMaker,
  PRICE_ONE,
  reconciliations,
  VirtualClock,
  type ChainAllowance,
  type ChainBooks,
  type Usdc,
} from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "./start.ts";
import { STARTS_AT, testMarket } from "./tape.ts";

const MAKER = { use: ModelMaker, params: { reference: "microprice", min_rest_ms: 0 } };
const EXCHANGE = "the exchange 0xab";

describe("what the venue's contracts may take", () => {
  it("is enough while it covers what open buys can cost", () => {
    const { looked, told, run, need } = quoting();
    looked({ dollars: need, noShares: [] });
    looked({ dollars: Number.MAX_SAFE_INTEGER, noShares: [] });
    expect(told()).toEqual([]);
    expect(run.runtime.core.system.status).toBe("READY");
  });

  it("ends entries when it does not, and a person is told, once until it does", () => {
    const { looked, told, run, need } = quoting();
    looked({ dollars: need - 1, noShares: [] });
    expect(told()).toEqual([
      expect.stringMatching(/^the venue's contracts may take \S+ of the account, and open buys need \S+$/),
    ]);
    expect(run.runtime.core.system.status).toBe("REDUCE_ONLY");
    expect(buys(run)).toEqual([]);
    looked({ dollars: 0, noShares: [] });
    expect(told()).toHaveLength(1);
    expect(buys(run)).toEqual([]);
    // A person is believed once it is there again, and not before.
    resume(run);
    looked({ dollars: 0, noShares: [] });
    expect(run.runtime.core.system.status).toBe("REDUCE_ONLY");
    looked({ dollars: need, noShares: [] });
    expect(run.runtime.core.system.status).toBe("REDUCE_ONLY");
    resume(run);
    expect(run.runtime.core.system.status).toBe("READY");
    looked({ dollars: 0, noShares: [] });
    expect(told()).toHaveLength(2);
  });

  it("is missed also of shares, and where nothing is open", () => {
    const run = startRun([MAKER]);
    run.tape.market(testMarket());
    const { looked, told } = looking(run);
    looked({ dollars: 5_000_000, noShares: [EXCHANGE] });
    expect(told()).toEqual([`shares may not be taken by ${EXCHANGE}: what is sold is refused`]);
    looked({ dollars: 5_000_000, noShares: [] });
    looked({ dollars: 0, noShares: [] });
    expect(told()).toHaveLength(2);
  });

  it("is asked for with each look at the chain, and is not forgotten because a look had no answer", async () => {
    const { run, told, need } = quoting();
    let answer: ChainAllowance | Error | undefined = { dollars: need, noShares: [] };
    const chain: ChainBooks = {
      fetchHoldings: () => Promise.resolve({ collateral: 1_000_000_000 as Usdc, positions: [] }),
      fetchAllowance: () =>
        answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve<ChainAllowance | undefined>(answer),
    };
    const clock = new VirtualClock({ startsAt: STARTS_AT });
    const stop = new AbortController();
    const adapter = paperExecution(run.broker, new VirtualClock());
    const looks = reconciliations({
      adapter,
      core: run.runtime.core,
      chain,
      clock,
      everyMs: 1_000,
      signal: stop.signal,
    });
    const look = async (): Promise<ChainAllowance | undefined> => {
      const next = looks.next();
      for (let i = 0; i < 20; i++) await Promise.resolve();
      clock.advance(1_000);
      const event = (await next).value!;
      run.tape.wait(1_000).offer(event);
      return event.type === "reconciled" ? event.chain?.allowance : undefined;
    };
    expect(await look()).toEqual(answer);
    expect(told()).toEqual([]);
    answer = { dollars: 0, noShares: [] };
    expect(await look()).toEqual(answer);
    expect(told()).toHaveLength(1);
    answer = new RangeError("no node answers");
    expect(await look()).toBeUndefined();
    answer = undefined;
    expect(await look()).toBeUndefined();
    answer = { dollars: 0, noShares: [] };
    await look();
    expect(told()).toHaveLength(1);
    stop.abort();
  });
});

function looking(run: TestRun): {
  looked: (allowance: ChainAllowance) => void;
  told: () => readonly string[];
} {
  return {
    looked: (allowance) => {
      run.tape.wait(1_000).offer({ type: "reconciled", agrees: true, differences: [], chain: { allowance } });
    },
    told: () =>
      run.effects.flatMap((effect) =>
        effect.type === "alarm" && effect.code === "ALLOWANCE_SHORT" ? [effect.message] : [],
      ),
  };
}

/** A run with a buy that rests, and what that can cost. */
function quoting(): ReturnType<typeof looking> & { run: TestRun; need: number } {
  const run = startRun([MAKER]);
  run.tape.market(testMarket()).book([[47, 500]], [[53, 500]]);
  run.tape.wait(500);
  const need = buys(run).reduce((sum, cost) => sum + cost, 0);
  expect(need).toBeGreaterThan(0);
  return { ...looking(run), run, need };
}

/** What each open buy that nobody has asked to cancel can cost: they are post-only, and pay no fee. */
function buys({ runtime }: TestRun): readonly number[] {
  return [...runtime.core.orders.allOpen()].flatMap(({ intent, status }) =>
    intent.side === "buy" && status !== "PENDING_CANCEL" ? [(intent.size * intent.limit) / PRICE_ONE] : [],
  );
}

function resume({ tape }: TestRun): void {
  tape.offer({ type: "operator", operator: "test", command: { kind: "resume" } });
}
