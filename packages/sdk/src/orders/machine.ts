/**
 * A state machine as data: one cell for every pair of state and event, so that tests and diagrams iterate the table
 * instead of the code.
 * @module
 */

/** What a machine does when an event meets a state. */
export type Cell<State extends string> =
  /** It moves. */
  | { readonly kind: "move"; readonly to: State }
  /** A legal event that changes nothing: a duplicate, or news that came out of order. */
  | { readonly kind: "stay"; readonly why: string }
  /** The event contradicts the state: nothing moves, and somebody must be told. */
  | { readonly kind: "illegal"; readonly why: string }
  /** Cannot come about; `why` is the proof. Meeting it is a bug of the caller. */
  | { readonly kind: "impossible"; readonly why: string };

/** A complete machine. */
export interface Machine<State extends string, Event extends string> {
  readonly name: string;
  readonly states: readonly State[];
  readonly events: readonly Event[];
  readonly initial: State;
  /** States that an object does not leave for an open one. */
  readonly terminal: readonly State[];
  readonly table: Readonly<Record<State, Readonly<Record<Event, Cell<State>>>>>;
}

/** A cell that moves. */
export function move<State extends string>(to: State): Cell<State> {
  return { kind: "move", to };
}
/** A cell that changes nothing. */
export function stay(why: string): Cell<never> {
  return { kind: "stay", why };
}
/** A cell that contradicts its state. */
export function illegal(why: string): Cell<never> {
  return { kind: "illegal", why };
}
/** A cell that cannot come about. */
export function impossible(why: string): Cell<never> {
  return { kind: "impossible", why };
}

/** A Mermaid `stateDiagram-v2` of a machine's moves; events that lead the same way share an arrow. */
export function machineDiagram<State extends string, Event extends string>(
  machine: Machine<State, Event>,
): string {
  const lines = ["stateDiagram-v2", `  [*] --> ${machine.initial}`];
  for (const from of machine.states) {
    const labels = new Map<State, Event[]>();
    for (const event of machine.events) {
      const cell = machine.table[from][event];
      if (cell.kind !== "move" || cell.to === from) continue;
      const events = labels.get(cell.to);
      if (events === undefined) labels.set(cell.to, [event]);
      else events.push(event);
    }
    for (const [to, events] of labels) lines.push(`  ${from} --> ${to}: ${events.join(", ")}`);
  }
  for (const state of machine.terminal) lines.push(`  ${state} --> [*]`);
  return `${lines.join("\n")}\n`;
}
