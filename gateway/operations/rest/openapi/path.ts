import { type Json, type JsonMap, type JsonSchema, objectOf } from '../../json-schema/schema.ts'
import type { Listed } from '../listed.ts'
import { exampleOf, isMap, withoutNull } from '../schemas.ts'
import { answerHeaders, failuresOf, idempotencyKey, schemaRef } from './shared.ts'

/** How a caller proves who they are, for a document of theirs. */
export type Proof = (scopes: readonly string[]) => readonly JsonMap[]

type Way = {
  readonly method: 'get' | 'post'
  /** Whether the required variable ends the path. */
  readonly isNamed: boolean
}

/** One operation's addresses, each with its methods. */
export function pathsOf(listed: Listed, proof: Proof): JsonMap {
  const { name, signature, operation } = listed
  const at = (isNamed: boolean, methods: readonly Way['method'][]) =>
    Object.fromEntries(
      methods.map((method) => [method, operationOf(listed, { method, isNamed }, proof)]),
    )
  const all = { query: ['get', 'post'], mutation: ['post'], subscription: ['get'] } as const
  const [first] = all[operation.kind]
  return {
    [`/${name}`]: at(false, all[operation.kind]),
    ...(signature.inPath !== null && {
      [`/${name}/{${signature.inPath}}`]: at(true, [first]),
    }),
  }
}

function operationOf(listed: Listed, way: Way, proof: Proof): JsonMap {
  const { operation, description, signature, scopes } = listed
  const hasBody = way.method === 'post'
  const isMutation = operation.kind === 'mutation'
  const parameters = [...parametersOf(listed, way), ...(isMutation ? [idempotencyKey] : [])]
  return {
    operationId: operationIdOf(listed, way),
    summary: summaryOf(description, operation.name),
    ...(description !== '' && { description }),
    tags: [tags[operation.kind]],
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && { requestBody: bodyOf(listed, way) }),
    responses: {
      200: answerOf(listed, way),
      ...failuresOf({ hasBody, mayBeRefused: isMutation || signature.refusing.size > 0 }),
    },
    security: proof(scopes),
  }
}

export const tags = { query: 'Reads', mutation: 'Changes', subscription: 'Streams' } as const

const operationIdOf = ({ operation: { name, kind }, signature }: Listed, way: Way) => {
  const by = way.isNamed ? signature.inPath : null
  const how = way.method === 'post' && kind === 'query' ? 'ByPost' : ''
  return by === null ? `${name}${how}` : `${name}By${by.charAt(0).toUpperCase()}${by.slice(1)}`
}

/** The first sentence. */
const summaryOf = (description: string, name: string) =>
  /^.*?[.;:](?=\s|$)/s.exec(description)?.[0].replace(/[.;:]$/, '') || description || name

/** Those that the query string or the path has; in a body there are none. */
function parametersOf({ variables, signature }: Listed, { method, isNamed }: Way): JsonMap[] {
  const inPath = isNamed ? signature.inPath : null
  return Object.entries(variables.properties)
    .filter(([name]) => name === inPath || method === 'get')
    .map(([name, schema]) => parameterOf(name, schema, { inPath, required: variables.required }))
}

type Place = { readonly inPath: string | null; readonly required: readonly string[] }

function parameterOf(name: string, whole: JsonSchema, { inPath, required }: Place): JsonMap {
  const { description, ...schema } = withoutNull(whole)
  const isInPath = name === inPath
  const isObject = schema.type === 'object'
  return {
    ...{ name, in: isInPath ? 'path' : 'query', required: isInPath || required.includes(name) },
    ...(description !== undefined && { description }),
    // Deeper fields go on in brackets; a list is its name several times.
    ...(!isInPath && { style: isObject ? 'deepObject' : 'form', explode: true }),
    schema,
    ...((isInPath || required.includes(name)) && { example: exampleOf(schema, { name }) }),
  }
}

function bodyOf({ variables, signature, operation }: Listed, { isNamed }: Way): JsonMap {
  const inPath = isNamed ? signature.inPath : null
  const left = Object.entries(variables.properties).filter(([name]) => name !== inPath)
  const schema =
    inPath === null ? schemaRef(variablesName(operation.name)) : within(left, variables)
  const example = exampleOf(inPath === null ? variables : within(left, variables))
  const required = variables.required.some((name) => name !== inPath)
  return { required, content: { 'application/json': { schema, example } } }
}

const within = (
  left: readonly (readonly [string, JsonSchema])[],
  { required }: { readonly required: readonly string[] },
) => objectOf(left.map(([name, schema]) => [name, schema, required.includes(name)]))

const answerName = (name: string) => `${name}Answer`
const variablesName = (name: string) => `${name}Variables`

/** The schemas that an operation's addresses refer to. */
export const schemasOf = ({ operation: { name }, answer, variables }: Listed): JsonMap => ({
  [answerName(name)]: answer,
  [variablesName(name)]: variables,
})

function answerOf({ operation, answer }: Listed, { isNamed }: Way): JsonMap {
  if (operation.kind === 'subscription') return stream
  // What a path names is there, or 404.
  const schema = isNamed ? withoutNull(answer) : schemaRef(answerName(operation.name))
  const example: Json = exampleOf(answer, { whole: true })
  return {
    description: descriptionIn(answer) ?? 'The answer.',
    headers: answerHeaders,
    content: { 'application/json': { schema, example } },
  }
}

const descriptionIn = (schema: JsonSchema) => {
  const { description } = withoutNull(schema)
  return typeof description === 'string' && !isMap(description) ? description : null
}

const stream: JsonMap = {
  description:
    'Events `next` with a result of the graph as `data`, at last `complete`. Accept text/event-stream.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
}
