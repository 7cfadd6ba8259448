/** Requests to the CLOB, with our own deadlines and headers. @module */
import { setMaxListeners } from "node:events";
import { MatchpointError, NANOS_PER_MS, type Clock, type Millis, type Transport } from "@matchpoint/sdk";
import type { L2Auth } from "../auth/l2.ts";
import { asFields, errorText, type HttpExchange } from "./answer.ts";
import type { Redactor } from "./redact.ts";

/** The venue's time: our wall clock when the gateway was made, moved on by the monotonic clock, and what the venue is ahead. */
export class VenueClock {
  /** How far the venue's clock is ahead of ours, in ms. */
  offsetMs = 0;
  readonly #clock: Clock;
  readonly #wall: number;
  readonly #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.wall();
    this.#at = clock.monotonic();
  }

  /** Unix ms now. Steps of the wall clock do not move it. */
  now(): Millis {
    return this.at(this.#clock.monotonic());
  }

  /** Unix ms at a monotonic time. */
  at(monotonic: number): Millis {
    return Math.floor(this.#wall + (monotonic - this.#at) / NANOS_PER_MS + this.offsetMs) as Millis;
  }
}

/** What {@link ClobHttp} runs on. */
export interface ClobPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly time: VenueClock;
  readonly auth: L2Auth;
  readonly url: string;
  readonly redactor: Redactor;
}

/** One request. */
export interface ClobCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The exact text that is sent and signed. */
  readonly body?: string;
  readonly timeoutMs: number;
  /** Public questions carry no credentials. */
  readonly open?: boolean;
}

const LONGEST_TEXT = 1_000_000;

/** Sends requests. Each is sent once: who wants it again asks again. */
export class ClobHttp {
  readonly #ports: ClobPorts;
  readonly #closed = new AbortController();
  /** Ends each call that is under way. */
  readonly #waiting = new Set<(exchange: HttpExchange) => void>();

  constructor(ports: ClobPorts) {
    this.#ports = ports;
    // Every call under way listens to it.
    setMaxListeners(0, this.#closed.signal);
  }

  /** Gives up what is under way; later calls fail at once. */
  close(): void {
    this.#closed.abort();
    for (const end of [...this.#waiting]) end(failed("given up: the gateway is closed"));
  }

  /** The answer, or why there is none. Never throws, and takes no longer than its deadline, whatever the transport does. */
  call(call: ClobCall): Promise<HttpExchange> {
    const { transport, clock, redactor } = this.#ports;
    if (this.#closed.signal.aborted) return Promise.resolve(failed("the gateway is closed"));
    const { method, path, body, timeoutMs } = call;
    const asked = new URLSearchParams(call.query).toString();
    const query = asked === "" ? "" : `?${asked}`;
    const url = `${this.#ports.url}${path}${query}`;
    const { signal } = this.#closed;
    return new Promise((resolve) => {
      const end = (exchange: HttpExchange): void => {
        cancel();
        this.#waiting.delete(end);
        resolve(exchange);
      };
      this.#waiting.add(end);
      // The transport keeps the same deadline; this one holds whatever it does.
      const cancel = clock.after(timeoutMs, () => {
        end(failed(`no answer within ${timeoutMs} ms`));
      });
      try {
        const headers = this.#headers(call);
        const options = { method, url, headers, timeoutMs, signal };
        transport
          .request(body === undefined ? options : { ...options, body })
          .then((answer) => this.#clean(answer, method))
          .then(end, (error: unknown) => {
            end({ failed: redactor.error(error) });
          });
      } catch (error) {
        end({ failed: redactor.error(error) });
      }
    });
  }

  /**
   * `GET` of a JSON document. `undefined` when the venue says that there is no such thing.
   * @throws `MatchpointError` `HTTP_FAILED` without an answer, on 425, 429 and 5xx; `HTTP_RESPONSE_INVALID`
   */
  async json(
    path: string,
    timeoutMs: number,
    query?: Readonly<Record<string, string>>,
    open = false,
  ): Promise<unknown> {
    const where = `GET ${path}`;
    const exchange = await this.call({
      method: "GET",
      path,
      timeoutMs,
      open,
      ...(query === undefined ? {} : { query }),
    });
    if ("failed" in exchange) {
      const text = exchange.failed instanceof Error ? exchange.failed.message : "no answer";
      // A transport's error says itself what was asked.
      throw new MatchpointError("HTTP_FAILED", text, text.startsWith("GET ") ? {} : { where });
    }
    const { status, body } = exchange;
    const text = new TextDecoder().decode(body);
    let value: unknown;
    try {
      value = text.trim() === "" ? null : (JSON.parse(text) as unknown);
    } catch {
      const what = text.trimStart().startsWith("<") ? "a page of HTML" : "no JSON";
      throw new MatchpointError("HTTP_RESPONSE_INVALID", `status ${status} with ${what}`, { where });
    }
    if (status === 200) return value;
    const said = (errorText(asFields(value) ?? {}) ?? "").slice(0, 200);
    if (status === 404 && (said === "" || /not found|no orderbook/i.test(said))) return undefined;
    const passing = status === 425 || status === 429 || status >= 500;
    throw new MatchpointError(
      passing ? "HTTP_FAILED" : "HTTP_RESPONSE_INVALID",
      `status ${status}: ${said}`,
      { where },
    );
  }

  #headers({ method, path, body, open }: ClobCall): Readonly<Record<string, string>> {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    if (open === true) return { accept: "application/json", ...type };
    const { auth, time, redactor } = this.#ports;
    const timestamp = Math.floor(time.now() / 1_000);
    const signed = auth.headers({ method, path, timestamp, ...(body === undefined ? {} : { body }) });
    redactor.also(signed.POLY_SIGNATURE);
    return { accept: "application/json", ...type, ...signed };
  }

  /** What is no plain answer to a question may quote the request. */
  #clean(exchange: Exclude<HttpExchange, { failed: unknown }>, method: string): HttpExchange {
    const { body, status } = exchange;
    if ((method === "GET" && status === 200) || body.length > LONGEST_TEXT) return exchange;
    const text = new TextDecoder().decode(body);
    const clean = this.#ports.redactor.text(text);
    return clean === text ? exchange : { ...exchange, body: new TextEncoder().encode(clean) };
  }
}

function failed(message: string): HttpExchange {
  return { failed: new MatchpointError("HTTP_FAILED", message) };
}
