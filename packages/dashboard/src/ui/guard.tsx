import { Component, type ComponentChildren } from "preact";

/** Keeps the fault of one part from taking the others away: above all not the button that stops the run. */
export class Guard extends Component<
  { title: string; children: ComponentChildren },
  { fault: string | undefined }
> {
  override state: { fault: string | undefined } = { fault: undefined };

  static override getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ComponentChildren {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <div class="panel-note error fault" role="alert">
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
