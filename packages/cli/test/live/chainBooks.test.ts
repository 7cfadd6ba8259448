import type { ApprovalRequest } from "@matchpoint/adapters-polymarket";
import { id, type MarketId } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { chainBooks } from "../../src/live/chainBooks.ts";
import type { LiveWallet } from "../../src/live/wallet.ts";

type State = Awaited<ReturnType<LiveWallet["chain"]["planApprovals"]>>["states"][number];

const CLOCK = { wall: () => 0 as ReturnType<Parameters<typeof chainBooks>[1]["wall"]> };
const BOUNDED = 7_000_000n;
const UNBOUNDED = (1n << 256n) - 1n;

it("asks what the exchanges of the markets traded may take, and tells the least of it", async () => {
  const asked: ApprovalRequest[] = [];
  const books = chainBooks(
    wallet(
      [false, true],
      [
        state("pusd", "exchange", UNBOUNDED),
        state("positions", "exchange", true),
        state("pusd", "neg-risk exchange", BOUNDED),
        state("positions", "neg-risk exchange", false),
      ],
      asked,
    ),
    CLOCK,
  );
  expect(await books.fetchAllowance!()).toEqual({
    dollars: 7_000_000,
    noShares: ["the neg-risk exchange 0x1111111111111111111111111111111111111111"],
  });
  expect(asked).toEqual([{ kinds: ["standard", "neg_risk"], uses: ["trade"] }]);
});

it("counts what is unbounded as the most that is exact", async () => {
  const states = [state("pusd", "exchange", UNBOUNDED), state("positions", "exchange", true)];
  const books = chainBooks(wallet([false], states, []), CLOCK);
  expect(await books.fetchAllowance!()).toEqual({ dollars: Number.MAX_SAFE_INTEGER, noShares: [] });
});

it("asks nothing where no market trades conditional tokens", async () => {
  const asked: ApprovalRequest[] = [];
  expect(await chainBooks(wallet([], [], asked), CLOCK).fetchAllowance!()).toBeUndefined();
  expect(asked).toEqual([]);
});

function state(token: State["token"], name: string, current: bigint | boolean): State {
  return { token, name, spender: `0x${"1".repeat(40)}`, current, enough: true };
}

function wallet(
  negRisk: readonly boolean[],
  states: readonly State[],
  asked: ApprovalRequest[],
): Parameters<typeof chainBooks>[0] {
  const chain = {
    limits: { finality: { kind: "blocks", blocks: 0 } },
    planApprovals: (request: ApprovalRequest) => {
      asked.push(request);
      return Promise.resolve({ states, steps: [], lines: [] });
    },
  } as unknown as LiveWallet["chain"];
  const markets = new Map(
    negRisk.map((each, i) => {
      const marketId = id<MarketId>(`m${i}`);
      return [marketId, { conditionId: marketId, tokens: ["1", "2"], negRisk: each }] as const;
    }),
  );
  return { chain, markets };
}
