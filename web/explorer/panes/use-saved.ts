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
  const read = useCallback(async () => {
    try {
      setOperations(await savedOperations())
    } catch (error) {
      setSaid({ tone: 'refused', refusal: refusalFrom(error) })
    }
  }, [])
  useEffect(() => {
    void read()
  }, [read])
  const act = async (work: () => Promise<unknown>, done: TextId, title: string) => {
    setSaid(null)
    try {
      await work()
      setSaid({ tone: 'good', id: done, title })
      return true
    } catch (error) {
      setSaid(saidOf(refusalFrom(error), done))
      return false
    } finally {
      await read()
    }
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
