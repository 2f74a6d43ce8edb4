import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'

const steps = [
  { icon: 'search', title: 'home.step1.title', body: 'home.step1.body' },
  { icon: 'calendar', title: 'home.step2.title', body: 'home.step2.body' },
  { icon: 'check', title: 'home.step3.title', body: 'home.step3.body' },
] as const

export function Steps() {
  const { t } = useText()
  return (
    <section
      id="how"
      aria-labelledby="how-title"
      className="scroll-mt-16 border-y border-line bg-sunken"
    >
      <div className="mx-auto max-w-6xl px-4 py-20 sm:px-6 sm:py-24">
        <h2 id="how-title" className="text-2xl font-semibold">
          {t('home.how')}
        </h2>
        <ol className="mt-10 grid gap-10 md:grid-cols-3">
          {steps.map(({ icon, title, body }, index) => (
            <li key={title}>
              <span className="grid size-11 place-items-center rounded-lg border border-line bg-surface text-accent-ink shadow-1">
                <Icon name={icon} />
              </span>
              <h3 className="mt-5 text-lg font-semibold">
                <span className="mr-2 text-ink-faint tabular-nums">{index + 1}</span>
                {t(title)}
              </h3>
              <p className="mt-2 max-w-sm text-ink-soft">{t(body)}</p>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}
