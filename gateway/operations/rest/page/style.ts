/** The product's own colours, as in the client's tokens. */
export const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif;
  --canvas: light-dark(#faf9f6, #0e1312); --surface: light-dark(#ffffff, #151b1a);
  --sunken: light-dark(#f3f1ec, #111716); --ink: light-dark(#17211f, #edf2f0);
  --soft: light-dark(#4a5654, #b3bfbc); --line: light-dark(#e7e3da, #26302e);
  --accent: light-dark(#0c5a4d, #86ddc8); --accent-soft: light-dark(#e4f1ed, #17302b);
  --caution: light-dark(#7a4a00, #f0bd6b); --caution-soft: light-dark(#fdf1db, #33270f); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--canvas); color: var(--ink); overflow-wrap: break-word; }
.page { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; display: grid; gap: 1.5rem; }
.page > * { min-width: 0; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--surface); }
header h1 { margin: 0; font-size: clamp(1.75rem, 5vw, 2.5rem); line-height: 1.2; letter-spacing: -.02em; }
header p { margin: .5rem 0 0; color: var(--soft); max-width: 44rem; }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.links a, .links span, nav a { display: inline-block; padding: .25rem 0; }
nav { font-size: .9375rem; }
nav h2 { margin: 0 0 .5rem; font-size: 1rem; }
nav h3 { margin: 1rem 0 .25rem; font-size: .8125rem; font-weight: 600; color: var(--soft); }
nav ul { margin: 0; padding: 0; list-style: none; columns: 14rem; column-gap: 1.5rem; }
nav a { color: var(--ink); text-decoration: none; }
nav a:hover { color: var(--accent); text-decoration: underline; }
main { display: grid; gap: 1.25rem; align-content: start; }
main > * { min-width: 0; }
main h2 { margin: 1.25rem 0 0; font-size: 1.375rem; line-height: 1.3; letter-spacing: -.01em; }
.card { padding: 1.25rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--surface); }
.card > :first-child { margin-top: 0; } .card > :last-child { margin-bottom: 0; }
.card ul { padding-left: 1.25rem; } .card li + li { margin-top: .35rem; }
h3 { margin: 0; font-size: 1.125rem; line-height: 1.4; }
h4 { margin: 1.25rem 0 .5rem; font-size: .9375rem; }
.way { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .6rem; margin: .35rem 0 .75rem; }
.verb { padding: .1rem .5rem; border-radius: .375rem; font-size: .8125rem; font-weight: 700;
  background: var(--accent-soft); color: var(--accent); }
.verb.post { background: var(--caution-soft); color: var(--caution); }
code, pre { font: .875rem/1.6 ui-monospace, SFMono-Regular, Menlo, monospace; overflow-wrap: anywhere; }
.call { position: relative; margin: .75rem 0; }
pre { margin: 0; padding: .875rem 1rem; border-radius: .75rem; background: var(--sunken);
  border: 1px solid var(--line); white-space: pre-wrap; }
.call pre { padding-right: 5.5rem; min-height: 3.25rem; }
.call button { position: absolute; top: .5rem; right: .5rem; min-height: 2.25rem; padding: .25rem .75rem;
  border: 1px solid var(--line); border-radius: .5rem; font: inherit; font-size: .875rem; cursor: pointer;
  background: var(--surface); color: var(--ink); }
.call button:hover { border-color: var(--accent); }
dl { margin: 0; display: grid; gap: .75rem; }
dt { font-weight: 600; } dt small { font-weight: 400; font-size: .875rem; color: var(--soft); }
dd { margin: 0; color: var(--soft); }
details summary { padding: .35rem 0; cursor: pointer; color: var(--accent); }
.soft { color: var(--soft); }
@media (min-width: 64rem) {
  .page { grid-template-columns: 16rem minmax(0, 1fr); column-gap: 3rem; padding-top: 3rem; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; }
  nav ul { columns: auto; }
}
`

/** Copies a call; without it there is no button. */
export const script = `
for (const button of document.querySelectorAll('.call button')) {
  const text = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = text }, 2000)
  })
}
`
