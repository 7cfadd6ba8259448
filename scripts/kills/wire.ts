import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What went to the venue and what it said, as seen between both: neither's word about itself. */
export class Wire {
  /** Bodies that were handed in, by the salt that their wallet signed, and how often each was. */
  readonly posted = new Map<string, number>();
  /** Orders that the venue said it took. */
  readonly taken = new Set<string>();
  readonly #server: Server;
  readonly #venue: URL;

  constructor(venue: string) {
    this.#venue = new URL(venue);
    this.#server = createServer((request, response) => {
      this.#pass(request, response);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((up) => this.#server.listen(0, "127.0.0.1", up));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What was sent is passed on whole or not at all, and also when nobody waits for the answer any more. */
  #pass(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const places = request.method === "POST" && /^\/orders?$/.test(request.url ?? "");
      if (places) this.#sent(body.toString());
      const { hostname, port } = this.#venue;
      const { method, url: path, headers } = request;
      const upstream = ask({ hostname, port, method, path, headers }, (answer) => {
        const said: Buffer[] = [];
        answer.on("data", (part: Buffer) => said.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(said);
          if (places) this.#said(text.toString());
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(text);
        });
      });
      upstream.on("error", () => response.destroy());
      upstream.end(body);
    });
  }

  #sent(body: string): void {
    for (const { order } of listed(JSON.parse(body)) as { order: { salt: number | string } }[])
      this.posted.set(String(order.salt), (this.posted.get(String(order.salt)) ?? 0) + 1);
  }

  #said(body: string): void {
    for (const { orderID, success } of listed(JSON.parse(body)) as { orderID?: string; success?: boolean }[])
      if (success === true && orderID !== undefined && orderID !== "") this.taken.add(orderID);
  }
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
