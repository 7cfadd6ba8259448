/** How a check ended. `skip`: it was not made, and `found` says why. */
export type CheckStatus = "ok" | "warn" | "fail" | "skip";

/** A line of a checklist, whoever made it: what was found, and what to do about it. */
export interface ChecklistLine {
  readonly id: string;
  readonly status: CheckStatus;
  readonly found: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
}

/** What a check says; its id is the table's. */
export interface Outcome extends Omit<ChecklistLine, "id"> {
  /** With `skip`: it does not apply here, so nothing that needs it is kept waiting. */
  readonly idle?: true;
}

export const ok = (found: string): Outcome => ({ status: "ok", found, fix: "" });
export const warn = (found: string, fix: string): Outcome => ({ status: "warn", found, fix });
export const fail = (found: string, fix: string): Outcome => ({ status: "fail", found, fix });
/** A premise is missing. */
export const skip = (found: string): Outcome => ({ status: "skip", found, fix: "" });
/** There is nothing to look at in this configuration. */
export const idle = (found: string): Outcome => ({ status: "skip", found, fix: "", idle: true });
