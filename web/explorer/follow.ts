import { useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef } from 'react'
import { lens } from './lens.ts'
import { useStore } from './store.ts'

/** Reads the schema again for another contract. */
export function Follow() {
  const { contract } = useStore(lens)
  const { introspect } = useGraphiQLActions()
  const known = useRef(contract)
  useEffect(() => {
    if (known.current === contract) return
    known.current = contract
    void introspect()
  }, [contract, introspect])
  return null
}
