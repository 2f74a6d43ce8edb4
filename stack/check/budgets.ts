import ts from 'typescript'
import { isTest, placeOf, type Source, walk } from './source.ts'

/**
 * Figures of the house style. `p90` holds over the whole product, the others for each piece of
 * code.
 */
const budgets = { functionLines: 70, functionLinesP90: 35, fileLines: 300, parameters: 4 } as const

type Measured = { readonly place: string; readonly lines: number; readonly parameters: number }

const lineOf = ({ tree }: Source, position: number) =>
  tree.getLineAndCharacterOfPosition(position).line

/**
 * Functions with a body of statements, from the line of their parameters to their closing brace.
 */
export function functionsOf(source: Source): Measured[] {
  const found: Measured[] = []
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
    if (!ts.isBlock(node.body)) return
    const start = node.name?.getStart() ?? node.getStart()
    const lines = lineOf(source, node.body.getEnd()) - lineOf(source, start) + 1
    found.push({ place: placeOf(source, start), lines, parameters: node.parameters.length })
  })
  return found
}

/** The value below which nine of ten lie; 0 for none. */
export function p90(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0
}

const fileLinesOf = ({ text }: Source) => text.trimEnd().split('\n').length

const functionFaults = ({ place, lines, parameters }: Measured): string[] => [
  ...(lines > budgets.functionLines
    ? [`${place}: a function of ${lines} lines, at most ${budgets.functionLines}`]
    : []),
  ...(parameters > budgets.parameters
    ? [`${place}: ${parameters} parameters, at most ${budgets.parameters}; take one object`]
    : []),
]

const fileFaults = (source: Source): string[] => {
  const lines = fileLinesOf(source)
  if (lines <= budgets.fileLines) return []
  return [`${source.path}: ${lines} lines, at most ${budgets.fileLines}; split it by noun`]
}

/** `any` and `!` switch the compiler off; biome sees most of them, this sees all. */
function escapeFaults(source: Source): string[] {
  const faults: string[] = []
  walk(source, (node) => {
    const place = () => placeOf(source, node.getStart())
    if (node.kind === ts.SyntaxKind.AnyKeyword) faults.push(`${place()}: any`)
    if (ts.isNonNullExpression(node)) faults.push(`${place()}: a non-null assertion`)
  })
  return faults
}

/**
 * Every broken budget, one line each. Tests may be as long as what they tell, yet know no `any`.
 */
export function budgetFaults(sources: readonly Source[]): string[] {
  const product = sources.filter(({ path }) => !isTest(path))
  const functions = product.flatMap(functionsOf)
  const typical = p90(functions.map(({ lines }) => lines))
  const tooLong =
    typical > budgets.functionLinesP90
      ? [`nine of ten functions have up to ${typical} lines, at most ${budgets.functionLinesP90}`]
      : []
  return [
    ...tooLong,
    ...functions.flatMap(functionFaults),
    ...product.flatMap(fileFaults),
    ...sources.flatMap(escapeFaults),
  ]
}
