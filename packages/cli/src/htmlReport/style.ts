/** The page's look: light or dark as the reader's system has it, and on paper. Nothing is told by colour alone. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1a2028;--soft:#5a6573;--rule:#dfe4ea;--page:#f6f7f9;--card:#fff;--good:#12795a;--bad:#c0262d;--warn:#8a5a00;
--mid:#2563c9;--model:#c2570c;--up:#0f8a5f;--down:#b3268f;--quiet:#8b97a5;--yes:#e3f4ec;--no:#fdebec}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#98a5b3;--rule:#2b3440;--page:#0e1217;--card:#161c24;--good:#46c79a;--bad:#ff7b7f;--warn:#e0b050;
--mid:#79aefc;--model:#ffa45c;--up:#3fd69c;--down:#f07ad4;--quiet:#66727f;--yes:#11291f;--no:#321619}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
header h1{font-size:1.45rem;margin:0 0 .15rem;letter-spacing:-.01em;overflow-wrap:anywhere}
header p{margin:0;color:var(--soft);overflow-wrap:anywhere}
.mode{display:inline-block;font-size:.72rem;font-weight:700;letter-spacing:.08em;border:1.5px solid currentColor;border-radius:4px;padding:.05rem .4rem;vertical-align:.2em;margin-right:.5rem;color:var(--mid)}
.mode.live{color:var(--bad)}
nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1rem;list-style:none;padding:0;margin:1rem 0}
a{color:var(--mid);text-underline-offset:.15em}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:1.1rem 1.25rem 1.25rem;margin:1rem 0}
h2{font-size:1.05rem;margin:0 0 .75rem;letter-spacing:-.005em}
h3{font-size:.92rem;margin:1.5rem 0 .4rem;overflow-wrap:anywhere}
.verdict{border-left:8px solid var(--bad);background:var(--no)}
.verdict.go{border-left-color:var(--good);background:var(--yes)}
.verdict h2{font-size:1.7rem;letter-spacing:.01em;margin:0;color:var(--bad)}
.verdict.go h2{color:var(--good)}
.verdict .why{font-size:1.05rem;margin:.25rem 0 .75rem;max-width:52rem}
.verdict .why b{font-weight:650}
.rules{list-style:none;margin:.5rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:.35rem 1.5rem;font-size:.88rem}
.rules li{display:grid;grid-template-columns:1.4rem 1fr;line-height:1.4}
.rules .moot{color:var(--soft)}
.rules .moot::before{content:"\\2013"}
.rules .kept::before{content:"\\2713";color:var(--good);font-weight:700}
.rules .broken::before{content:"\\2717";color:var(--bad);font-weight:700}
.rules .broken em{font-style:normal;color:var(--bad)}
.rules code{color:var(--soft);font-size:.82em}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.6rem,1fr));gap:.6rem;margin:0}
.tiles div{border:1px solid var(--rule);border-radius:8px;padding:.55rem .7rem}
.tiles dt{color:var(--soft);font-size:.78rem}
.tiles dd{margin:0;font-size:1.2rem;font-weight:620;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tiles small{display:block;font-size:.76rem;font-weight:400;color:var(--soft);letter-spacing:0}
.scroll{overflow-x:auto}
.scroll:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--mid);outline-offset:2px}
table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;margin:.25rem 0 .75rem}
table.wide,.bars{width:100%}
caption{text-align:left;color:var(--soft);font-size:.84rem;padding:.3rem 0}
th,td{padding:.28rem .9rem .28rem 0;border-bottom:1px solid var(--rule);text-align:right;font-weight:400;white-space:nowrap}
.l{text-align:left;white-space:normal;overflow-wrap:break-word;min-width:6rem}
.n{text-align:left}.tight th,.tight td{padding-right:.65rem}.tight{font-size:.8rem}
.spark rect{fill:var(--mid)}
thead th{color:var(--soft);font-size:.74rem;letter-spacing:.03em;vertical-align:bottom}
tbody tr:last-child>*{border-bottom:0}
.sum>*{font-weight:650;border-top:2px solid var(--rule)}
.neg{color:var(--bad)}.nil{color:var(--soft)}
.bars th{text-align:left;white-space:normal;width:30%;overflow-wrap:anywhere}
.bars .bar{width:46%}
.bars svg{display:block;width:100%;height:14px}
.bars .strong>*{font-weight:650}
.bars .good{fill:var(--good)}.bars .bad{fill:var(--bad)}.zero{stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
.bars .plain{fill:var(--mid)}
.chart{padding:.5rem 0 1.6rem 3.6rem;font-size:.72rem;color:var(--soft)}
.chart.low{padding-bottom:.4rem}
.plot{position:relative}
.plot svg{display:block;width:100%;height:100%;overflow:visible}
.plot i{position:absolute;font-style:normal;white-space:nowrap;font-variant-numeric:tabular-nums}
.plot .y{right:100%;margin-right:.5rem;transform:translateY(-50%)}
.plot .x{top:100%;margin-top:.3rem;transform:translateX(-50%)}
.grid{stroke:var(--rule);stroke-width:1;vector-effect:non-scaling-stroke;fill:none}
.line{fill:none;stroke-width:1.6;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.area{stroke:none}
.line.mid,.line.won{stroke:var(--mid)}.line.model{stroke:var(--model)}
.line.zero{stroke:var(--soft);stroke-dasharray:3 3;stroke-width:1}
.line.seam{stroke:var(--soft);stroke-dasharray:2 4;stroke-width:1}
.area.book{fill:var(--mid);opacity:.13}.area.model{fill:var(--model);opacity:.14}.area.drawdown{fill:var(--bad);opacity:.45}
.area.held{fill:var(--quiet);opacity:.5}
.shade{opacity:.16}.shade.halt,.shade.killed{fill:var(--bad)}.shade.gap,.shade.stale,.shade.disconnected{fill:var(--quiet);opacity:.28}
.truth{stroke:var(--quiet);stroke-width:1;vector-effect:non-scaling-stroke;fill:none}
.truth.end{stroke:var(--ink);stroke-dasharray:4 3}
.dot{fill:none;vector-effect:non-scaling-stroke;stroke-width:9}
.dot.maker{stroke-linecap:round}.dot.taker{stroke-linecap:square;stroke-width:8}
.dot.up{stroke:var(--up)}.dot.down{stroke:var(--down)}.dot.failed{stroke:var(--quiet)}
.dot.model,.dot.mid{stroke-linecap:round;stroke-width:10}.dot.model{stroke:var(--model)}.dot.mid{stroke:var(--mid);stroke-linecap:square;stroke-width:8}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;padding:0;margin:.15rem 0 .5rem;color:var(--soft);font-size:.78rem}
.key b{display:inline-block;width:.85rem;height:.55rem;margin-right:.4rem;border-radius:2px;background:var(--quiet)}
.key .k-line{height:.18rem;vertical-align:.25em}.key .k-mid{background:var(--mid)}.key .k-model{background:var(--model)}
.key .k-book{background:var(--mid);opacity:.25}.key .k-band{background:var(--model);opacity:.3}
.key .k-up{background:var(--up)}.key .k-down{background:var(--down)}.key .k-maker,.key .k-dot{border-radius:50%;width:.6rem;height:.6rem}
.key .k-taker{width:.55rem}.key .k-halt,.key .k-dd{background:var(--bad);opacity:.4}.key .k-gap{opacity:.45}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.5rem 2rem;align-items:start}
.square{max-width:26rem}
.note{color:var(--soft);font-size:.84rem;margin:.35rem 0;max-width:56rem}
.good-note{color:var(--good);font-size:.9rem;margin:.35rem 0}.bad-note{color:var(--bad);font-size:.95rem;font-weight:650;margin:.35rem 0}
.market{break-inside:avoid;border-top:1px solid var(--rule);margin-top:1rem}
.market:first-of-type{border-top:0;margin-top:0}
details{margin:.5rem 0}summary{cursor:pointer}
pre{overflow-x:auto;background:var(--page);border-radius:6px;padding:.75rem;font-size:.76rem;line-height:1.45}
code,.hash{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.8rem}
@media (max-width:40rem){main{padding:1rem .75rem 3rem}section{padding:.9rem .85rem}.plot .odd{display:none}.chart{padding-left:3.1rem}.tiles{grid-template-columns:1fr 1fr}
.bars th{width:38%}.bars .bar{width:34%}th,td{padding-right:.6rem}.verdict h2{font-size:1.4rem}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--rule:#ccc;--page:#fff;--card:#fff;--good:#12795a;--bad:#a8141b;--mid:#1d4fa8;--model:#a8480a;--up:#0a6b49;--down:#8a1d6e;--quiet:#888;--yes:#fff;--no:#fff}
body{font-size:10.5pt}main{max-width:none;padding:0}section{border:0;border-top:1px solid #999;border-radius:0;padding:.6rem 0}.verdict{border-left-width:8px;padding-left:.8rem}nav{display:none}
.scroll{overflow:visible}table{font-size:8pt}.tight{font-size:6.4pt}th,td{padding-right:.35rem!important}.chart,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}details:not([open])>*{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
