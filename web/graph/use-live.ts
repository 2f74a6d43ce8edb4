import { useEffect, useRef, useState } from 'react'
import { type AnyVariables, type DocumentInput, stringifyVariables, useClient } from 'urql'
import { Live, type LiveState } from './live.ts'

type Follow<Data, Variables> = {
  document: DocumentInput<Data, Variables & AnyVariables>
  /** Null: not yet, or not any more. */
  variables: (Variables & AnyVariables) | null
  onEvent?: (data: Data) => void
  /** Connected again: events without a present state of their own may have been missed. */
  onAgain?: () => void
}

/** Follows a subscription while the component is there; events reach the cache by themselves. */
export function useLive<Data, Variables>(follow: Follow<Data, Variables>): LiveState {
  const client = useClient()
  const [state, setState] = useState<LiveState>('connecting')
  const latest = useRef(follow)
  latest.current = follow
  const key = follow.variables && stringifyVariables(follow.variables)
  useEffect(() => {
    const { document, variables } = latest.current
    if (key === null || variables === null) return
    setState('connecting')
    const live = new Live(
      client,
      { document, variables },
      {
        onEvent: (data) => latest.current.onEvent?.(data),
        onState: setState,
        onAgain: () => latest.current.onAgain?.(),
      },
    )
    return () => live.stop()
  }, [client, key])
  return state
}
