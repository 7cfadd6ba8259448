import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** How long a button that cannot be taken back is held. */
export const HOLD_MS = 1_200;

interface HoldProps {
  readonly label: string;
  /** What it says while it is held. */
  readonly holding: string;
  readonly disabled: boolean;
  readonly class?: string;
  readonly onHeld: () => void;
}

/** A button that acts only when it is held, by pointer, Enter or space. Letting go, leaving it or losing the focus takes it back. */
export function HoldButton(props: HoldProps): JSX.Element {
  const [since, setSince] = useState<number | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  const { onHeld } = props;
  const release = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setSince(undefined);
  };
  const press = (): void => {
    if (props.disabled || timer.current !== undefined) return;
    setSince(performance.now());
    timer.current = window.setTimeout(() => {
      release();
      onHeld();
    }, HOLD_MS);
  };
  useEffect(() => release, []);
  useEffect(() => {
    if (props.disabled) release();
  }, [props.disabled]);
  const isHoldKey = (key: string): boolean => key === "Enter" || key === " ";
  return (
    <button
      type="button"
      class={`hold ${props.class ?? ""}`}
      data-held={since !== undefined}
      disabled={props.disabled}
      onPointerDown={(event) => {
        if (event.button === 0) press();
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onBlur={release}
      onKeyDown={(event) => {
        if (!isHoldKey(event.key)) return;
        event.preventDefault();
        if (!event.repeat) press();
      }}
      onKeyUp={(event) => {
        if (isHoldKey(event.key)) release();
      }}
    >
      <span class="hold-fill" />
      <span class="hold-text">{since === undefined ? props.label : props.holding}</span>
    </button>
  );
}
