import { createHash } from 'node:crypto'
import { type Html, html, trusted } from '#kit/html'
import style from './page.css' with { type: 'text' }
import { type Locale, texts } from './page-texts.ts'

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

const originOf = (url: string | null) => (url ? URL.parse(url)?.origin : null) ?? null

/** Browsers hold the redirects after a submission to `form-action` too, so the way back is named. */
function policyOf(leadsTo: readonly (string | null)[]): string {
  const origins = [...new Set(leadsTo.flatMap((url) => originOf(url) ?? []))]
  return [
    "default-src 'none'",
    `style-src ${styleHash}`,
    'img-src data:',
    `form-action 'self' ${origins.join(' ')}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export type Page = {
  readonly locale: Locale
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** Where the page's forms may lead in the end. */
  readonly leadsTo?: readonly (string | null)[]
}

const icon =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"%3E%3Crect width="32" height="32" rx="9" fill="%238a5300"/%3E%3Cpath d="M7 12h18v9a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z" fill="%23fff"/%3E%3C/svg%3E'

/** A whole document; runs no script and is kept nowhere. */
export function pageResponse({ locale, title, body, status = 200, leadsTo = [] }: Page): Response {
  const text = texts[locale]
  const document = html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – ${text.testTitle}</title>
<link rel="icon" href="${trusted(icon.replaceAll('"', "'"))}">
<style>${trusted(style)}</style>
</head>
<body>
<header><p><strong>${text.testTitle}</strong> ${text.test}</p></header>
<main>${body}</main>
</body>
</html>
`
  return new Response(document.markup, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policyOf(leadsTo),
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  })
}
