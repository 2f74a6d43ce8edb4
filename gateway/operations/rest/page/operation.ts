import { type Html, html } from '#kit/html'
import type { JsonSchema } from '../../json-schema/schema.ts'
import type { Listed } from '../listed.ts'
import { exampleOf, withoutNull } from '../schemas.ts'
import type { Texts } from './texts.ts'

const verbs = { query: 'GET', mutation: 'POST', subscription: 'GET' } as const

/** One operation: what it is for, what it takes, a call and what comes back. */
export function operationSection(
  listed: Listed,
  texts: Texts,
  { curl, version }: { readonly curl: string; readonly version: number },
): Html {
  const { name, operation, signature, description, scopes } = listed
  const { inPath } = signature
  const verb = verbs[operation.kind]
  const path = `/api/v${version}/${name}${inPath === null ? '' : `/{${inPath}}`}`
  return html`<section class="card" aria-labelledby="${name}">
<h3 id="${name}" lang="en">${operation.name}</h3>
<p class="way"><span class="verb ${verb.toLowerCase()}">${verb}</span> <code>${path}</code></p>
${description === '' ? null : html`<p lang="en">${description}</p>`}
<div class="call"><pre><code>${curl}</code></pre>
<button type="button" hidden aria-live="polite" data-done="${texts.copied}">${texts.copy}</button></div>
<h4>${texts.values}</h4>
${valuesOf(listed, texts)}
${
  scopes.length === 0
    ? null
    : html`<p class="soft">${texts.scopes}: <code>${scopes.join(' ')}</code></p>`
}
${operation.kind === 'subscription' ? null : answerOf(listed, texts)}
</section>
`
}

function valuesOf({ variables }: Listed, texts: Texts): Html {
  const members = Object.entries(variables.properties)
  if (members.length === 0) return html`<p class="soft">${texts.noValues}</p>`
  const notes = (name: string, schema: JsonSchema) =>
    [
      kindOf(schema),
      ...(variables.required.includes(name) ? [texts.required] : []),
      ...(schema.default === undefined ? [] : [`${texts.usual} ${JSON.stringify(schema.default)}`]),
    ].join(', ')
  return html`<dl>${members.map(
    ([
      name,
      schema,
    ]) => html`<div><dt><code>${name}</code> <small>${notes(name, schema)}</small></dt>
${valueWords(schema)}</div>`,
  )}</dl>`
}

const valueWords = (schema: JsonSchema): Html => {
  const { description } = withoutNull(schema)
  return typeof description === 'string' ? html`<dd lang="en">${description}</dd>` : html`<dd></dd>`
}

/** In a word: `string`, `integer`, `NEWEST | OLDEST`, `string[]`, `{from, to}`. */
function kindOf(whole: JsonSchema): string {
  const schema = withoutNull(whole)
  const { type, enum: values, items, properties } = schema
  if (Array.isArray(values)) return values.join(' | ')
  if (type === 'array' && isSchema(items)) return `${kindOf(items)}[]`
  if (type === 'object' && isSchema(properties)) return `{${Object.keys(properties).join(', ')}}`
  return typeof type === 'string' ? type : 'JSON'
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const answerOf = ({ answer }: Listed, texts: Texts): Html => html`<details>
<summary>${texts.answer}</summary>
<pre><code>${JSON.stringify(exampleOf(answer, { whole: true }), null, 2)}</code></pre>
</details>`
