/** The page's look, light or dark as the reader's system has it. Lines differ in dashes too, not in colour alone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --rule: #d0d7de; --page: #ffffff;
  --s0: #0550ae; --s1: #9a3b00; --s2: #1a7f37; --s3: #6639ba; --s4: #a40e4c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --rule: #3d444d; --page: #0d1117;
  --s0: #79c0ff; --s1: #ffa657; --s2: #7ee787; --s3: #d2a8ff; --s4: #ff9bce; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--rule); }
a { color: var(--s0); }
nav ul { display: flex; gap: 1rem; padding: 0; list-style: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: .875rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: right; font-weight: 400; }
th:first-child { text-align: left; }
thead th { color: var(--soft); vertical-align: bottom; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { margin: 0; }
figcaption, .key { color: var(--soft); font-size: .8rem; max-width: 26rem; }
.key { list-style: none; padding: 0; margin: 0; }
svg { max-width: 100%; height: auto; overflow: visible; }
.grid { stroke: var(--rule); stroke-width: 1; }
.tick { fill: var(--soft); font-size: 11px; }
.diagonal { stroke: var(--soft); stroke-dasharray: 4 4; }
.bar { stroke: var(--s0); opacity: .5; }
.line { fill: none; stroke-width: 2; }
circle.s0 { fill: var(--s0); } circle.s1 { fill: var(--s1); } circle.s2 { fill: var(--s2); } circle.s3 { fill: var(--s3); } circle.s4 { fill: var(--s4); }
.line.s0 { stroke: var(--s0); } .line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); } .line.s4 { stroke: var(--s4); }
.d1 { stroke-dasharray: 6 3; } .d2 { stroke-dasharray: 2 3; } .d3 { stroke-dasharray: 8 3 2 3; } .d4 { stroke-dasharray: 1 5; }
`;
