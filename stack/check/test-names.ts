import ts from 'typescript'
import { type Source, walk } from './source.ts'

type NamedTest = {
  readonly name: string
  /** False when the name goes on with what only running it tells. */
  readonly isWhole: boolean
  /** False for `test.skip` and `test.todo`. */
  readonly runs: boolean
  readonly position: number
}

const modifiers = new Set(
  'concurrent each failing if only serial skip skipIf todo todoIf'.split(' '),
)

/** `test`, `it.skip`, `test.each(table)`, `test.skipIf(x)`: what a call of a test begins with. */
function isTestFunction(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'test' || node.text === 'it'
  if (ts.isPropertyAccessExpression(node)) {
    return modifiers.has(node.name.text) && isTestFunction(node.expression)
  }
  return ts.isCallExpression(node) && isTestFunction(node.expression)
}

/** Whether nobody left the test out on purpose, anywhere in `test.skip.each(table)`. */
function runs(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return !['skip', 'todo'].includes(node.name.text) && runs(node.expression)
  }
  return !ts.isCallExpression(node) || runs(node.expression)
}

/** A name that is put together counts up to its first gap. */
function textOf(node: ts.Expression | undefined): string | null {
  if (!node) return null
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.head.text : null
}

/** Where a table's values go: `%s`, `$name`. */
export const gap = /%[a-z#]|\$[a-z]/i

/** The tests of a file, without running it. */
export function testsIn(source: Source): NamedTest[] {
  const tests: NamedTest[] = []
  walk(source, (node) => {
    if (!ts.isCallExpression(node) || !isTestFunction(node.expression)) return
    const [first] = node.arguments
    const name = textOf(first)
    // A table's own call has a table where a test has its name.
    if (!first || name === null) return
    const isWhole = ts.isStringLiteralLike(first) && !gap.test(name)
    tests.push({ name, isWhole, runs: runs(node.expression), position: first.getStart() })
  })
  return tests
}
