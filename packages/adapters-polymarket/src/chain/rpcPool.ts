import { MatchpointError, NANOS_PER_MS, type Clock, type Transport } from "@matchpoint/sdk";
import type { ChainId } from "../venue/contracts.ts";
import { isDefinite } from "./refusals.ts";
import { createRpcEndpoint, unreachable, type RpcAnswer, type RpcEndpoint } from "./rpcEndpoint.ts";
import { quantity, readBlock, type ChainBlock } from "./wire.ts";

/** How nodes are asked. */
export interface RpcPoolOptions {
  /** Addresses of nodes, the preferred one first. */
  readonly urls: readonly string[];
  readonly chainId: ChainId;
  readonly transport: Transport;
  readonly clock: Clock;
  /** How long one node may take. Default 5 s. */
  readonly timeoutMs?: number;
  /** How many nodes must say the same before something is sent. Default 2, or 1 when only one is given. */
  readonly quorum?: number;
  /** How long a checked chain id holds; after a failure it is asked again at once. Default one minute. */
  readonly recheckMs?: number;
}

/** How a node stands. */
export interface RpcHealth {
  readonly label: string;
  readonly state: "unknown" | "ok" | "failing" | "wrong_chain";
  readonly failures: number;
  /** How often it was outvoted. */
  readonly outvoted: number;
}

/** What became of a raw transaction that was handed to the nodes. */
export type Broadcast =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string };

/** Several nodes as one. Reads by {@link RpcPool.call} are one node's word; what money hangs on is {@link RpcPool.agreed}. */
export interface RpcPool {
  /** The first node that answers. @throws `MatchpointError` `CHAIN_UNREACHABLE`, `CHAIN_WRONG` */
  call(method: string, params: readonly unknown[]): Promise<RpcAnswer>;
  /**
   * What enough nodes say alike, and more of them than say anything else.
   * @throws `MatchpointError` `CHAIN_UNREACHABLE` when too few answer, `CHAIN_DISPUTED` when they differ, `CHAIN_WRONG`
   */
  agreed(method: string, params: readonly unknown[], key?: (value: unknown) => unknown): Promise<RpcAnswer>;
  /** The latest block that enough nodes have, or the last that is final. */
  block(tag: "latest" | "finalized"): Promise<ChainBlock>;
  /** Hands a signed transaction to every node; to do so twice does no harm. */
  broadcast(raw: string): Promise<Broadcast>;
  health(): readonly RpcHealth[];
}

interface Node {
  readonly endpoint: RpcEndpoint;
  state: RpcHealth["state"];
  checkedAt: number;
  failures: number;
  /** Failures since it last answered, and until when it is left out of votes because of them. */
  streak: number;
  restUntil: number;
  outvoted: number;
}

