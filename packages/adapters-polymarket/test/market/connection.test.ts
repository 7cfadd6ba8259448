import { VirtualClock, type SocketHandlers, type Transport } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { Connection } from "../../src/market/connection.ts";
import { FEED_DEFAULTS } from "../../src/index.ts";

/** A transport whose sockets a test opens and closes by hand. */
class HandTransport implements Transport {
  readonly sockets: { readonly handlers: SocketHandlers; readonly sent: string[]; closed: boolean }[] = [];
  connect(_url: string, handlers: SocketHandlers) {
    const socket = { handlers, sent: [] as string[], closed: false };
    this.sockets.push(socket);
    return {
      send: (text: string) => {
        socket.sent.push(text);
      },
      close: () => {
        socket.closed = true;
      },
    };
  }
  request(): never {
    throw new Error("no HTTP here");
  }
  get last() {
    return this.sockets.at(-1)!;
  }
}

function setUp(random: () => number = () => 0) {
  const clock = new VirtualClock();
  const transport = new HandTransport();
  const told: string[] = [];
  const connection = new Connection("ws://x", { transport, clock, random, maxPayload: 1 }, FEED_DEFAULTS, {
    open: () => told.push("open"),
    frame: () => told.push("frame"),
    down: (reason) => told.push(reason),
    silent: () => told.push("silent"),
  });
  return { clock, transport, told, connection };
}
const text = (value: string) => new TextEncoder().encode(value);

describe("a connection", () => {
  it("waits twice as long after each failure, up to half a minute, and begins anew after data", () => {
    const { clock, transport, connection } = setUp();
    connection.start();
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      transport.last.handlers.close(1006, "");
      const sockets = transport.sockets.length;
      let waited = 0;
      while (transport.sockets.length === sockets) {
        clock.advance(1);
        waited++;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    transport.last.handlers.open();
    transport.last.handlers.frame(text("PONG"));
    transport.last.handlers.close(1006, "");
    const sockets = transport.sockets.length;
    clock.advance(29_999);
    expect(transport.sockets.length).toBe(sockets);
    clock.advance(1);
    transport.last.handlers.open();
    transport.last.handlers.frame(text("[]"));
    transport.last.handlers.close(1006, "");
    clock.advance(250);
    expect(transport.sockets.length).toBe(sockets + 2);
  });

  it("cuts the wait by up to half by chance", () => {
    const { clock, transport, connection } = setUp(() => 1);
    connection.start();
    transport.last.handlers.close(1006, "");
    clock.advance(124);
    expect(transport.sockets).toHaveLength(1);
    clock.advance(1);
    expect(transport.sockets).toHaveLength(2);
  });

  it("gives up a socket that does not open, and hears no more of it", () => {
    const { clock, transport, told, connection } = setUp();
    connection.start();
    const [first] = transport.sockets;
    clock.advance(10_000);
    expect([told, first!.closed]).toEqual([["not open within 10000 ms"], true]);
    first!.handlers.open();
    first!.handlers.frame(text("[]"));
    first!.handlers.close(1000, "");
    expect(told).toHaveLength(1);
  });

  it("sends PING every ten seconds and gives up without an answer", () => {
    const { clock, transport, told, connection } = setUp();
    connection.start();
    transport.last.handlers.open();
    for (let i = 0; i < 3; i++) {
      clock.advance(10_000);
      transport.last.handlers.frame(text("PONG"));
    }
    expect(transport.last.sent).toEqual(["PING", "PING", "PING"]);
    clock.advance(19_999);
    expect(told.at(-1)).not.toContain("PONG");
    clock.advance(1);
    expect(told.at(-1)).toBe("no PONG within 10000 ms");
  });

  it("asks about silence, again after each word that it is quiet", () => {
    const { clock, transport, told, connection } = setUp();
    connection.start();
    transport.last.handlers.open();
    const live = (ms: number) => {
      for (let t = 0; t < ms; t += 5_000) {
        clock.advance(5_000);
        transport.last.handlers.frame(text("PONG"));
      }
    };
    live(25_000);
    transport.last.handlers.frame(text("{}"));
    live(25_000);
    expect(told).not.toContain("silent");
    live(5_000);
    expect(told.filter((each) => each === "silent")).toHaveLength(1);
    live(60_000);
    expect(told.filter((each) => each === "silent")).toHaveLength(1);
    connection.alive();
    live(30_000);
    expect(told.filter((each) => each === "silent")).toHaveLength(2);
  });

  it("says what the socket complained of", () => {
    const { transport, told, connection } = setUp();
    connection.start();
    transport.last.handlers.error(new Error("Unexpected server response: 403"));
    transport.last.handlers.close(1006, "");
    expect(told).toEqual(["closed with 1006 (Unexpected server response: 403)"]);
  });

  it("stops for good", () => {
    const { clock, transport, told, connection } = setUp();
    connection.start();
    transport.last.handlers.open();
    connection.stop();
    connection.stop();
    connection.start();
    connection.restart("no");
    transport.last.handlers.close(1000, "");
    clock.advance(100_000);
    expect([transport.sockets.length, transport.last.closed, told]).toEqual([1, true, ["open"]]);
    expect(clock.next()).toBeUndefined();
  });
});
