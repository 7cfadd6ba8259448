/** Errors that nobody caught: of a timer or a promise that a strategy left behind. */
export interface Strays {
  /** Throws the first of them, when there was one. */
  demandNone(): void;
  /** Stops listening: from here on such an error ends the process, as it does by default. */
  dispose(): void;
}

/**
 * None of them is laid to a strategy and survived: nothing tells for certain whose it was, and what follows such an error may not be sound.
 * In a worker (`isolation: worker`) it is certain, and halts that strategy alone.
 *
 * Listens for errors that would end the process where it stands, with its orders open and its journal unfinished.
 * @param onFirst ends the work in good order; whatever else strays meanwhile changes nothing any more
 */
export function listenForStrays(onFirst: (error: unknown) => void): Strays {
  let first: { readonly error: unknown } | undefined;
  const onStray = (error: unknown): void => {
    if (first !== undefined) return;
    first = { error };
    onFirst(error);
  };
  process.on("uncaughtException", onStray);
  process.on("unhandledRejection", onStray);
  return {
    demandNone: () => {
      if (first !== undefined) throw first.error;
    },
    dispose: () => {
      process.off("uncaughtException", onStray);
      process.off("unhandledRejection", onStray);
    },
  };
}
