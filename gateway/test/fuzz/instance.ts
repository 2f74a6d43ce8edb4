/** An object of the data. Objects of one type and number are the same object. */
export type Instance = {
  readonly __typename: string
  readonly number: number
  /** Who resolved the field that it came from. */
  readonly owners: readonly string[]
  /** The reference that it was named by. */
  readonly stated?: Readonly<Record<string, unknown>>
}

export type Asked = {
  readonly coordinate: string
  readonly source: Instance | null
  readonly args: Readonly<Record<string, unknown>>
}
