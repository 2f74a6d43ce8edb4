import { useEffect, useState } from 'react'

type RuntimeConfig = { provider?: { label?: string } }

async function providerLabel(): Promise<string | null> {
  const response = await fetch('/config.json')
  const config: RuntimeConfig = await response.json()
  return config.provider?.label ?? null
}

/** What the installation calls the place where people sign in; null until it is known, or for ever. */
export function useProviderLabel(): string | null {
  const [label, setLabel] = useState<string | null>(null)
  useEffect(() => {
    void providerLabel().then(setLabel, () => setLabel(null))
  }, [])
  return label
}
