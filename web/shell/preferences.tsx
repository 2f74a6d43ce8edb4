import { lazy, Suspense } from 'react'
import { useText } from '../i18n/text.ts'
import { Glyph } from '../ui/glyph.tsx'
import { Popup } from '../ui/popup.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const Choices = lazy(async () => ({ default: (await import('./choices.tsx')).Choices }))

/** The button says the language; its panel, which comes when it is opened, changes language and theme. */
export function Preferences() {
  const { t, locale } = useText()
  return (
    <Popup
      label={t('preferences.open', { code: locale.toUpperCase() })}
      width="sm:w-76"
      trigger={
        <>
          <Glyph>
            <circle cx="10" cy="10" r="7" />
            <path d="M3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7S7.8 5 10 3Z" />
          </Glyph>
          <span className="text-sm font-medium">{locale.toUpperCase()}</span>
        </>
      }
      triggerClass="inline-flex min-h-10 items-center gap-1.5 rounded-md px-2.5 text-ink-soft hover:bg-hover hover:text-ink"
    >
      {() => (
        <Suspense fallback={<Skeleton className="h-41" />}>
          <Choices />
        </Suspense>
      )}
    </Popup>
  )
}
