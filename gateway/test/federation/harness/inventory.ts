import { join } from 'node:path'
import ts from 'typescript'
import type { Guard } from './guard.ts'

/** A hazard as it is written, without running it. */
export type Listed = {
  readonly name: string
  readonly file: string
  readonly guards: Guard | null
  /** Operations that stand in the test itself; a table that is built holds more. */
  readonly operations: number
}

const folder = join(import.meta.dir, '..')

/** Every hazard by the name of its folder. Throws for a guard that is not written out. */
export async function listedHazards(): Promise<Listed[]> {
  const files = [...new Bun.Glob('*/*.test.ts').scanSync({ cwd: folder })].sort()
  return Promise.all(files.map(async (path) => listedFrom(join(folder, path))))
}

async function listedFrom(file: string): Promise<Listed> {
  const tree = ts.createSourceFile(file, await Bun.file(file).text(), ts.ScriptTarget.Latest, true)
  const properties = propertiesIn(tree)
  const guards = properties.find(({ name }) => name.getText() === 'guards')
  if (!guards) throw new Error(`${file} does not say what it guards.`)
  return {
    name: file.split('/').at(-2) ?? file,
    file,
    guards: guardFrom(guards.initializer, file),
    operations: properties.filter(({ name }) => name.getText() === 'operation').length,
  }
}

const propertiesIn = (node: ts.Node): ts.PropertyAssignment[] => [
  ...(ts.isPropertyAssignment(node) ? [node] : []),
  ...node.getChildren().flatMap(propertiesIn),
]

function guardFrom(node: ts.Expression, file: string): Guard | null {
  if (node.kind === ts.SyntaxKind.NullKeyword) return null
  const texts = new Map(
    propertiesIn(node).map(({ name, initializer }) => [
      name.getText(),
      ts.isStringLiteralLike(initializer) ? initializer.text : undefined,
    ]),
  )
  const instead = texts.get('instead')
  const guard = { file: texts.get('file'), line: texts.get('line') }
  if (guard.file === undefined || guard.line === undefined)
    throw new Error(`${file} guards a line that is not written out.`)
  return { file: guard.file, line: guard.line, ...(instead !== undefined && { instead }) }
}
