import type { ReactNode } from 'react'

export type Column<Row> = {
  label: string
  cell: (row: Row) => ReactNode
  /** What the row is called by: the first line on a phone. */
  isName?: true
  /** Numbers and buttons stand at the end of the line. */
  isLast?: true
}

type TableProps<Row> = { label: string; columns: readonly Column<Row>[]; rows: readonly Row[] }

const cell = 'py-3 sm:px-4 sm:align-middle'

/** A table on a desk; on a phone each row is a card, with what it holds one below the other. */
export const Table = <Row extends { id: string }>({ label, columns, rows }: TableProps<Row>) => (
  <div className="mt-6 sm:overflow-x-auto sm:rounded-xl sm:border sm:border-line sm:bg-surface sm:shadow-1">
    <table className="w-full border-collapse text-left text-sm max-sm:block">
      <caption className="sr-only">{label}</caption>
      <thead className="max-sm:sr-only">
        <tr className="border-b border-line text-ink-faint">
          {columns.map((column) => (
            <th key={column.label} scope="col" className="px-4 py-3 font-medium">
              {column.isLast ? <span className="sr-only">{column.label}</span> : column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:flex max-sm:flex-col max-sm:gap-3">
        {rows.map((row) => (
          <tr
            key={row.id}
            className="max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-x-4 max-sm:gap-y-1.5 max-sm:rounded-xl max-sm:border max-sm:border-line max-sm:bg-surface max-sm:p-4 max-sm:shadow-1 sm:border-b sm:border-line sm:last:border-0"
          >
            {columns.map((column) =>
              column.isName ? (
                <th
                  key={column.label}
                  scope="row"
                  className={`${cell} font-normal max-sm:w-full max-sm:p-0`}
                >
                  {column.cell(row)}
                </th>
              ) : (
                <td
                  key={column.label}
                  className={`${cell} max-sm:p-0 max-sm:empty:hidden ${column.isLast ? 'sm:text-right max-sm:w-full' : ''}`}
                >
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
