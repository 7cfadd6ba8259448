import type { ExecutionReport } from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import type { Life } from "./life.ts";

/** So long after it was lost a gateway says so, as the real ones do. */
const LOST_MS = 2_000;

/** The socket on which the venue tells an account's programs of their orders and trades. */
export class OwnChannel {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #hear: (report: ExecutionReport) => void;
  readonly #onReconnect: () => void;
  #connected = true;
  /** How often it was lost, and whether its program was told. */
  #losses = 0;
  #told = false;
  #stalled = false;
  #lastAt = 0;
  /** How much was said, and the place in it of the newest that has come. */
  #sent = 0;
  #newest = -1;

  constructor(ground: Ground, life: Life, hear: (report: ExecutionReport) => void, onReconnect: () => void) {
    this.#ground = ground;
    this.#life = life;
    this.#hear = hear;
    this.#onReconnect = onReconnect;
  }

  /** The socket is lost; it is there again after a while. */
  drop(forMs: number): void {
    if (this.#connected) this.#lose();
    this.#connected = false;
    this.#ground.time.after(forMs, () => {
      this.#connected = true;
      this.#life.gate(() => {
        this.#onReconnect();
        if (this.#told) this.#say("back");
        this.#told = false;
      });
    });
  }

  #lose(): void {
    const loss = ++this.#losses;
    this.#ground.time.after(LOST_MS, () => {
      if (this.#connected || loss !== this.#losses) return;
      this.#told = true;
      this.#life.gate(() => this.#say("lost"));
    });
  }

  #say(state: "lost" | "back"): void {
    const detail = state === "lost" ? "closed with 1006" : "it is open again";
    this.#hear({ type: "own_channel", state, detail, ...this.#life.stamp() });
  }

  /** It stands, and carries nothing. */
  stall(forMs: number): void {
    this.#stalled = true;
    this.#ground.time.after(forMs, () => (this.#stalled = false));
  }

  calm(): void {
    this.#stalled = false;
  }

  /** The venue says something. */
  push(report: ExecutionReport): void {
    const { dice, time } = this.#ground;
    const { number } = this.#life;
    const what = report.type === "trade_report" ? `trade ${report.tradeId} ${report.status}` : report.type;
    if (!this.#connected || this.#stalled) {
      if (dice.on) this.#ground.fault(this.#connected ? "own_stall" : "own_disconnect", what, number);
      return;
    }
    if (dice.strikes("own_frame_lost")) {
      this.#ground.fault("own_frame_lost", what, number);
      return;
    }
    const draw = dice.stream("own channel");
    const at = Math.max(this.#lastAt, time.now + draw.between(5, 80) * 1e6);
    const late = dice.strikes("own_frame_late");
    if (!late) this.#lastAt = at;
    const place = this.#sent++;
    const isLate = (): boolean => place < this.#newest;
    if (report.type === "order_report" && dice.strikes("own_status")) {
      this.#deliver({ ...report, status: "unknown", detail: "the venue calls it PERPETUAL" }, at, () => {
        this.#ground.fault("own_status", what, number);
      });
      return;
    }
    this.#deliver(report, late ? at + draw.between(200, 20_000) * 1e6 : at, () => {
      if (late && isLate()) this.#ground.fault("own_frame_late", what, number);
      this.#newest = Math.max(this.#newest, place);
    });
    if (!dice.strikes("own_frame_twice")) return;
    this.#deliver(report, at + draw.between(0, 30_000) * 1e6, () => {
      this.#ground.fault("own_frame_twice", what, number);
    });
  }

  #deliver(report: ExecutionReport, at: number, onHeard: () => void): void {
    this.#ground.time.at(at, () => {
      this.#life.gate(() => {
        onHeard();
        this.#hear(report);
      });
    });
  }
}
