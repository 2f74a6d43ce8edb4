import { Choice } from './choice.tsx'
import { contracts, lens, viewers } from './lens.ts'
import { useStore } from './store.ts'
import { useText } from './use-text.ts'

/** As whom the graph is looked at, and how much of it. */
export function LensBar() {
  const { t, locale } = useText()
  const { viewer, contract } = useStore(lens)
  return (
    <section lang={locale} className="lens" aria-label={t('lens')}>
      <Choice
        {...{ label: t('lensViewer'), isLabelSeen: true, value: viewer }}
        options={viewers.map((value) => ({ value, label: t(value) }))}
        onChange={(chosen) => lens.set({ viewer: chosen, contract })}
      />
      <Choice
        {...{ label: t('lensContract'), isLabelSeen: true, value: contract }}
        options={contracts.map((value) => ({ value, label: t(value) }))}
        onChange={(chosen) => lens.set({ viewer, contract: chosen })}
      />
      <p role="status">{viewer === 'MYSELF' ? '' : t('lensActive')}</p>
    </section>
  )
}
