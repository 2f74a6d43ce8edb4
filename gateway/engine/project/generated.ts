import { type GraphQLOutputType, isListType, isNonNullType } from 'graphql'
import type { Tree } from '../tree.ts'
import type { Introspect } from './introspection.ts'
import type { Projected, Shape } from './shape.ts'

/**
 * The client's answer out of merged answers in which nothing went wrong; undefined as soon as
 * anything is not as it should be: then `project` finds out what, and where.
 */
export type FastProject = (object: Tree, introspect: Introspect) => unknown

/**
 * Generated code: one object literal for each type of object. Names stand in it as JSON strings
 * only; a response name cannot begin with two underscores, so none is `__proto__`.
 */
export function fastProjectOf(shape: Shape): FastProject {
  const byType = new Map<unknown, FastProject>()
  const forType = (type: string | null): FastProject => {
    const known = byType.get(type) ?? generated(shape.fieldsOf(type), type ?? shape.type)
    byType.set(type, known)
    return known
  }
  if (!shape.isAbstract) return forType(shape.type)
  return (object, introspect) => {
    const type = object.__typename
    const known = byType.get(type)
    if (known) return known(object, introspect)
    if (type === undefined || type === shape.type) return forType(null)(object, introspect)
    if (typeof type !== 'string' || !shape.allows(type)) return undefined
    return forType(type)(object, introspect)
  }
}

function generated(fields: readonly Projected[], type: string): FastProject {
  // What the client may never see needs an error.
  if (fields.some(({ origin }) => origin === 'denied')) return () => undefined
  const below = fields.map(({ shape }) => shape && lazily(() => fastProjectOf(shape)))
  const leaves = fields.map(({ leaf }) => leaf)
  const nodes = fields.map((field) => field.nodes)
  const lines = fields.map((field, index) => lineFor(field, index, type))
  const members = fields.map(
    ({ responseName }, index) => `${JSON.stringify(responseName)}: f${index}`,
  )
  const code = `return (o, i) => {\n${lines.join('\n')}\nreturn {${members.join(', ')}}\n}`
  return projectFrom(new Function('below', 'leaves', 'nodes', code)(below, leaves, nodes))
}

/** The code above is the only one that comes here. */
const projectFrom = (project: FastProject): FastProject => project

/** A fragment may lead to types that no answer ever has. */
function lazily(make: () => FastProject): FastProject {
  let made: FastProject | undefined
  return (object, introspect) => {
    made ??= make()
    return made(object, introspect)
  }
}

function lineFor(field: Projected, index: number, type: string): string {
  const name = `f${index}`
  if (field.origin === 'typename') return `const ${name} = ${JSON.stringify(type)}`
  if (field.origin === 'introspection') return `const ${name} = i(nodes[${index}])`
  if (!field.type) return `const ${name} = null`
  const key = JSON.stringify(field.key)
  // Under such a name every object has something, whatever its subgraph said.
  const isInherited = field.key in Object.prototype
  const value = isInherited ? `Object.hasOwn(o, ${key}) ? o[${key}] : undefined` : `o[${key}]`
  return `let ${name} = ${value}\n${checkOf({ field, index, type: field.type }, name)}`
}

type Checked = {
  readonly field: Projected
  readonly index: number
  readonly type: GraphQLOutputType
}

/** Code that completes the variable, or gives up. */
function checkOf({ field, index, type }: Checked, name: string): string {
  if (isNonNullType(type)) {
    const inner = presentOf({ field, index, type: type.ofType }, name)
    return `if (${name} === null || ${name} === undefined) return undefined\n${inner}`
  }
  const inner = presentOf({ field, index, type }, name)
  return `if (${name} === undefined) ${name} = null\nelse if (${name} !== null) {\n${inner}\n}`
}

/** The same for a value that is there. */
function presentOf({ field, index, type }: Checked, name: string): string {
  if (isListType(type)) return listOf({ field, index, type: type.ofType }, name)
  if (field.shape)
    return [
      `if (typeof ${name} !== "object" || Array.isArray(${name})) return undefined`,
      `${name} = below[${index}](${name}, i)`,
      `if (${name} === undefined) return undefined`,
    ].join('\n')
  if (!field.isLeaf) return ''
  const isLeaf = field.isLeaf.replace('#', String(index)).replaceAll('$', name)
  const value = `${name}${index}c`
  // An id that came as a number is told as a text; anything else that does not fit gives up.
  const coerced = `const ${value} = leaves[${index}](${name})`
  return `if (!(${isLeaf})) {\n${coerced}\nif (${value} === undefined) return undefined\n${name} = ${value}\n}`
}

function listOf({ field, index, type }: Checked, name: string): string {
  const isArray = `if (!Array.isArray(${name})) return undefined`
  // Every item may stand as it is.
  if (!field.shape && !field.isLeaf && !isNonNullType(type) && !isListType(type)) return isArray
  const [list, item, at] = [`${name}l`, `${name}x`, `${name}n`]
  return [
    isArray,
    `const ${list} = new Array(${name}.length)`,
    `for (let ${at} = 0; ${at} < ${name}.length; ${at}++) {`,
    `let ${item} = ${name}[${at}]`,
    checkOf({ field, index, type }, item),
    `${list}[${at}] = ${item}`,
    '}',
    `${name} = ${list}`,
  ].join('\n')
}
