import { afterEach, describe, expect, it, vi } from "vitest";
import type { ServerFrame } from "../src/frames.ts";
import { Connection, order, Store, tokenOf, type Outcome } from "../src/store/index.ts";
import { FakeThread, TOKEN, type FakeOptions } from "./support/fakeThread.ts";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Page {
  readonly store: Store;
  readonly thread: FakeThread;
  readonly connection: Connection;
  readonly waits: number[];
  readonly kill: (token?: string) => Promise<Outcome | undefined>;
}

/** The page's store and connection, over real sockets, to a thread. */
async function page(options: FakeOptions = {}, token = TOKEN): Promise<Page> {
  const thread = new FakeThread("dist", { markets: 2, before: 30, ...options });
  const url = new URL(await thread.open());
  ends.push(() => thread.close());
  const store = new Store(() => {
    queueMicrotask(() => {
      store.flush();
    });
  });
  const waits: number[] = [];
  let over = false;
  const sockets: WebSocket[] = [];
  const connection = new Connection(store, token, {
    open: (protocols) => {
      const socket = new WebSocket(`ws://${url.host}/ws`, protocols);
      sockets.push(socket);
      return socket;
    },
    now: () => 1_000,
    later: (ms, run) => {
      waits.push(ms);
      setTimeout(() => {
        if (!over) run();
      }, 5);
    },
  });
  ends.push(() => {
    over = true;
    for (const socket of sockets) socket.close();
  });
  connection.open();
  const kill = async (as = TOKEN): Promise<Outcome | undefined> => {
    const orders = {
      token: as,
      newId: () => "kill-1",
      fetch: (path: string, init: RequestInit) => fetch(`http://${url.host}${path}`, init),
    };
    order(store, orders, "kill", "a reason");
    await vi.waitFor(() => {
      expect(store.answers.get("kill-1")?.kind).not.toBe("asked");
    });
    return store.answers.get("kill-1");
  };
  return { store, thread, connection, waits, kill };
}

