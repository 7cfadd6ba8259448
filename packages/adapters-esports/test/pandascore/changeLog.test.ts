import { VirtualClock, type HttpResponse, type Transport } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { ChangeLog } from "../../src/pandascore/changeLog.ts";
import { Pace } from "../../src/pandascore/pace.ts";
import { bytesOf, EPOCH } from "../support.ts";

it("the log of changes is not asked for while the provider has told somebody to wait", async () => {
  const clock = new VirtualClock({ startsAt: EPOCH });
  const asked: number[] = [];
  const transport: Transport = {
    connect: () => ({ send: () => undefined, close: () => undefined }),
    request: (): Promise<HttpResponse> => {
      asked.push(clock.monotonic() / 1e9);
      return Promise.resolve({ status: 200, headers: {}, body: bytesOf([]) });
    },
  };
  const pace = new Pace(clock, 1_000);
  const log = new ChangeLog({
    transport,
    clock,
    apiToken: () => Promise.resolve({ reveal: () => "t" }),
    httpUrl: "http://pandascore",
    pace,
    timeoutMs: 1_000,
    pollMs: 120_000,
  });
  const watcher = { page: () => undefined, missed: () => undefined };
  log.watch(watcher);
  clock.advance(60_000);
  pace.block(600_000);
  for (let second = 60; second < 800; second++) {
    clock.advance(1_000);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
  expect(asked).toEqual([660, 780]);
  log.leave(watcher);
  expect(clock.next()).toBeUndefined();
});
