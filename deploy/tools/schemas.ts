import type { Crd } from './crds.ts'

/** A JSON Schema, or any part of one. */
export type Schema = { readonly [key: string]: unknown }

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOpen = (schema: Schema) =>
  schema.additionalProperties !== undefined ||
  schema['x-kubernetes-preserve-unknown-fields'] === true

const isDropped = (key: string) =>
  key === 'description' || key === 'format' || key.startsWith('x-kubernetes')

function closedProperties(properties: Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, closed(part)]))
}

/** Ours is not the place for names that nobody knows: a field that is not described is refused. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (!isRecord(part)) return part
  if (part.format === 'int-or-string' || part['x-kubernetes-int-or-string'] === true) {
    return { type: ['string', 'integer'] }
  }
  const kept = Object.entries(part)
    .filter(([key]) => !isDropped(key))
    .map(([key, value]) => [
      key,
      key === 'properties' && isRecord(value) ? closedProperties(value) : closed(value),
    ])
  const schema: Schema = Object.fromEntries(kept)
  if (!schema.properties || isOpen(part)) return schema
  return { ...schema, additionalProperties: false }
}

const metadata = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }

type Names = { readonly group: string; readonly version: string; readonly kind: string }

/** The name under which kubeconform looks for it. */
export const schemaFile = ({ group, version, kind }: Names): string => {
  const [first] = group.split('.')
  return `${kind.toLowerCase()}-${first ? `${first}-` : ''}${version}.json`
}

/** What every object needs to be what it says. */
function ofKind(names: Names, schema: Schema): Schema {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  const apiVersion = names.group ? `${names.group}/${names.version}` : names.version
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...schema,
    properties: { ...properties, apiVersion: { const: apiVersion }, kind: { const: names.kind } },
    required: [...new Set([...required, 'apiVersion', 'kind'])],
  }
}

type Definitions = Readonly<Record<string, Schema>>

function namesIn(part: unknown, found: Set<string>, definitions: Definitions): Set<string> {
  if (Array.isArray(part)) for (const each of part) namesIn(each, found, definitions)
  if (!isRecord(part)) return found
  for (const [key, value] of Object.entries(part)) {
    const name =
      key === '$ref' && typeof value === 'string' ? value.slice('#/definitions/'.length) : null
    if (name === null) namesIn(value, found, definitions)
    else if (!found.has(name)) namesIn(definitions[name], found.add(name), definitions)
  }
  return found
}

const withDefinitions = (schema: Schema, definitions: Definitions): Schema => {
  const names = [...namesIn(schema, new Set(), definitions)].sort()
  return {
    ...schema,
    definitions: Object.fromEntries(names.map((name) => [name, definitions[name]])),
  }
}

const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity'

function closedDefinitions(definitions: Definitions): Definitions {
  const all = Object.entries(definitions).map(([name, schema]): [string, Schema] => {
    const strict = closed(schema)
    return [name, isRecord(strict) ? strict : {}]
  })
  return { ...Object.fromEntries(all), [quantity]: { type: ['string', 'number'] } }
}

const isNames = (value: unknown): value is Names =>
  isRecord(value) && ['group', 'version', 'kind'].every((key) => typeof value[key] === 'string')

const kindsOf = (schema: Schema): Names[] => {
  const kinds = schema['x-kubernetes-group-version-kind']
  return Array.isArray(kinds) ? kinds.filter(isNames) : []
}

function builtIn(definitions: Definitions, strict: Definitions): [string, Schema][] {
  return Object.entries(definitions).flatMap(([name, schema]) =>
    kindsOf(schema)
      .filter(() => isRecord(schema.properties) && 'kind' in schema.properties)
      .map((names): [string, Schema] => [
        schemaFile(names),
        withDefinitions(ofKind(names, strict[name] ?? {}), strict),
      ]),
  )
}

/** Kubernetes knows an object's metadata by itself; the definition only says that there is some. */
function custom(crd: Crd, strict: Definitions): [string, Schema][] {
  return crd.spec.versions.map(({ name, schema }) => {
    const names = { group: crd.spec.group, version: name, kind: crd.spec.names.kind }
    const root = closed(schema.openAPIV3Schema)
    const own = ofKind(names, isRecord(root) ? root : {})
    const properties = isRecord(own.properties) ? own.properties : {}
    const whole = { ...own, properties: { ...properties, metadata } }
    return [schemaFile(names), withDefinitions(whole, strict)]
  })
}

/**
 * A strict JSON Schema for each kind, by the name of its file: of Kubernetes' own kinds from its
 * OpenAPI description, of the others from their definitions.
 */
export function schemasFrom(definitions: Definitions, crds: readonly Crd[]): Map<string, Schema> {
  const strict = closedDefinitions(definitions)
  return new Map([...builtIn(definitions, strict), ...crds.flatMap((crd) => custom(crd, strict))])
}
