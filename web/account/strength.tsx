import { useText } from '../i18n/text.ts'

/** By bits of a guesser's work: from what falls within a day to what nobody tries. */
const steps = [
  { from: 0, text: 'strength.poor', look: 'bg-danger' },
  { from: 40, text: 'strength.fair', look: 'bg-caution' },
  { from: 60, text: 'strength.good', look: 'bg-positive' },
  { from: 90, text: 'strength.strong', look: 'bg-positive' },
] as const

/** How hard a password is to guess, as the server has judged it. */
export function Strength({ entropyBits }: { entropyBits: number }) {
  const { t } = useText()
  const place = steps.findLastIndex(({ from }) => entropyBits >= from)
  const step = steps[Math.max(0, place)] ?? steps[0]
  return (
    <p className="flex items-center gap-3 text-xs text-ink-soft">
      <span aria-hidden="true" className="flex w-28 shrink-0 gap-1">
        {steps.map(({ text }, index) => (
          <span
            key={text}
            className={`h-1.5 flex-1 rounded-full ${index <= place ? step.look : 'bg-line'}`}
          />
        ))}
      </span>
      {t(step.text)}
    </p>
  )
}
