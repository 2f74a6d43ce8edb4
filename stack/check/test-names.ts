import ts from 'typescript'
import { type Source, walk } from './source.ts'

type NamedTest = { readonly name: string; readonly position: number }

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

/** A name that is put together counts up to its first gap. */
function textOf(node: ts.Expression | undefined): string | null {
  if (!node) return null
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.head.text : null
}

/** The tests of a file, without running it. */
export function testsIn(source: Source): NamedTest[] {
  const tests: NamedTest[] = []
  walk(source, (node) => {
    if (!ts.isCallExpression(node) || !isTestFunction(node.expression)) return
    const [first] = node.arguments
    const name = textOf(first)
    // A table's own call has a table where a test has its name.
    if (first && name !== null) tests.push({ name, position: first.getStart() })
  })
  return tests
}
