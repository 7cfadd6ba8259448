/** What the reader chose: a theme, or that of the system. */
export type ThemeChoice = "system" | "dark" | "light";

const KEY = "matchpoint.theme";
const CHOICES: readonly ThemeChoice[] = ["system", "dark", "light"];

/** The choice kept in this browser. */
export function keptTheme(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return CHOICES.find((each) => each === kept) ?? "system";
  } catch {
    return "system";
  }
}

/** Shows a theme and keeps the choice. `changed` is called whenever other colours are shown, the system's change included. */
export function applyTheme(choice: ThemeChoice, changed: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: light)");
  const show = (): void => {
    const light = choice === "light" || (choice === "system" && system.matches);
    document.documentElement.dataset["theme"] = light ? "light" : "dark";
    changed();
  };
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // A browser that keeps nothing still shows it.
  }
  show();
  system.addEventListener("change", show);
  return () => {
    system.removeEventListener("change", show);
  };
}

/** The choice after this one. */
export function nextTheme(choice: ThemeChoice): ThemeChoice {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length]!;
}
