import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useRef } from 'react'
import { lens } from './lens.ts'
import { useStore } from './store.ts'

/** The editors draw their own colours: they are told when those of the system change. */
function useSystemTheme() {
  const theme = useGraphiQL((state) => state.theme)
  const { setTheme } = useGraphiQLActions()
  useEffect(() => {
    if (theme !== null) return
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => setTheme(null)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [theme, setTheme])
}

/** Reads the schema again for another contract, and follows the colours of the system. */
export function Follow() {
  const { contract } = useStore(lens)
  const { introspect } = useGraphiQLActions()
  const known = useRef(contract)
  useSystemTheme()
  useEffect(() => {
    if (known.current === contract) return
    known.current = contract
    void introspect()
  }, [contract, introspect])
  return null
}
