import { useState } from 'react'
import { useLetterToken } from '../../account/letter-token.ts'
import { Ask } from './ask.tsx'
import { Choose } from './choose.tsx'

/** A forgotten password: a letter is asked for, and its link leads back here with a token. */
export function ResetPage() {
  const token = useLetterToken()
  const [isAgain, setAgain] = useState(false)
  if (!token || isAgain) return <Ask />
  return <Choose token={token} onAgain={() => setAgain(true)} />
}
