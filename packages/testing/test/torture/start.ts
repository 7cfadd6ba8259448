/** How a life of the program begins in a history. */
export const START = {
  kind: "start",
  seq: 0,
  at: 0,
  life: 0,
  bot: "a",
  runId: "r",
  epoch: 0,
  journal: "j",
} as const;
