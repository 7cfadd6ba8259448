import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a node says instead of the truth: a result, `"hang"`, or `undefined` for the truth. */
export type Lie = (method: string, params: readonly unknown[]) => unknown;

/** A node that passes calls on to another, and lies when it is told to. */
export interface LyingNode {
  readonly url: string;
  readonly calls: string[];
  lie: Lie;
  close(): Promise<void>;
}

/** Starts a node that speaks for `upstream`. */
export async function startLyingNode(upstream: string): Promise<LyingNode> {
  const node = { calls: [] as string[], lie: (() => undefined) as Lie };
  const server = createServer((request, response) => void answer(request, response, upstream, node));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(node, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/a-secret-key`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: string,
  node: { calls: string[]; lie: Lie },
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const call = JSON.parse(body) as Call;
  node.calls.push(call.method);
  const lie = node.lie(call.method, call.params);
  if (lie === "hang") return;
  if (lie === "html") {
    response.writeHead(503, { "content-type": "text/html" }).end("<html>busy</html>");
    return;
  }
  response.setHeader("content-type", "application/json");
  if (lie !== undefined) {
    response.end(JSON.stringify({ jsonrpc: "2.0", id: call.id, ...(lie as object) }));
    return;
  }
  const truth = await fetch(upstream, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  response.end(await truth.text());
}
