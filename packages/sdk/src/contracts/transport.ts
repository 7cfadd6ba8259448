/** A message socket as adapters see it; the `ws` package behind it in production, a script in tests. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
}

/** What happens on a {@link Socket}. A `frame` is raw bytes, valid only during the call. */
export interface SocketHandlers {
  open(): void;
  frame(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
  error(error: Error): void;
}

/** An HTTP answer, read whole. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** How adapters reach the network. Every call has a deadline. */
export interface Transport {
  connect(
    url: string,
    handlers: SocketHandlers,
    options?: { readonly maxPayload?: number; readonly headers?: Readonly<Record<string, string>> },
  ): Socket;
  request(options: {
    readonly method: "GET" | "POST" | "DELETE";
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<HttpResponse>;
}
