import { VirtualClock, type Transport } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { requestWithin } from "../../src/common/requestWithin.ts";

/** Never answers; ends with its signal. */
const silent: Transport = {
  connect: () => ({ send: () => undefined, close: () => undefined }),
  request: ({ signal }) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    }),
};

describe("a request with the clock's patience", () => {
  it("gives up when the clock says so, without the key in its URL", async () => {
    const clock = new VirtualClock();
    const url = "https://x.example/?key=s3cret";
    const asked = requestWithin(silent, clock, 5_000, { url, signal: new AbortController().signal });
    const ended = expect(asked).rejects.toMatchObject({
      code: "HTTP_FAILED",
      message: expect.stringContaining("5000 ms"),
    });
    clock.advance(5_000);
    await ended;
    await asked.catch((error: unknown) => expect(JSON.stringify(error)).not.toContain("s3cret"));
  });

  it("ends with the caller's signal as the transport has it, and leaves no timer", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const asked = requestWithin(silent, clock, 5_000, { url: "https://x.example/", signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toThrow("aborted");
    expect(clock.next()).toBeUndefined();
  });
});
