import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a fake has read it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What a fake answers: a status with JSON, bytes as they are, or nothing at all. */
export type Told =
  | { readonly status: number; readonly json?: unknown; readonly text?: string; readonly headers?: object }
  | "silence"
  | "hang up";

/** A secret manager on the loopback interface. */
export interface Fake {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Serves what `answer` says. */
export async function serve(answer: (asked: Asked) => Told): Promise<Fake> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://fake");
      const body = Buffer.concat(parts).toString();
      const one = { method: request.method ?? "", url, headers: request.headers, body };
      asked.push(one);
      tell(response, answer(one));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => {
          done();
        });
      }),
  };
}

function tell(response: ServerResponse, told: Told): void {
  if (told === "silence") return;
  if (told === "hang up") {
    response.destroy();
    return;
  }
  response.writeHead(told.status, { "content-type": "application/json", ...told.headers });
  response.end(told.text ?? JSON.stringify(told.json ?? {}));
}
