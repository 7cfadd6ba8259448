import type { Ground } from "../kernel/ground.ts";
import type { FaultKind } from "../kernel/faults.ts";
import { never } from "../kernel/never.ts";
import type { Refusal, RequestKind, VenueFront } from "../world/front.ts";
import type { Life } from "./life.ts";

/** What came of a request: its value, why it was refused, or nothing within the time that its sender waits. */
export type Reply<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly why: Refusal }
  | { readonly kind: "silence" };

/** A request to the venue. */
export interface Request<T> {
  readonly kind: RequestKind;
  readonly what: string;
  readonly postOnly?: boolean;
  /** Done by the venue when the request arrives: the one that was sent (1), or what the network has made of it (2). */
  readonly effect: (copy: 1 | 2) => T;
  /** Faults that it may meet on its way. */
  readonly lost?: FaultKind;
  readonly answerLost?: FaultKind;
  readonly late?: FaultKind;
  readonly twice?: FaultKind;
}

/** How long an answer is waited for. */
export const DEADLINE_MS = 3_000;

/** The way between a program and the venue, for requests: things get lost on it, late, and there twice. */
export class Wire {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #front: VenueFront;
  readonly #baseMs: number;
  readonly #onAnswer: () => void;

  /** @param onAnswer an answer has come, in time or not */
  constructor(ground: Ground, life: Life, front: VenueFront, onAnswer: () => void) {
    this.#onAnswer = onAnswer;
    this.#ground = ground;
    this.#life = life;
    this.#front = front;
    this.#baseMs = ground.dice.stream("wire").between(5, 60);
  }

  ask<T>(request: Request<T>): Promise<Reply<T>> {
    const { dice, time } = this.#ground;
    const life = this.#life;
    if (!life.alive) return never();
    return new Promise((resolve) => {
      let open = true;
      const answer = (reply: Reply<T>): void => {
        if (!open) return;
        open = false;
        resolve(reply);
      };
      life.clock.after(DEADLINE_MS, () => {
        answer({ kind: "silence" });
      });
      const strikes = (kind: FaultKind | undefined): boolean => {
        if (kind === undefined || !dice.strikes(kind)) return false;
        this.#ground.fault(kind, request.what, life.number);
        return true;
      };
      if (strikes(request.lost)) return;
      const arrives =
        this.#leg() + (strikes(request.late) ? DEADLINE_MS + dice.stream("late").between(0, 12_000) : 0);
      this.#underWay(request.kind, 1);
      time.after(arrives, () => {
        this.#underWay(request.kind, -1);
        const why = this.#front.refuses(request.kind, request.postOnly ?? false, life.number);
        const reply: Reply<T> =
          why === undefined ? { kind: "ok", value: request.effect(1) } : { kind: "refused", why };
        if (strikes(request.answerLost)) return;
        const late = strikes("answer_late") ? DEADLINE_MS + dice.stream("late").between(0, 57_000) : 0;
        time.after(this.#leg() + late, () => {
          life.gate(() => {
            this.#onAnswer();
            answer(reply);
          });
        });
      });
      const { twice } = request;
      if (twice === undefined || !dice.strikes(twice)) return;
      this.#underWay(request.kind, 1);
      time.after(arrives + dice.stream("late").between(1, 8_000), () => {
        this.#underWay(request.kind, -1);
        if (this.#front.refuses(request.kind, request.postOnly ?? false, life.number) !== undefined) return;
        this.#ground.fault(twice, request.what, life.number);
        request.effect(2);
      });
    });
  }

  /** Orders that are still to arrive: nothing is at rest before. */
  #underWay(kind: RequestKind, by: 1 | -1): void {
    if (kind === "post") this.#ground.postsUnderWay += by;
  }

  #leg(): number {
    return this.#baseMs * this.#ground.dice.stream("wire").between(0.7, 2);
  }
}
