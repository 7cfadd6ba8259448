import type { ComponentChildren, JSX } from "preact";
import { Guard } from "./guard.tsx";
import type { PanelState } from "./state.ts";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly state: PanelState;
  /** After the title. */
  readonly beside?: ComponentChildren;
  /** At the end of the title's line: a count, a choice. */
  readonly aside?: ComponentChildren;
  /** The key that jumps to it. */
  readonly hotkey?: string;
  /** Whether its content is shown below the words of an error too: it is what one asks with. */
  readonly always?: boolean;
  readonly children: ComponentChildren;
}

/** A part of the page with a title. Never blank: empty, stale and error are told in words. */
export function Panel(props: PanelProps): JSX.Element {
  const { id, title, state, aside, beside, hotkey } = props;
  const wordless = state.kind === "good" || state.kind === "stale";
  return (
    <section
      class={`panel panel-${id}`}
      id={id}
      data-state={state.kind}
      aria-labelledby={`${id}-title`}
      tabIndex={-1}
    >
      <header class="panel-head">
        <h2 id={`${id}-title`} title={hotkey === undefined ? undefined : `Key ${hotkey}`}>
          {title}
        </h2>
        {beside}
        {state.kind === "stale" && <span class="panel-stale">{state.text}</span>}
        {aside !== undefined && <div class="panel-aside">{aside}</div>}
      </header>
      <Guard title={title}>
        {wordless ? null : (
          <p class={`panel-note ${state.kind}`} role={state.kind === "error" ? "alert" : undefined}>
            {state.text}
          </p>
        )}
        {(wordless || props.always === true) && <div class="panel-body">{props.children}</div>}
      </Guard>
    </section>
  );
}