/** A node that fails is left out of votes for this long, twice as long after each further failure. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Nodes behind one door: fail-over, the chain id checked at each connection, and votes. @throws `MatchpointError` `CONFIG_INVALID` */
export function createRpcPool(options: RpcPoolOptions): RpcPool {
  const { urls, chainId, transport, clock, timeoutMs = 5_000, recheckMs = 60_000 } = options;
  if (urls.length === 0)
    throw new MatchpointError("CONFIG_INVALID", "no RPC address is given", {
      hint: "name at least one, better three",
    });
  if (new Set(urls).size !== urls.length)
    throw new MatchpointError("CONFIG_INVALID", "an RPC address is given twice", {
      hint: "one node has one vote",
    });
  const quorum = options.quorum ?? Math.min(2, urls.length);
  if (!Number.isSafeInteger(quorum) || quorum < 1 || quorum > urls.length)
    throw new MatchpointError("CONFIG_INVALID", `${quorum} of ${urls.length} nodes cannot agree`);
  const nodes: Node[] = urls.map((url, index) => ({
    endpoint: createRpcEndpoint(url, index, transport),
    state: "unknown",
    checkedAt: 0,
    failures: 0,
    streak: 0,
    restUntil: 0,
    outvoted: 0,
  }));

  /** Who is asked for a vote: all but those that rest, or all when too few are left. */
  function voters(): readonly Node[] {
    const now = clock.monotonic();
    const awake = nodes.filter(({ restUntil }) => restUntil <= now);
    return awake.length >= quorum ? awake : nodes;
  }

  async function ask(node: Node, method: string, params: readonly unknown[]): Promise<RpcAnswer> {
    try {
      const now = clock.monotonic();
      if (node.state !== "ok" || now - node.checkedAt > recheckMs * NANOS_PER_MS) await check(node);
      const answer = await node.endpoint.call(method, params, timeoutMs);
      node.streak = 0;
      return answer;
    } catch (error) {
      node.failures += 1;
      const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS << Math.min(node.streak, 6));
      node.streak += 1;
      node.restUntil = clock.monotonic() + rest * NANOS_PER_MS;
      if (node.state !== "wrong_chain") node.state = "failing";
      throw error;
    }
  }

  async function check(node: Node): Promise<void> {
    const answer = await node.endpoint.call("eth_chainId", [], timeoutMs);
    const found = answer.kind === "result" ? quantity(answer.value) : undefined;
    if (found === undefined) throw unreachable(node.endpoint.label, "it does not say which chain it serves");
    if (found !== BigInt(chainId)) {
      node.state = "wrong_chain";
      throw new MatchpointError("CHAIN_WRONG", `it serves chain ${found}, not ${chainId}`, {
        where: node.endpoint.label,
        hint: `use an address of chain ${chainId}${chainId === 137 ? " (Polygon)" : ""}`,
      });
    }
    node.state = "ok";
    node.checkedAt = clock.monotonic();
  }

  function allFailed(errors: readonly unknown[], method: string): MatchpointError {
    const wrong = errors.find((each) => each instanceof MatchpointError && each.code === "CHAIN_WRONG");
    if (wrong !== undefined && nodes.every(({ state }) => state === "wrong_chain"))
      return wrong as MatchpointError;
    const told = errors.map((each) => (each instanceof Error ? each.message.split("\n")[0] : String(each)));
    return unreachable(method, `${told.length} of ${nodes.length} nodes failed: ${told.join("; ")}`);
  }

  async function vote(
    ballot: (node: Node) => Promise<RpcAnswer>,
    key: (value: unknown) => unknown,
    method: string,
  ): Promise<RpcAnswer> {
    const groups = new Map<string, { answer: RpcAnswer; voters: Node[] }>();
    const errors: unknown[] = [];
    const asked = voters();
    let open = asked.length;
    return new Promise((resolve, reject) => {
      let done = false;
      const count = (): void => {
        open -= 1;
        const [first, second] = [...groups.values()].sort((a, b) => b.voters.length - a.voters.length);
        const most = first?.voters.length ?? 0;
        const next = second?.voters.length ?? 0;
        if (open === 0 && groups.size > 1)
          for (const { voters } of groups.values())
            if (voters !== first?.voters) for (const voter of voters) voter.outvoted += 1;
        if (done) return;
        if (first !== undefined && most >= quorum && most > next + open) {
          done = true;
          resolve(first.answer);
        } else if (open === 0) {
          done = true;
          if (groups.size > 1) {
            const sides = [...groups.values()].map(({ voters }) =>
              voters.map((each) => each.endpoint.label).join(", "),
            );
            const detail = `${quorum} nodes must say the same, and they differ: ${sides.join(" against ")}`;
            const hint = "nothing was sent; try again, and replace a node that keeps differing";
            reject(new MatchpointError("CHAIN_DISPUTED", detail, { where: method, hint }));
          } else if (first !== undefined) {
            const few = `only ${most} of the ${quorum} nodes that are needed answered`;
            reject(unreachable(method, few, (errors[0] as Error | undefined)?.message));
          } else reject(allFailed(errors, method));
        }
      };
      for (const node of asked) {
        ballot(node).then(
          (answer) => {
            const id =
              answer.kind === "result"
                ? `=${stable(key(answer.value))}`
                : `!${answer.data ?? answer.message}`;
            const group = groups.get(id) ?? { answer, voters: [] };
            group.voters.push(node);
            groups.set(id, group);
            count();
          },
          (error: unknown) => {
            errors.push(error);
            count();
          },
        );
      }
    });
  }

  /** The number of the block that `quorum` nodes have reached. */
  async function height(tag: "latest" | "finalized"): Promise<bigint> {
    const answers = await Promise.allSettled(
      voters().map(async (node) => {
        const answer = await ask(node, "eth_getBlockByNumber", [tag, false]);
        return answer.kind === "result" ? readBlock(answer.value)?.number : undefined;
      }),
    );
    const heights: bigint[] = [];
    const errors: unknown[] = [];
    for (const answer of answers) {
      if (answer.status === "rejected") errors.push(answer.reason);
      else if (answer.value !== undefined) heights.push(answer.value);
    }
    heights.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    const found = heights[quorum - 1];
    if (found === undefined) throw allFailed(errors, `the ${tag} block`);
    return found;
  }

  return {
    async call(method, params) {
      const order = [...nodes].sort((a, b) => rank(a) - rank(b));
      const errors: unknown[] = [];
      let refused: RpcAnswer | undefined;
      for (const node of order) {
        try {
          const answer = await ask(node, method, params);
          if (answer.kind === "result" || isDefinite(answer)) return answer;
          // "Try again later", "limit exceeded", "header not found": another node may know.
          refused = answer;
        } catch (error) {
          errors.push(error);
        }
      }
      if (refused !== undefined) return refused;
      throw allFailed(errors, method);
    },
    agreed: (method, params, key = (value) => value) =>
      vote(
        async (node) => {
          const answer = await ask(node, method, params);
          if (answer.kind === "refused" && !isDefinite(answer))
            throw unreachable(node.endpoint.label, answer.message);
          return answer;
        },
        key,
        method,
      ),
    async block(tag) {
      const number = await height(tag);
      const asked = [`0x${number.toString(16)}`, false];
      const answer = await this.agreed("eth_getBlockByNumber", asked, (value) => readBlock(value)?.hash);
      const block = answer.kind === "result" ? readBlock(answer.value) : undefined;
      if (block === undefined) throw unreachable(`block ${number}`, "the nodes do not have it any more");
      return block;
    },
    async broadcast(raw) {
      const told: string[] = [];
      let silent = 0;
      const all = voters().map(async (node) => {
        const answer = await ask(node, "eth_sendRawTransaction", [raw]).catch((error: unknown) => {
          silent += 1;
          told.push((error as Error).message.split("\n")[0]!);
          return undefined;
        });
        if (answer === undefined) throw unreachable(node.endpoint.label, "no answer");
        if (
          answer.kind === "result" ||
          /already known|known transaction|already imported/i.test(answer.message)
        )
          return;
        told.push(`${node.endpoint.label}: ${answer.message}`);
        throw unreachable(node.endpoint.label, answer.message);
      });
      try {
        await Promise.any(all);
        return { kind: "accepted" };
      } catch {
        return { kind: silent === 0 ? "refused" : "unknown", message: told.join("; ") };
      }
    },
    health: () =>
      nodes.map(({ endpoint, state, failures, outvoted }) => ({
        label: endpoint.label,
        state,
        failures,
        outvoted,
      })),
  };
}

function rank({ state }: Node): number {
  return state === "ok" ? 0 : state === "unknown" ? 1 : state === "failing" ? 2 : 3;
}

/** JSON with its keys in order, so that two nodes' answers compare by what they say. */
function stable(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (value === undefined) return "nothing";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${stable(each)}`).join(",")}}`;
}
