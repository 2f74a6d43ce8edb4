import { type Html, html, trusted } from '#kit/html'
import type { Letter, Row } from './letter.ts'

// Mail programs drop style sheets: what must hold is inline, in light colours. Those that keep the sheet and are
// dark turn it over; contrast is at least 4.5 to 1 either way.
const sheet = trusted(`
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #0e1312 !important; color: #edf2f0 !important; }
    .card { background: #151b1a !important; border-color: #26302e !important; }
    .soft { color: #b3bfbc !important; }
    .action { background: #63d1b8 !important; color: #06201b !important; }
  }`)

const font = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
const style = {
  page: `margin: 0; padding: 24px 12px; background: #faf9f6; color: #17211f; ${font}; font-size: 16px; line-height: 1.5`,
  card: 'max-width: 560px; margin: 0 auto; padding: 24px; background: #ffffff; border: 1px solid #e7e3da; border-radius: 12px',
  title: 'margin: 0 0 16px; font-size: 20px; line-height: 1.3',
  table: 'width: 100%; border-collapse: collapse; margin: 0 0 24px',
  label:
    'padding: 4px 16px 4px 0; text-align: left; vertical-align: top; font-weight: 400; color: #4a5654; white-space: nowrap',
  value: 'padding: 4px 0; vertical-align: top; font-weight: 600; word-break: break-word',
  action:
    'display: inline-block; padding: 12px 20px; background: #0f6a5b; color: #ffffff; border-radius: 8px; text-decoration: none; font-weight: 600',
  note: 'max-width: 560px; margin: 16px auto 0; font-size: 14px; color: #4a5654',
} as const

const rowOf = ({ label, value }: Row): Html => html`
        <tr>
          <th scope="row" class="soft" style="${style.label}">${label}</th>
          <td style="${style.value}">${value}</td>
        </tr>`

const tableOf = (
  rows: readonly Row[],
): Html => html`<table style="${style.table}">${rows.map(rowOf)}
      </table>`

/** The letter as a page. Every text in it is escaped; it loads nothing, so it tells nobody that it was read. */
export const htmlOf = ({
  language,
  subject,
  greeting,
  lead,
  rows,
  action,
  notes,
}: Letter): string =>
  html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${subject}</title>
    <style>${sheet}</style>
  </head>
  <body class="page" style="${style.page}">
    <main class="card" style="${style.card}">
      <h1 style="${style.title}">${lead}</h1>
      <p>${greeting}</p>
      ${rows.length > 0 ? tableOf(rows) : null}
      <p><a class="action" href="${action.url}" style="${style.action}">${action.label}</a></p>
    </main>
    <footer>${notes.map(
      (note) => html`
      <p class="soft" style="${style.note}">${note}</p>`,
    )}
    </footer>
  </body>
</html>
`.markup
