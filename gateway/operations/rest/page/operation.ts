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
  const members = membersOf(variables, '')
  if (members.length === 0) return html`<p class="soft">${texts.noValues}</p>`
  const notes = ({ schema, isRequired }: Member) =>
    [
      kindOf(schema),
      ...(isRequired ? [texts.required] : []),
      ...(schema.default === undefined ? [] : [`${texts.usual} ${JSON.stringify(schema.default)}`]),
    ].join(', ')
  return html`<dl>${members.map(
    (one) => html`<div><dt><code>${one.name}</code> <small>${notes(one)}</small></dt>
${valueWords(one.schema)}</div>`,
  )}</dl>`
}

type Member = { readonly name: string; readonly schema: JsonSchema; readonly isRequired: boolean }

/** Each value, and below an object each of its fields. */
function membersOf({ properties, required }: JsonSchema, above: string): readonly Member[] {
  const needed = new Set(Array.isArray(required) ? required : [])
  return Object.entries(isSchema(properties) ? properties : {}).flatMap(([field, schema]) => {
    if (!isSchema(schema)) return []
    const name = `${above}${field}`
    const own = { name, schema, isRequired: needed.has(field) }
    return [own, ...membersOf(withoutNull(schema), `${name}.`)]
  })
}

const valueWords = (schema: JsonSchema): Html => {
  const { description } = withoutNull(schema)
  return typeof description === 'string' ? html`<dd lang="en">${description}</dd>` : html`<dd></dd>`
}

/** In a word: `string`, `integer`, `NEWEST | OLDEST`, `string[]`, `object`. */
function kindOf(whole: JsonSchema): string {
  const schema = withoutNull(whole)
  const { type, enum: values, items } = schema
  if (Array.isArray(values)) return values.join(' | ')
  if (type === 'array' && isSchema(items)) return `${kindOf(items)}[]`
  return typeof type === 'string' ? type : 'JSON'
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const answerOf = ({ answer }: Listed, texts: Texts): Html => html`<details>
<summary>${texts.answer}</summary>
<pre><code>${JSON.stringify(exampleOf(answer, { whole: true }), null, 2)}</code></pre>
</details>`
