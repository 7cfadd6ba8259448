import type { ActionAnswer, ActionRequest } from "@matchpoint/dashboard";

/** A strategy of the run, as a thread can find it. */
export interface StrategyPlace {
  /** A default strategy's id, a file or a package. */
  readonly use: string;
  /** Where its relative path starts. */
  readonly folder: string;
}

/** What the thread is given when it begins. */
export interface DashboardData {
  readonly journal: string;
  readonly strategies: readonly StrategyPlace[];
  readonly token: string;
  readonly port: number;
  /** Whether the run is this process's own, so that it can be stopped. */
  readonly controls: boolean;
}

/** An order of a page. */
export interface PostedAction {
  readonly kind: "action";
  readonly n: number;
  readonly action: ActionAnswer["action"];
  readonly request: ActionRequest;
}

/** What the thread says. */
export type FromThread =
  | { readonly kind: "listens"; readonly port: number }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "warn"; readonly text: string }
  | PostedAction;

/** What it is told: what became of an order; that the run is over. */
export type ToThread =
  { readonly kind: "answer"; readonly n: number; readonly answer: ActionAnswer } | { readonly kind: "over" };

/** What to do about a port that is taken. */
export const FREE_PORT = "Leave dashboard.port out, or 0: any free port is taken then.";
