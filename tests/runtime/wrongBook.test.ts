import { id, ModelMaker, type HaltCause } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { startRun, type TestRun } from "./start.ts";
import { testMarket } from "./tape.ts";

const MAKER = [{ use: ModelMaker, params: { reference: "microprice" } }];

function causes(run: TestRun): readonly HaltCause[] {
  return [...run.runtime.core.markets()[0]!.trading.causes];
}

/** A change far from the best prices, which states these as they are: the bid at 50 cents is not in the book that was fetched. */
function contradict(run: TestRun): void {
  const levels = [0, 1_000, 5_000_000];
  run.tape.offer({ type: "book_delta", marketId: id("m1"), levels, bestBid: 5_000, bestAsk: 5_100 });
}

describe("a book that is wrong, and nothing says so", () => {
  it("halts its market once a stated best price is lacking for more than a second, and whenever the book that is fetched lacks it too", () => {
    const run = startRun(MAKER);
    run.tape.market(testMarket()).book([[49, 100]], [[51, 100]]);
    expect(causes(run)).toEqual([]);
    contradict(run);
    run.tape.wait(1_100);
    contradict(run);
    expect(causes(run)).toEqual(["gapped_book"]);
    for (let fetched = 0; fetched < 5; fetched++) {
      run.tape.book([[49, 100]], [[51, 100]]);
      for (let looks = 0; looks < 3; looks++) {
        contradict(run);
        run.tape.wait(600);
        expect(causes(run), `book ${fetched}`).toEqual(["gapped_book"]);
      }
    }
    run.tape.book([[50, 100]], [[51, 100]]);
    contradict(run);
    run.tape.wait(1_900);
    expect(causes(run)).toEqual(["gapped_book"]);
    run.tape.wait(200);
    expect(causes(run)).toEqual([]);
  });
});
