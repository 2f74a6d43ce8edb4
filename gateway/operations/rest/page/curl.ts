import type { Credential } from '../../../exchange.ts'
import type { Json } from '../../json-schema/schema.ts'
import type { Listed } from '../listed.ts'
import { exampleOf, isMap } from '../schemas.ts'

type Call = {
  readonly base: string
  readonly credential: Credential
  readonly sessionCookie: string
}

/** In single quotes, whatever it holds. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** A command that runs the operation when it is pasted, once the proof it names is in its place. */
export function curlOf(listed: Listed, { base, credential, sessionCookie }: Call): string {
  const { name, operation, signature, variables } = listed
  const proofs: Readonly<Record<Credential, readonly string[]>> = {
    anonymous: [],
    session: [`-b "${sessionCookie}=$SESSION"`],
    bearer: ['-H "authorization: Bearer $TOKEN"'],
  }
  const values = exampleOf(variables)
  const { inPath } = signature
  const path = inPath !== null && isMap(values) ? `/${String(values[inPath] ?? '')}` : ''
  const url = quoted(`${base}/${name}${path}`)
  const rest = isMap(values)
    ? Object.entries(values).filter(([variable]) => variable !== inPath)
    : []
  const ways = {
    query: () => [`curl ${rest.length > 0 ? '-G ' : ''}${url}`, ...parametersOf(rest)],
    subscription: () => [
      `curl -N ${rest.length > 0 ? '-G ' : ''}${url}`,
      "-H 'accept: text/event-stream'",
      ...parametersOf(rest),
    ],
    mutation: () => [
      `curl ${url}`,
      '-H "idempotency-key: $(uuidgen)"',
      "-H 'content-type: application/json'",
      `-d ${quoted(JSON.stringify(Object.fromEntries(rest)))}`,
    ],
  }
  const [first = '', ...more] = ways[operation.kind]()
  return [first, ...proofs[credential], ...more].join(' \\\n  ')
}

const parametersOf = (values: readonly (readonly [string, Json])[]): string[] =>
  values
    .flatMap(([name, value]) => flat(name, value))
    .map((pair) => `--data-urlencode ${quoted(pair)}`)

function flat(name: string, value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => flat(name, item))
  if (!isMap(value)) return [`${name}=${String(value)}`]
  return Object.entries(value).flatMap(([field, inner]) => flat(`${name}[${field}]`, inner))
}
