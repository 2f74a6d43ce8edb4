import { useCallback, useEffect, useState } from 'react'
import {
  addOperation,
  changeOperation,
  type Refusal,
  removeOperation,
  type SavedOperation,
  savedOperations,
  type Written,
} from '../api.ts'
import type { TextId } from '../texts.en.ts'
import { refusalFrom } from './pane.tsx'

/** What became of the last act, in words of ours or of the gateway. */
export type Said =
  | { readonly tone: 'good'; readonly id: TextId; readonly title: string }
  | { readonly tone: 'bad'; readonly id: TextId }
  | { readonly tone: 'refused'; readonly refusal: Refusal }

export type Act = (said: { readonly id: TextId; readonly title: string }) => Promise<boolean>

/** The saved operations, read again after each act, whether or not it was carried out. */
export function useSaved() {
  const [operations, setOperations] = useState<readonly SavedOperation[] | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  const read = useCallback(async (): Promise<Said | null> => {
    try {
      setOperations(await savedOperations())
      return null
    } catch (error) {
      return { tone: 'refused', refusal: refusalFrom(error) }
    }
  }, [])
  useEffect(() => {
    read().then((refused) => refused && setSaid(refused))
  }, [read])
  const act = async (work: () => Promise<unknown>, done: TextId, title: string) => {
    setSaid(null)
    const told = await work().then(
      (): Said => ({ tone: 'good', id: done, title }),
      (error: unknown) => saidOf(refusalFrom(error), done),
    )
    // Read before it is told: whoever goes on at once changes what is there now, not what was.
    setSaid((await read()) ?? told)
    return told.tone === 'good'
  }
  return {
    ...{ operations, said },
    add: (written: Written) => act(() => addOperation(written), 'savedDone', written.title),
    change: (operation: SavedOperation, changed: Partial<Written>) => {
      const { title, document, variables, shared } = operation
      const written = { title, document, variables, shared, ...changed }
      return act(() => changeOperation(operation, written), 'changed', written.title)
    },
    remove: (operation: SavedOperation) =>
      act(() => removeOperation(operation), 'removed', operation.title),
  }
}

export type Saved = ReturnType<typeof useSaved>

/** One that is gone was changed elsewhere too. */
function saidOf(refusal: Refusal, done: TextId): Said {
  const isConflict = refusal.code === 'CONFLICT' || refusal.code === 'NOT_FOUND'
  if (isConflict) return { tone: 'bad', id: done === 'savedDone' ? 'full' : 'conflict' }
  return { tone: 'refused', refusal }
}
