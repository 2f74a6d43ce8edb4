import type { Path } from '../plan/fetch.ts'
import { isTree, type Tree } from '../tree.ts'

/** Hands each object at a path of the merged answers to `found`. */
export type Walk = (root: Tree, found: (object: Tree) => void) => void

/**
 * Generated, since it runs over every object of an answer. Keys and types stand in the code as JSON
 * strings only.
 */
export function walkOf(path: Path): Walk {
  const opened: string[] = []
  let at = 'root'
  for (const [index, step] of path.entries()) {
    const next = `v${index}`
    if (step.kind === 'list') {
      opened.push(`if (Array.isArray(${at})) for (const ${next} of ${at}) {`)
      at = next
    } else if (step.kind === 'field') {
      opened.push(`if (isObject(${at})) { const ${next} = ${at}[${JSON.stringify(step.key)}]`)
      at = next
    } else {
      opened.push(`if (isObject(${at}) && ${at}.__typename === ${JSON.stringify(step.type)}) {`)
    }
  }
  const code = `${opened.join('\n')}\nif (isObject(${at})) found(${at})\n${'}'.repeat(opened.length)}`
  return walkFrom(new Function('isObject', `return (root, found) => {${code}}`)(isTree))
}

/** The code above is the only one that comes here. */
const walkFrom = (walk: Walk): Walk => walk
