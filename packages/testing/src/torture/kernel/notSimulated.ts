/** Failure modes that no fault of the simulator is, and why. */
export const NOT_SIMULATED: Readonly<Record<string, string>> = {
  O15: "An order is forgotten ten minutes after its end, which is longer than a run; the tests of its store show what follows.",
  T5: "A simulated program is told what its markets are about; the proof of that has tests of its own, and a golden set.",
  H6: "No database is needed to know the account.",
  H7: "A simulated process has no memory of its own to run out of; queues and timers: see I19.",
  H10: "A bot with a wrong configuration does not start.",
  H13: "One version of the code is simulated; the account's lock is tested with two processes.",
  H14: "`verify` holds recorded runs against the code.",
  H15: "Secrets are read before a run begins; their tests break each provider.",
  C7: "Out of scope: the books are in the venue's dollars, and nobody here watches what those are worth.",
  C8: "The simulated chain has no contracts; addresses and versions are checked against a local chain.",
};
