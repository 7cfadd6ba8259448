import type { JSX } from "preact";
import { count } from "../text/format.ts";
import { usePage } from "../ui/page.ts";
import { Panel } from "../ui/panel.tsx";
import { stateOf } from "../ui/state.ts";

/** Why nothing was traded where nothing was: the question that is asked most. */
export function WhyNot(): JSX.Element {
  const { store, choose } = usePage("tables", "link");
  const rows = store.tables?.whyNot;
  const header = store.tables?.header;
  const most = Math.max(1, ...(rows ?? []).map((row) => row.count));
  return (
    <Panel
      id="why-not"
      hotkey="5"
      title="Why not"
      state={stateOf(store, rows?.length, "No opportunity has been passed over or refused yet.")}
      aside={
        header !== undefined && (
          <span class="muted">
            {count(header.skipped)} passed · {count(header.denied)} refused
          </span>
        )
      }
    >
      <ul class="why">
        {rows?.map((row) => (
          <li key={`${row.strategy} ${row.market} ${row.kind} ${row.reason}`}>
            <span class="why-bar" style={{ width: `${String((row.count / most) * 100)}%` }} />
            <span class="n why-count">{count(row.count)}</span>
            <span class="why-text">
              <b class={row.kind === "denied" ? "caution" : ""}>
                {row.kind === "denied" ? "refused: " : ""}
                {row.reason}
              </b>
              <span class="sub">
                <button
                  type="button"
                  class="link-button"
                  onClick={() => {
                    choose(row.market);
                  }}
                >
                  {row.label}
                </button>{" "}
                · {row.strategy}
                {row.last !== "" && row.last !== row.reason && <> · last: {row.last}</>}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
