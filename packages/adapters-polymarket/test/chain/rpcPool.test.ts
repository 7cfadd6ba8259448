import { isMatchpointError, MatchpointError, VirtualClock, type Transport } from "@matchpoint/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRpcPool, type RpcPool } from "../../src/chain/rpcPool.ts";

/** What a node says: a value, that it refuses, that it has trouble of its own, or nothing. */
type Says = "a" | "b" | "c" | "revert" | "busy" | "silent";

/** Nodes that say what they are told to, in the order of `order`. */
function poolOf(says: readonly Says[], order: readonly number[], quorum: number): RpcPool {
  const waits = says.map((_, index) => order.indexOf(index));
  const transport: Transport = {
    connect: () => {
      throw new MatchpointError("INVARIANT", "no sockets here");
    },
    async request({ url, body }) {
      const index = Number(new URL(url).port) - 1_000;
      const { id, method } = JSON.parse(body ?? "") as { id: number; method: string };
      const say = says[index]!;
      if (method !== "eth_chainId")
        for (let turn = 0; turn < waits[index]! * 10; turn += 1) await Promise.resolve();
      if (say === "silent") throw new MatchpointError("HTTP_FAILED", "no answer");
      const answer =
        method === "eth_chainId"
          ? { result: "0x89" }
          : say === "revert"
            ? { error: { code: 3, message: "execution reverted", data: "0x01" } }
            : say === "busy"
              ? { error: { code: -32005, message: "limit exceeded" } }
              : { result: say };
      const text = JSON.stringify({ jsonrpc: "2.0", id, ...answer });
      return { status: 200, headers: {}, body: new TextEncoder().encode(text) };
    },
  };
  const urls = says.map((_, index) => `http://node:${1_000 + index}/`);
  return createRpcPool({ urls, chainId: 137, transport, clock: new VirtualClock(), quorum });
}

/** What must come of a vote: the group that is large enough and larger than any other. */
function expected(says: readonly Says[], quorum: number): string {
  const groups = new Map<string, number>();
  for (const say of says) if (say !== "silent" && say !== "busy") groups.set(say, (groups.get(say) ?? 0) + 1);
  const [first, second] = [...groups.entries()].sort(([, a], [, b]) => b - a);
  if (first !== undefined && first[1] >= quorum && first[1] > (second?.[1] ?? 0)) return first[0];
  return groups.size > 1 ? "CHAIN_DISPUTED" : "CHAIN_UNREACHABLE";
}

async function voted(pool: RpcPool): Promise<string> {
  try {
    const answer = await pool.agreed("eth_call", []);
    return answer.kind === "result" ? String(answer.value) : "revert";
  } catch (error) {
    return isMatchpointError(error) ? error.code : String(error);
  }
}

describe("votes of nodes", () => {
  test("are won by enough nodes, and more than say anything else, in whatever order they answer", async () => {
    const say = fc.constantFrom<Says>("a", "a", "a", "b", "c", "revert", "busy", "silent");
    const nodes = fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.record({
        says: fc.array(say, { minLength: count, maxLength: count }),
        order: fc.shuffledSubarray(
          Array.from({ length: count }, (_, index) => index),
          { minLength: count },
        ),
        quorum: fc.integer({ min: 1, max: count }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(nodes, async ({ says, order, quorum }) => {
        expect(await voted(poolOf(says, order, quorum))).toBe(expected(says, quorum));
      }),
      { numRuns: 500 },
    );
  });

  test("of two against two are won by nobody", async () => {
    expect(await voted(poolOf(["a", "a", "b", "b"], [0, 1, 2, 3], 2))).toBe("CHAIN_DISPUTED");
    expect(await voted(poolOf(["a", "a", "b"], [0, 1, 2], 2))).toBe("a");
    expect(await voted(poolOf(["a", "revert"], [0, 1], 1))).toBe("CHAIN_DISPUTED");
  });

  test("of one who refuses and another who is busy: a single reader hears the one who knows", async () => {
    const answer = await poolOf(["busy", "silent", "revert", "a"], [0, 1, 2, 3], 1).call("eth_call", []);
    expect(answer).toMatchObject({ kind: "refused", code: 3 });
    const only = await poolOf(["busy", "silent"], [0, 1], 1).call("eth_call", []);
    expect(only).toMatchObject({ kind: "refused", message: "limit exceeded" });
  });
});
