import { MatchpointError, type Transport } from "@matchpoint/sdk";

/** What a node answers to a call: a result, or its refusal, which is an answer too. */
export type RpcAnswer =
  | { readonly kind: "result"; readonly value: unknown }
  | { readonly kind: "refused"; readonly code: number; readonly message: string; readonly data?: string };

/** JSON-RPC to one node. */
export interface RpcEndpoint {
  /** Its place in the list and its host, never its path: paths of providers hold keys. */
  readonly label: string;
  /** @throws `MatchpointError` `CHAIN_UNREACHABLE` when there is no answer, or none that JSON-RPC knows */
  call(method: string, params: readonly unknown[], timeoutMs: number): Promise<RpcAnswer>;
}

/** JSON-RPC by HTTP. No error quotes the address beyond its host. @throws `MatchpointError` `CONFIG_INVALID` */
export function createRpcEndpoint(url: string, index: number, transport: Transport): RpcEndpoint {
  const label = `rpc ${index + 1} (${hostOf(url, index)})`;
  let last = 0;
  return {
    label,
    async call(method, params, timeoutMs) {
      last += 1;
      const id = last;
      const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
      const headers = { "content-type": "application/json" };
      let text: string;
      let status: number;
      try {
        const response = await transport.request({ method: "POST", url, headers, body, timeoutMs });
        status = response.status;
        text = new TextDecoder().decode(response.body);
      } catch {
        // The transport's own error names the whole address: it is not passed on.
        throw unreachable(label, `no answer to ${method} within ${timeoutMs} ms`);
      }
      return readAnswer(text, id, label, `${method}, status ${status}`);
    },
  };
}

/** The error for a node, or all of them, that cannot be asked. */
export function unreachable(where: string, message: string, hint?: string): MatchpointError {
  return new MatchpointError("CHAIN_UNREACHABLE", message, {
    where,
    ...(hint === undefined ? {} : { hint }),
  });
}

function readAnswer(text: string, id: number, label: string, what: string): RpcAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw unreachable(label, `the answer to ${what} is not JSON`);
  }
  if (typeof answer !== "object" || answer === null || (answer as { id?: unknown }).id !== id)
    throw unreachable(label, `the answer to ${what} is not one of JSON-RPC`);
  const { result, error } = answer as { result?: unknown; error?: unknown };
  if (typeof error === "object" && error !== null) {
    const { code, message, data } = error as Record<string, unknown>;
    return {
      kind: "refused",
      code: typeof code === "number" ? code : 0,
      message: (typeof message === "string" ? message : "no reason given").slice(0, 300),
      ...(typeof data === "string" && /^0x[0-9a-fA-F]*$/.test(data) ? { data } : {}),
    };
  }
  if (result === undefined) throw unreachable(label, `the answer to ${what} has neither result nor error`);
  return { kind: "result", value: result };
}

function hostOf(url: string, index: number): string {
  let read: URL | undefined;
  try {
    read = new URL(url);
  } catch {
    // Said below, without the text.
  }
  if (read === undefined || !["http:", "https:"].includes(read.protocol))
    throw new MatchpointError("CONFIG_INVALID", `rpc ${index + 1} is not an http or https address`, {
      hint: "it looks like https://host/path; sockets are not used",
    });
  return read.host;
}
