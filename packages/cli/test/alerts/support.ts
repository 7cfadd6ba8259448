import type { Clock, Millis, Nanos } from "@matchpoint/sdk";
import { afterAll, afterEach } from "vitest";
import { alertOf, type Alert, type News } from "../../src/alerts/alert.ts";
import { serve, type Asked, type Fake, type Told } from "../secrets/fakes/httpFake.ts";

/** A clock that runs so many times as fast as the machine's: pauses of seconds pass in tests. */
export class FastClock implements Clock {
  readonly #from = performance.now();
  readonly #times: number;

  constructor(times = 200) {
    this.#times = times;
  }
  wall(): Millis {
    return Math.round(1_780_000_000_000 + this.#ms) as Millis;
  }
  monotonic(): Nanos {
    return Math.round(this.#ms * 1_000_000) as Nanos;
  }
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms / this.#times);
    return () => {
      clearTimeout(timer);
    };
  }
  get #ms(): number {
    return (performance.now() - this.#from) * this.#times;
  }
}

const open: Fake[] = [];

/** A server that is closed after the test. */
export async function server(answer: (asked: Asked) => Told): Promise<Fake> {
  const fake = await serve(answer);
  open.push(fake);
  return fake;
}

const closeAll = async (): Promise<void> => {
  await Promise.all(open.splice(0).map((fake) => fake.close()));
};
afterEach(closeAll);
afterAll(closeAll);

/** An alert about a market. */
export function alert(text: string, more: Partial<News> = {}): Alert {
  return alertOf({ kind: "halted_market", subject: text, text, ...more }, "raised", 1_780_000_000_000, 0);
}
