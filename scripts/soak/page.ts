const LOOK_MS = 10_000;

/** A page of the dashboard that is open all the time: it looks at one market after the other, and reads everything. */
export class OpenPage {
  readonly #socket: WebSocket;
  readonly #timer: NodeJS.Timeout;
  #markets: readonly { readonly id: string }[] = [];
  #turn = 0;
  #frames = 0;
  #closed = false;
  /** Whether the dashboard has hung up on it. */
  lost = false;

  /** @param address as the run has printed it, with its token */
  constructor(address: string) {
    const { host, hash } = new URL(address);
    const options = {
      protocols: ["matchpoint.v1", hash.slice(1)],
      headers: { origin: `http://${host}` },
    };
    this.#socket = new WebSocket(`ws://${host}/ws`, options);
    this.#socket.addEventListener("message", ({ data }) => {
      this.#frames += 1;
      const frame = JSON.parse(String(data)) as {
        readonly type: string;
        readonly markets?: readonly { readonly id: string }[];
      };
      if (frame.markets !== undefined) this.#markets = frame.markets;
      if (frame.type === "hello") this.#look();
    });
    this.#socket.addEventListener("close", () => {
      this.lost ||= !this.#closed;
    });
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  /** How many frames it was sent. */
  get frames(): number {
    return this.#frames;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #look(): void {
    // The latest: those that began first are over.
    const market = this.#markets.at(-1 - (this.#turn++ % Math.max(1, Math.min(20, this.#markets.length))));
    if (market !== undefined && this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify({ type: "look", market: market.id }));
  }
}
