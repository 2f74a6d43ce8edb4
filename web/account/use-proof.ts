import { useCallback, useEffect, useRef } from 'react'
import { useClient } from 'urql'
import { ProofOfWork } from './query.ts'

/** Work that shows that a person's device asks, done while the form is filled in. */
export function useProof() {
  const client = useClient()
  const running = useRef<Promise<string | null>>(null)
  const ending = useRef(new AbortController())

  const work = useCallback(async (): Promise<string | null> => {
    const { data } = await client.query(ProofOfWork, {}, { requestPolicy: 'network-only' })
    if (!data) return null
    const { solveAside } = await import('./solver.ts')
    return solveAside(data.proofOfWork, ending.current.signal).catch(() => null)
  }, [client])

  const begin = useCallback(() => {
    running.current ??= work()
  }, [work])

  useEffect(() => {
    ending.current = new AbortController()
    const { current } = ending
    return () => current.abort()
  }, [])

  /** The proof, which serves once; null when it could not be made. */
  const take = useCallback(async (): Promise<string | null> => {
    const proof = await (running.current ?? work())
    running.current = null
    return proof
  }, [work])

  return { begin, take }
}
