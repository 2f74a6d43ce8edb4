import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/**
 * What a letter's link carries after the `#`, where no server and no other page sees it; taken out of
 * the address at once, so that no history keeps it. Null without one.
 */
export function useLetterToken(): string | null {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const found = new URLSearchParams(hash).get('token')
  const [token, setToken] = useState(found)
  useEffect(() => {
    if (!found) return
    setToken(found)
    void navigate({ to: pathname, hash: '', replace: true })
  }, [found, navigate, pathname])
  return found ?? token
}
