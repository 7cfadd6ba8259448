/** A mistake that is put into the product on purpose, to see whether the judges notice. Only ever in a child process. */
export interface Plant {
  readonly id: string;
  /** The mistake in words, as a programmer of this trade would make it. */
  readonly what: string;
  /** Source file of the product, from the repository's root. */
  readonly file: string;
  /** Text that stands in it exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What it breaks: one of these has to be what shows it. */
  readonly invariants: readonly string[];
  /** Within so many seeds it has to be found. */
  readonly seeds: number;
  /**
   * Faults of the simulator without any of which it changes nothing: seeds that draw none of them need not be run. With `+` between
   * them both are needed.
   */
  readonly needs?: readonly string[];
  /** Why the simulator cannot see it: another line of defence holds, or no fault comes there. Not searched for unless it is named. */
  readonly survives?: string;
}

/** A plant, or a copy of the program with it, that nobody can have meant. */
export class PlantError extends Error {
  override readonly name = "PlantError";
}

/** The source with the mistake in it. */
export function planted({ id, file, find, replace }: Plant, source: string): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new PlantError(`${id}: its text stands ${parts.length - 1} times in ${file}, not once`);
  return parts.join(replace);
}
