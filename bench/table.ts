export type Cell = string | number

/** A Markdown table; numbers are rounded to what these machines can tell apart. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = (cell: Cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : 0) : cell)
  const line = (cells: readonly Cell[]) => `| ${cells.map(text).join(' | ')} |`
  return [
    line(head),
    line(head.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}

/** The value below which that share of the sorted values lies; 0 for none. */
export const shareOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
