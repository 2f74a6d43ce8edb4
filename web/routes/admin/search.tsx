import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { type MessageId, useText } from '../../i18n/text.ts'
import { SearchField } from '../../ui/field.tsx'
import { useDebounced } from '../../ui/use-debounced.ts'

const route = getRouteApi('/admin/$part')

type SearchProps = { label: MessageId; placeholder: MessageId }

/** What is looked for stands in the address: it can be sent to somebody, and the way back leads to it. */
export function Search({ label, placeholder }: SearchProps) {
  const { t } = useText()
  const navigate = useNavigate()
  const { search = '', show } = route.useSearch()
  const commit = useCallback(
    (text: string) =>
      void navigate({
        to: '.',
        // What is shown of them stays.
        search: { ...(text && { search: text }), ...(show && { show }) },
        replace: true,
      }),
    [navigate, show],
  )
  const [draft, setDraft] = useDebounced(search, commit)
  return (
    <search className="min-w-0 flex-1 basis-64">
      <SearchField
        label={t(label)}
        placeholder={t(placeholder)}
        value={draft}
        maxLength={100}
        onChange={({ target }) => setDraft(target.value)}
      />
    </search>
  )
}
