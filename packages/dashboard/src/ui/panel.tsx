import { Component, type ComponentChildren, type JSX } from "preact";

/** What a panel shows: its content, or plainly why there is none, or that it is old. */
export type PanelState =
  | { readonly kind: "good" }
  /** Nothing to show yet, and why. */
  | { readonly kind: "empty"; readonly text: string }
  /** What is shown is no longer kept up to date. */
  | { readonly kind: "stale"; readonly text: string }
  | { readonly kind: "error"; readonly text: string };

export const GOOD: PanelState = { kind: "good" };

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
  readonly children: ComponentChildren;
}

/** A part of the page with a title. Never blank: empty, stale and error are told in words. */
export function Panel(props: PanelProps): JSX.Element {
  const { id, title, state, aside, beside, hotkey } = props;
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
        {state.kind === "empty" || state.kind === "error" ? (
          <p class={`panel-note ${state.kind}`} role={state.kind === "error" ? "alert" : undefined}>
            {state.text}
          </p>
        ) : (
          <div class="panel-body">{props.children}</div>
        )}
      </Guard>
    </section>
  );
}

/** Keeps the fault of one panel from taking the others away. */
class Guard extends Component<{ title: string; children: ComponentChildren }, { fault: string | undefined }> {
  override state: { fault: string | undefined } = { fault: undefined };

  static override getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ComponentChildren {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <div class="panel-note error" role="alert">
        <p>
          {this.props.title} could not be drawn: {fault}. The run is not touched by this.
        </p>
        <button type="button" onClick={() => this.setState({ fault: undefined })}>
          Draw it again
        </button>
      </div>
    );
  }
}
