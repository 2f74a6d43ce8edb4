import { createHash } from 'node:crypto'
import { type Html, html, trusted } from '#kit/html'
import { type ErrorCode, errorCodes } from '#schema/errors'
import type { Exchange } from '../../../exchange.ts'
import { titleOf } from '../../../problem.ts'
import { type Description, keptBy } from '../describe.ts'
import type { Site } from '../openapi/document.ts'
import { curlOf } from './curl.ts'
import { type Language, languageFor } from './language.ts'
import { operationSection } from './operation.ts'
import { script, style } from './style.ts'
import { type Texts, textsIn } from './texts.ts'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Its one style and its one script are named by what they are; it loads nothing else. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The description of what a caller may run, to read. */
export function pageOf(description: Description, exchange: Exchange, site: Site): Response {
  const language = languageFor(exchange.request.headers.get('accept-language'))
  const { markup } = whole(description, { exchange, site, language, texts: textsIn[language] })
  return new Response(markup, {
    headers: {
      ...keptBy(exchange),
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': policy,
    },
  })
}

type Reader = {
  readonly exchange: Pick<Exchange, 'credential'>
  readonly site: Site
  readonly language: Language
  readonly texts: Texts
}

const kinds = ['query', 'mutation', 'subscription'] as const

const whole = (description: Description, reader: Reader): Html => {
  const { texts, site, language } = reader
  const title = `${site.productName} API`
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · v${description.version}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#operations">${texts.skip}</a>
<div class="page">
${head(title, description, reader)}
${contents(description, texts)}
<main id="operations">
${before(reader)}
${description.listed.length === 0 ? html`<p class="card">${texts.nothing}</p>` : null}
${kinds.map((kind) => operationsOf(kind, description, reader))}
${problems(texts)}
</main>
</div>
<script>${trusted(script)}</script>
</body>
</html>
`
}

function head(title: string, { version, newest }: Description, { texts }: Reader): Html {
  const versions = Array.from({ length: newest }, (_, index) => index + 1)
  const link = (one: number) =>
    one === version
      ? html`<li><span aria-current="page">${texts.version} ${one}</span></li>`
      : html`<li><a href="/api/v${one}">${texts.version} ${one}</a></li>`
  return html`<header>
<h1>${title}</h1>
<p>${texts.lead}</p>
<ul class="links">
${versions.map(link)}
<li><a href="/api/v${version}/openapi.json">${texts.machine}</a></li>
<li><a href="/api/schema.graphql">GraphQL</a></li>
</ul>
</header>`
}

const contents = (
  { listed }: Description,
  texts: Texts,
): Html => html`<nav aria-labelledby="contents">
<h2 id="contents">${texts.contents}</h2>
${kinds.flatMap((kind) => {
  const of = listed.filter(({ operation }) => operation.kind === kind)
  if (of.length === 0) return []
  const links = of.map(
    ({ name, operation }) => html`<li><a href="#${name}" lang="en">${operation.name}</a></li>`,
  )
  return [html`<h3>${texts.kinds[kind]}</h3><ul>${links}</ul>`]
})}
</nav>`

const before = ({
  texts,
  exchange,
}: Reader): Html => html`<section class="card" aria-labelledby="before">
<h2 id="before">${texts.before}</h2>
<p>${texts.proof[exchange.credential]}</p>
<ul>${texts.rules.map((rule) => html`<li>${rule}</li>`)}</ul>
</section>`

function operationsOf(
  kind: (typeof kinds)[number],
  { listed, version }: Description,
  { texts, exchange, site }: Reader,
): Html {
  const of = listed.filter(({ operation }) => operation.kind === kind)
  if (of.length === 0) return html``
  const { credential } = exchange
  const base = `${site.publicOrigin}/api/v${version}`
  const call = { base, credential, sessionCookie: site.sessionCookie }
  return html`<h2>${texts.kinds[kind]}</h2>
${of.map((one) => operationSection(one, texts, { curl: curlOf(one, call), version }))}`
}

function problems(texts: Texts): Html {
  // Its keys are those of the table.
  const codes = Object.keys(errorCodes) as ErrorCode[]
  return html`<section class="card" aria-labelledby="problems">
<h2 id="problems">${texts.problems}</h2>
<p>${texts.problemsLead}</p>
<dl>${codes.map(
    (
      code,
    ) => html`<div id="${code}"><dt><code>${code}</code> <small>${errorCodes[code].http}</small></dt>
<dd>${texts.codes[code] ?? titleOf(code)}</dd></div>`,
  )}</dl>
</section>`
}
