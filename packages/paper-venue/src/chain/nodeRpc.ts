import { MatchpointError } from "@matchpoint/sdk";

/** What a node answers to a call that it refuses. */
export interface RpcRefusal {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** JSON-RPC to one node, call after call. */
export class NodeRpc {
  readonly #url: string;
  #id = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws `MatchpointError` `HTTP_FAILED` with the node's refusal as `context.refusal` */
  async send<T = unknown>(method: string, params: readonly unknown[] = []): Promise<T> {
    this.#id += 1;
    const where = `${method} at ${this.#url}`;
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: this.#id, method, params }),
      signal: AbortSignal.timeout(20_000),
    }).catch((cause: unknown) => {
      throw new MatchpointError("HTTP_FAILED", "the local chain does not answer", { where, cause });
    });
    const answer = (await response.json()) as { result?: T; error?: RpcRefusal };
    if (answer.error !== undefined)
      throw new MatchpointError("HTTP_FAILED", answer.error.message, {
        where,
        context: { refusal: answer.error },
      });
    return answer.result as T;
  }
}
