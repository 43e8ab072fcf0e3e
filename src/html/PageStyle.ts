/** `pageStyle` is the look of a page: by day, by night, on a phone, on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --back: #fff; --raised: #f5f6f8; --line: #d5d9df; --text: #1b1f24; --soft: #57606a;
  --good: #116329; --good-back: #dafbe1; --warn: #7a4b00; --warn-back: #fff3cd;
  --bad: #b3171f; --bad-back: #ffe9e8; --link: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e1116; --raised: #171b22; --line: #333b46; --text: #e6e9ee; --soft: #a3adb9;
    --good: #56d978; --good-back: #0f2d18; --warn: #f0b95a; --warn-back: #33260b;
    --bad: #ff8a84; --bad-back: #3a1516; --link: #79b8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .35rem; }
p { margin: .25rem 0; }
ul, ol, dl { margin: 0; padding: 0; list-style: none; }
dd { margin: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
[hidden] { display: none !important; }

header { border-left: .4rem solid var(--soft); padding: .1rem 0 .1rem 1rem; }
header p { color: var(--soft); }
header.good { border-color: var(--good); } header.warn { border-color: var(--warn); } header.bad { border-color: var(--bad); }

[data-filter] {
  display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: end; margin-top: 1.5rem; padding: .6rem 0;
  position: sticky; top: 0; z-index: 1; background: var(--back); border-bottom: 1px solid var(--line);
}
[data-filter] > label { flex: 1 1 16rem; color: var(--soft); }
[data-filter] fieldset { border: 0; margin: 0; padding: 0; }
[data-filter] legend { color: var(--soft); padding: 0; }
[data-filter] fieldset label { margin-right: .75rem; white-space: nowrap; }
[type=search] {
  display: block; width: 100%; padding: .45rem .6rem; font: inherit; color: inherit;
  background: var(--raised); border: 1px solid var(--soft); border-radius: .35rem;
}
[type=checkbox] { accent-color: var(--link); }
output { color: var(--soft); }

.mark { font-size: .875rem; padding: .05rem .5rem; border-radius: 1rem; background: var(--raised); color: var(--soft); }
.mark.good { background: var(--good-back); color: var(--good); }
.mark.warn { background: var(--warn-back); color: var(--warn); }
.mark.bad { background: var(--bad-back); color: var(--bad); font-weight: 600; }

.error { background: var(--bad-back); border-left: .25rem solid var(--bad); padding: .5rem .75rem; margin: .5rem 0; }
.todo li { border-left: .25rem solid var(--warn); background: var(--warn-back); padding: .4rem .75rem; margin: .35rem 0; }

.where { color: var(--soft); margin: 1rem 0 .25rem; }
.change { border: 1px solid var(--line); border-top-width: 0; padding: .4rem .75rem; content-visibility: auto; contain-intrinsic-size: auto 3.5rem; }
.changes .change:first-child { border-top-width: 1px; border-radius: .4rem .4rem 0 0; }
.changes .change:last-child { border-radius: 0 0 .4rem .4rem; }
.sign { display: inline-block; width: 1.1em; font-weight: 700; font-family: ui-monospace, monospace; color: var(--link); }
.sign.create { color: var(--good); } .sign.update { color: var(--warn); } .sign.remove { color: var(--bad); }
.action { color: var(--soft); }
.fields { padding: .1rem 0 .25rem 1.4rem; font-size: .9rem; }
.fields div { display: grid; grid-template-columns: minmax(6rem, 14rem) 1fr; gap: .75rem; }
.fields dt { color: var(--soft); }
.fields dd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
ins { color: var(--good); background: var(--good-back); text-decoration: none; padding: 0 .2rem; border-radius: .2rem; }
del { color: var(--bad); background: var(--bad-back); padding: 0 .2rem; border-radius: .2rem; }
.more, .run { color: var(--soft); margin-top: 1rem; font-size: .9rem; }

.timeline li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
.took { color: var(--soft); }
.bar { grid-column: 1 / -1; height: .4rem; border-radius: .2rem; background: var(--raised); position: relative; overflow: hidden; }
.bar::after { content: ""; position: absolute; inset: 0 auto 0 min(var(--from), calc(100% - 3px)); width: max(3px, var(--long)); background: var(--link); }
.bar.failed::after, .bar.interrupted::after { background: var(--bad); }

.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); }
th[scope=row] { font-weight: 600; }

.device { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; content-visibility: auto; contain-intrinsic-size: auto 2.8rem; }
.device > summary { padding: .5rem .75rem; cursor: pointer; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
.device > summary::before { content: "▸"; color: var(--soft); }
.device[open] > summary::before { content: "▾"; }
.device > summary .note { color: var(--soft); flex: 1 1 12rem; }
.device > :not(summary) { padding-inline: .75rem; }
.device > .run { padding-bottom: .75rem; }

@media (max-width: 34rem) {
  .fields div { grid-template-columns: 1fr; gap: 0; }
  [data-filter] { position: static; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  [data-filter] { display: none; }
  .change, .device { content-visibility: visible; break-inside: avoid-page; }
  .device[open] { break-inside: auto; }
  .mark, .error, .todo li, ins, del, header, .bar, .bar::after { print-color-adjust: exact; }
}
`
