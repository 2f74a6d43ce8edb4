import { createHash } from 'node:crypto'
import { type Html, html, trusted } from '#kit/html'
import type { Locale } from '../account/rules.ts'
import style from './page.css' with { type: 'text' }
import passkeyScript from './passkey-page.js' with { type: 'text' }
import { otherLocale, texts } from './texts.ts'

/** What a page may run. Each works without: another button does the same, or another way is open. */
const scripts = {
  /** Submits the page's first form. */
  submit: 'document.forms[0].requestSubmit()',
  /** Asks the browser for a passkey. */
  passkey: passkeyScript,
}
export type PageScript = keyof typeof scripts

const hashOf = (source: string) =>
  `'sha256-${createHash('sha256').update(source).digest('base64')}'`
const styleHash = hashOf(style)

/** What a page needs to lead to itself, in either language. */
export type Links = {
  readonly locale: Locale
  readonly action: string
  readonly languageHref: (locale: Locale) => string
}

/** What went wrong with the last try. A lock tells how long it lasts, rounded up to minutes. */
export type Fault = { kind: 'wrong' } | { kind: 'locked'; minutes: number }

export type Page = {
  locale: Locale
  title: string
  body: Html
  /** Where the other language lives; null hides the link. */
  languageHref?: ((locale: Locale) => string) | undefined
  script?: PageScript | null
}

/**
 * Nothing but our own style, and the one script that the page brings along, known by its hash. A form may lead to
 * the applications: browsers hold the redirects after a submission to `form-action` too.
 */
export const contentSecurityPolicy = (
  formTargets: readonly string[],
  script: PageScript | null = null,
) =>
  [
    "default-src 'none'",
    `style-src ${styleHash}`,
    `script-src ${script ? hashOf(scripts[script]) : "'none'"}`,
    'img-src data:',
    `form-action 'self' ${formTargets.join(' ')}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Three rings that hold each other: the mark of the product, and the weave behind the promise. */
const rings = html`<circle cx="16" cy="12.4" r="5.6"/><circle cx="12.4" cy="18.6" r="5.6"/><circle cx="19.6" cy="18.6" r="5.6"/>`
const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="9"/>${rings}</svg>`
const weaveSteps = [0.5, 0.7, 0.9, 1.1, 1.3, 1.5]
const weave = html`<svg class="weave" viewBox="4 2 24 28" aria-hidden="true" focusable="false">${weaveSteps.map(
  (step) => html`<g transform="translate(16 16) scale(${step}) translate(-16 -16)">${rings}</g>`,
)}</svg>`

const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0f6a5b"/><g fill="none" stroke="#fff" stroke-width="2.1">${rings.markup}</g></svg>`,
)}`

function languageLink({ locale, languageHref }: Page): Html | null {
  if (!languageHref) return null
  const other = otherLocale[locale]
  return html`<nav aria-label="${texts[locale].languageLabel}"><a class="language" href="${languageHref(other)}" hreflang="${other}" lang="${other}" rel="nofollow">${texts[locale].otherLanguage}</a></nav>`
}

/** A whole document: the promise beside, the page's own part in the middle. */
export function pageOf(page: Page): string {
  const { locale, title, body } = page
  const text = texts[locale]
  const script = page.script ? trusted(`<script>${scripts[page.script]}</script>`) : null
  return html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – Plexus</title>
<link rel="icon" href="${icon}">
<style>${trusted(style)}</style>
</head>
<body>
<header><span class="brand">${mark}Plexus</span>${languageLink(page)}</header>
<aside aria-label="Plexus">${weave}<p class="promise">${text.promise}</p><p class="detail">${text.promiseDetail}</p></aside>
<main>${body}</main>
${script}
</body>
</html>
`.markup
}