describe("the page's connection", () => {
  it("hears who it is, asks for the first market, and has its chart whole", async () => {
    const { store, thread } = await page();
    await vi.waitFor(() => {
      expect(store.link.kind).toBe("open");
      expect(store.chart.t.length).toBeGreaterThan(50);
      expect(store.ladder?.market).toBe(store.chosen);
      expect(store.tables).toBeDefined();
      expect(store.log.length).toBeGreaterThan(0);
    });
    expect(thread.asked[0]).toEqual({ type: "look", market: "0x0001" });
  });

  it("comes back by itself when it is lost, and has everything again", async () => {
    const { store, thread, waits } = await page();
    await vi.waitFor(() => {
      expect(store.chart.t.length).toBeGreaterThan(50);
    });
    const before = store.log.length;
    thread.cut();
    await vi.waitFor(() => {
      expect(waits).toHaveLength(1);
    });
    await vi.waitFor(() => {
      expect(store.link.kind).toBe("open");
      expect(store.chart.t.length).toBeGreaterThan(50);
      expect(store.log.length).toBeGreaterThanOrEqual(before);
    });
    expect(new Set(store.chart.t).size).toBe(store.chart.t.length);
  });

  it("waits longer each time that nobody answers, and keeps when it was lost", async () => {
    const { store, thread, waits } = await page();
    await vi.waitFor(() => {
      expect(store.link.kind).toBe("open");
    });
    await thread.close();
    await vi.waitFor(() => {
      expect(waits.length).toBeGreaterThan(6);
    });
    expect(waits.slice(0, 7)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(store.link).toEqual({ kind: "lost", since: 1_000 });
  });

  it("says what to do about a token that does not hold, and does not try again", async () => {
    const { store, waits } = await page({}, "another-token-0000000000");
    await vi.waitFor(() => {
      expect(store.link.kind).toBe("refused");
    });
    expect(store.link).toHaveProperty("text", expect.stringContaining("matchpoint dashboard"));
    expect(waits).toEqual([]);
  });

  it("begins anew when what it hears does not join what it has", async () => {
    const { store, thread, waits } = await page();
    await vi.waitFor(() => {
      expect(store.chart.t.length).toBeGreaterThan(50);
    });
    thread.send(thread.markets[0]!.chart(1e6, 0));
    await vi.waitFor(() => {
      expect(waits).toHaveLength(1);
      expect(store.link.kind).toBe("open");
      expect(store.chart.t.length).toBeGreaterThan(50);
    });
  });

  it("passes over what is no frame", async () => {
    const { store, thread } = await page();
    await vi.waitFor(() => {
      expect(store.tables).toBeDefined();
    });
    for (const odd of [null, 7, "text", [], {}, { type: 3 }, { type: "__proto__" }])
      thread.send(odd as unknown as ServerFrame);
    thread.send({ type: "error", code: "BUSY", text: "later", last: false });
    await vi.waitFor(() => {
      expect(store.error?.code).toBe("BUSY");
    });
    expect(store.link.kind).toBe("open");
  });

  it("asks to be loaded again by a run of another version", async () => {
    const { store, thread } = await page();
    await vi.waitFor(() => {
      expect(store.hello).toBeDefined();
    });
    thread.send({ ...store.hello!, version: 2 as 1 });
    await vi.waitFor(() => {
      expect(store.link.kind).toBe("refused");
    });
  });
});

describe("a kill from the page", () => {
  it("carries the reason and the token, in no address, and comes to the result of each order", async () => {
    const { thread, kill } = await page({ markets: 6 });
    const outcome = await kill();
    expect(outcome).toMatchObject({ kind: "answered", answer: { ok: true, ms: 412 } });
    const [asked] = thread.ordered;
    expect(asked?.body).toEqual({ id: "kill-1", reason: "a reason" });
    expect(asked?.path).toBe("/api/kill");
    expect(asked?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, "x-matchpoint-control": "1" });
  });

  it("that could not be proven is an answer, with the orders that are not known", async () => {
    const { kill } = await page({ markets: 6, kill: "unproven" });
    const outcome = await kill();
    expect(outcome).toMatchObject({ kind: "answered", answer: { ok: false } });
    expect(outcome?.kind === "answered" && outcome.answer.orders.map(({ result }) => result)).toContain(
      "unknown",
    );
  });

  it("without an answer is not known, never a success", async () => {
    const { kill } = await page({ kill: "silent" });
    expect(await kill()).toMatchObject({ kind: "unknown", text: expect.stringContaining("matchpoint kill") });
  });

  it("that is refused says that nothing was stopped", async () => {
    const { kill, thread } = await page();
    expect(await kill("wrong-token-000000000000")).toMatchObject({
      kind: "refused",
      text: expect.stringContaining("own"),
    });
    expect(thread.ordered).toEqual([]);
  });
});

describe("the token", () => {
  const kept = (
    value: string | null = null,
  ): { value: string | null } & Pick<Storage, "getItem" | "setItem"> => ({
    value,
    getItem() {
      return this.value;
    },
    setItem(_key: string, given: string) {
      this.value = given;
    },
  });

  it("is taken from the address, kept for this tab, and taken off the address bar", () => {
    const tab = kept();
    let hidden = 0;
    expect(tokenOf({ hash: `#${TOKEN}`, kept: tab, hide: () => hidden++ })).toBe(TOKEN);
    expect([tab.value, hidden]).toEqual([TOKEN, 1]);
    expect(tokenOf({ hash: "", kept: tab, hide: () => hidden++ })).toBe(TOKEN);
    expect(hidden).toBe(1);
  });

  it("is nothing that it cannot be", () => {
    for (const hash of ["", "#", "#short", "#<script>alert(1)</script>", `#${"a".repeat(200)}`])
      expect(tokenOf({ hash, kept: kept(), hide: () => undefined })).toBeUndefined();
    expect(tokenOf({ hash: "", kept: undefined, hide: () => undefined })).toBeUndefined();
  });

  it("is good for this visit where the browser keeps nothing", () => {
    const refusing = {
      getItem: (): string => {
        throw new DOMException("no");
      },
      setItem: (): void => {
        throw new DOMException("no");
      },
    };
    expect(tokenOf({ hash: `#${TOKEN}`, kept: refusing, hide: () => undefined })).toBe(TOKEN);
    expect(tokenOf({ hash: "", kept: refusing, hide: () => undefined })).toBeUndefined();
  });
});
