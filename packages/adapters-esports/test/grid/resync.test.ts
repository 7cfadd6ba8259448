import { VirtualClock, type HttpResponse, type SocketHandlers, type Transport } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { createGridFeed } from "../../src/index.ts";
import { bytesOf, CS, EPOCH } from "../support.ts";
import { gameStarted, roundStarted, roundWon, started, transaction } from "./transactions.ts";

/** Lets promises run that wait for nothing else. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** A feed on a clock that is moved by hand, whose questions for the state are all answered alike. */
function stage(answer: HttpResponse) {
  const clock = new VirtualClock({ startsAt: EPOCH });
  const sockets: SocketHandlers[] = [];
  const asked: number[] = [];
  const transport: Transport = {
    connect: (_url, handlers) => {
      sockets.push(handlers);
      return { send: () => undefined, close: () => undefined };
    },
    request: () => {
      asked.push(clock.monotonic() / 1e9);
      return Promise.resolve(answer);
    },
  };
  const abort = new AbortController();
  const feed = createGridFeed({ transport, clock, apiKey: () => Promise.resolve({ reveal: () => "k" }) });
  let last = -1;
  const reading = (async () => {
    for await (const { at } of feed.events({ matches: [CS], signal: abort.signal })) last = at;
  })();
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      await settle();
    }
  };
  return { clock, sockets, asked, abort, reading, pass, last: () => last };
}

describe("the GRID feed's questions for the state", () => {
  const unreadable = transaction(2, [{ ...roundWon("g1", 1, "96"), actor: null }]);

  async function needing(answer: HttpResponse): Promise<ReturnType<typeof stage>> {
    const here = stage(answer);
    await settle();
    await here.pass(1);
    const socket = here.sockets[0]!;
    socket.open();
    socket.frame(bytesOf(transaction(1, [started(), gameStarted("g1"), roundStarted("g1", 1)])));
    socket.frame(bytesOf(unreadable));
    await settle();
    return here;
  }

  it("come every 15 seconds while they are refused, and not faster and faster", async () => {
    const here = await needing({ status: 503, headers: {}, body: new Uint8Array() });
    await here.pass(120);
    expect(here.asked.length).toBeLessThanOrEqual(1 + 120 / 15);
    expect(here.asked.length).toBeGreaterThanOrEqual(5);
    here.abort.abort();
    await here.reading;
  });

  it("end with the feed, which leaves no timer", async () => {
    const here = await needing({ status: 503, headers: {}, body: new Uint8Array() });
    await here.pass(40);
    here.abort.abort();
    await here.reading;
    const before = here.asked.length;
    expect(here.clock.next()).toBeUndefined();
    await here.pass(120);
    expect(here.asked.length).toBe(before);
  });
});
