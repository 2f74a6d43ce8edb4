import { TextField } from './field.tsx'

type CodeFieldProps = {
  label: string
  hint?: string
  error?: string | undefined
  autoFocus?: boolean
}

/** Six digits from an app: phones offer the right keys, and what they have just received. */
export const CodeField = (props: CodeFieldProps) => (
  <TextField
    {...props}
    name="code"
    inputMode="numeric"
    autoComplete="one-time-code"
    pattern="[0-9 ]{6,8}"
    maxLength={8}
    required
    className="font-mono tracking-[0.35em] tabular-nums"
  />
)
