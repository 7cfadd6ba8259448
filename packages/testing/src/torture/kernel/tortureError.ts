/** What goes wrong on purpose, for those who catch it: never an error of the program under test. */
export class TortureError extends Error {
  override readonly name = "TortureError";
}
