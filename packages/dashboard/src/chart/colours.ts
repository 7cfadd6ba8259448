const NAMES = [
  "panel",
  "line",
  "lineSoft",
  "text",
  "strong",
  "muted",
  "faint",
  "market",
  "model",
  "micro",
  "up",
  "down",
  "truth",
  "alarm",
  "caution",
  "gap",
  "halt",
  "band",
] as const;

/** Colours of the theme that is shown, for what is drawn on a canvas. */
export type Colours = Readonly<Record<(typeof NAMES)[number], string>>;

/** Reads the colours of the theme that is shown. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const entries = NAMES.map((name) => [
    name,
    style.getPropertyValue(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).trim(),
  ]);
  return Object.fromEntries(entries) as Colours;
}
