import type { IncomingMessage } from "node:http";
import type { SourceVisits } from "./fakeSource.ts";

/** What clients did, as it is written down. */
export class VisitBook {
  connections = 0;
  requests = 0;
  readonly messages: string[] = [];
  readonly #headers: Readonly<Record<string, string>>[] = [];
  readonly #paths: string[] = [];

  /** A request, or an attempt at a socket. */
  came(request: IncomingMessage): void {
    this.#headers.push(headersOf(request));
    this.#paths.push(request.url ?? "/");
  }

  list(open: number): SourceVisits {
    const { connections, requests } = this;
    const [headers, paths, messages] = [[...this.#headers], [...this.#paths], [...this.messages]];
    return { connections, requests, open, headers, paths, messages };
  }
}

/** Headers as plain text, names in lower case. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));
}
