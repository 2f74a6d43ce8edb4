import { type FormEvent, useId, useState } from 'react'
import { type Published, publish, type Refusal } from '../api.ts'
import { useText } from '../use-text.ts'
import { Notice, Pane, Refused, refusalFrom } from './pane.tsx'
import { useEditor } from './use-editor.ts'

/** What the registry says; that it is there already is no fault. */
function Outcome({ outcome }: { outcome: Published }) {
  const { t, number } = useText()
  if (outcome.__typename === 'OperationsPublished')
    return (
      <Notice tone="good">
        {outcome.operations.map(({ name, hash, cost }) => (
          <div key={hash}>
            <p>
              {t(outcome.accepted > 0 ? 'published' : 'unchanged', { name, cost: number(cost) })}
            </p>
            <p>
              {t('publishHash')} <code>sha256:{hash}</code>
            </p>
          </div>
        ))}
      </Notice>
    )
  const { message } = outcome
  const cost = outcome.__typename === 'OperationRejectedError' ? outcome.cost : null
  return (
    <Notice tone="bad">
      <p>{t('rejected')}</p>
      {cost !== null && 'limit' in outcome ? (
        <p>{t('rejectedCost', { cost: number(cost), limit: number(outcome.limit) })}</p>
      ) : (
        <p lang="en">{message}</p>
      )}
    </Notice>
  )
}

type Shown = { outcome: Published } | { refusal: Refusal } | null

function usePublish() {
  const [shown, setShown] = useState<Shown>(null)
  const [isBusy, setBusy] = useState(false)
  const { names, read } = useEditor()
  const name = names.length === 1 ? (names[0] ?? null) : null
  const submit = async (form: FormData) => {
    if (name === null || isBusy) return
    setBusy(true)
    try {
      const outcome = await publish({
        clientName: String(form.get('client') ?? '').trim(),
        clientVersion: String(form.get('version') ?? '').trim(),
        operations: [{ name, document: read().document }],
      })
      setShown({ outcome })
    } catch (error) {
      setShown({ refusal: refusalFrom(error) })
    } finally {
      setBusy(false)
    }
  }
  return { shown, isBusy, name, submit }
}

/** Publishes what is in the editor for a client; the registry judges it. */
export function PublishPane() {
  const { t } = useText()
  const { shown, isBusy, name, submit } = usePublish()
  const id = useId()
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void submit(new FormData(event.currentTarget))
  }
  return (
    <Pane title="publish" intro="publishIntro">
      <form onSubmit={onSubmit}>
        <label htmlFor={`${id}-client`}>{t('publishClient')}</label>
        <input
          id={`${id}-client`}
          aria-describedby={`${id}-hint`}
          {...{ name: 'client', defaultValue: 'web', maxLength: 100, required: true }}
          spellCheck={false}
        />
        <p id={`${id}-hint`} className="soft">
          {t('publishClientHint')}
        </p>
        <label htmlFor={`${id}-version`}>{t('publishVersion')}</label>
        <input id={`${id}-version`} name="version" maxLength={100} spellCheck={false} />
        {name === null && <p className="soft">{t('publishNameless')}</p>}
        <button type="submit" className="primary" disabled={name === null || isBusy}>
          {t('publishNow', { name: name ?? '' })}
        </button>
      </form>
      {shown && 'outcome' in shown && <Outcome outcome={shown.outcome} />}
      {shown && 'refusal' in shown && <Refused refusal={shown.refusal} />}
    </Pane>
  )
}
