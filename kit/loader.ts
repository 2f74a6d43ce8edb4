import DataLoader from 'dataloader'

/** Loads single rows in batches: one call of `load` a tick. Null where no row came back for the key. */
export const loadBy = <Key extends string, Row>(
  keyOf: (row: Row) => Key,
  load: (keys: readonly Key[]) => PromiseLike<readonly Row[]>,
) =>
  new DataLoader<Key, Row | null>(async (keys) => {
    const rows = new Map((await load(keys)).map((row) => [keyOf(row), row]))
    return keys.map((key) => rows.get(key) ?? null)
  })

/** Loads lists in batches: the rows of each key in the order in which they came; empty where none did. */
export const loadListBy = <Key extends string, Row>(
  keyOf: (row: Row) => Key,
  load: (keys: readonly Key[]) => PromiseLike<readonly Row[]>,
) =>
  new DataLoader<Key, readonly Row[]>(async (keys) => {
    const rows = Map.groupBy(await load(keys), keyOf)
    return keys.map((key) => rows.get(key) ?? [])
  })
