import { Mailbox } from "../../src/bus/index.ts";
import { expect, it } from "vitest";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads a mailbox on the side. */
function reading(mail: Mailbox<number>, signal: AbortSignal) {
  const got: number[] = [];
  const over = (async () => {
    for await (const item of mail.read(signal)) got.push(item);
  })();
  return { got, over };
}

it("keeps what comes before its reader, and hands over what comes later, in order", async () => {
  const mail = new Mailbox<number>();
  mail.push(1);
  mail.push(2);
  const stop = new AbortController();
  const { got, over } = reading(mail, stop.signal);
  await turn();
  expect(got).toEqual([1, 2]);
  mail.push(3);
  mail.push(4);
  await turn();
  expect(got).toEqual([1, 2, 3, 4]);
  stop.abort();
  await over;
});

it("gives what is there when its signal aborts, and ends", async () => {
  const mail = new Mailbox<number>();
  const stop = new AbortController();
  const { got, over } = reading(mail, stop.signal);
  await turn();
  mail.push(1);
  stop.abort();
  mail.push(2);
  await over;
  expect(got).toEqual([1, 2]);
  // What came after its reader waits for the next one.
  mail.push(3);
  const next = reading(mail, AbortSignal.abort());
  await next.over;
  expect(next.got).toEqual([3]);
});

it("forgets what was not read once it is closed", async () => {
  const mail = new Mailbox<number>();
  mail.push(1);
  mail.close();
  mail.push(2);
  const { got, over } = reading(mail, AbortSignal.abort());
  await over;
  expect(got).toEqual([]);
});
