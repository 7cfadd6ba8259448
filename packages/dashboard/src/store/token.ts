const KEY = "matchpoint.token";
const SHAPE = /^[\w-]{16,128}$/;

/** What the token is taken from and kept in. */
export interface TokenPlaces {
  /** The address's fragment, with its `#`. */
  readonly hash: string;
  readonly kept: Pick<Storage, "getItem" | "setItem"> | undefined;
  /** Takes the fragment off the address bar, so that it is not copied, kept in the history or seen over a shoulder. */
  readonly hide: () => void;
}

/** The run's token: from the address that it printed, else the one that this tab has kept. */
export function tokenOf({ hash, kept, hide }: TokenPlaces): string | undefined {
  const given = hash.slice(1);
  if (SHAPE.test(given)) {
    hide();
    try {
      kept?.setItem(KEY, given);
    } catch {
      // It is good until the page is loaded again.
    }
    return given;
  }
  try {
    const before = kept?.getItem(KEY) ?? "";
    return SHAPE.test(before) ? before : undefined;
  } catch {
    return undefined;
  }
}
