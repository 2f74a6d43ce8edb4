import { type FormEvent, useId, useRef, useState } from 'react'
import type { SavedOperation } from '../api.ts'
import { useText } from '../use-text.ts'
import type { useEditor } from './use-editor.ts'
import type { Saved } from './use-saved.ts'

type Editor = ReturnType<typeof useEditor>
type ItemProps = { operation: SavedOperation; saved: Saved; editor: Editor }

function Rename({ operation, saved }: Pick<ItemProps, 'operation' | 'saved'>) {
  const { t } = useText()
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim()
    if (title !== '') void saved.change(operation, { title })
  }
  return (
    <form onSubmit={submit}>
      <label htmlFor={id}>{t('renameTo')}</label>
      <input id={id} name="title" defaultValue={operation.title} maxLength={120} required />
      <button type="submit">{t('rename')}</button>
    </form>
  )
}

/** Once, when it comes: a function made anew would take the focus back whenever the pane is drawn. */
const focused = (button: HTMLButtonElement | null) => button?.focus()

/** Asked once more; the answer that keeps things as they are has the focus. */
function Remove({ operation, saved }: Pick<ItemProps, 'operation' | 'saved'>) {
  const { t } = useText()
  const [isAsking, setAsking] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const back = () => {
    setAsking(false)
    requestAnimationFrame(() => first.current?.focus())
  }
  if (!isAsking)
    return (
      <button ref={first} type="button" className="danger" onClick={() => setAsking(true)}>
        {t('remove')}
      </button>
    )
  return (
    <fieldset
      onKeyDown={({ key }) => {
        if (key === 'Escape') back()
      }}
    >
      <legend>{t('removeSure', { title: operation.title })}</legend>
      <button type="button" className="danger" onClick={() => void saved.remove(operation)}>
        {t('remove')}
      </button>
      <button ref={focused} type="button" onClick={back}>
        {t('cancel')}
      </button>
    </fieldset>
  )
}

function OwnActs({ operation, saved, editor }: ItemProps) {
  const { t } = useText()
  return (
    <details>
      <summary>{t('actionsOf', { title: operation.title })}</summary>
      <Rename key={operation.title} operation={operation} saved={saved} />
      <p className="acts">
        <button type="button" onClick={() => void saved.change(operation, editor.read())}>
          {t('replace')}
        </button>
        <button
          type="button"
          onClick={() => void saved.change(operation, { shared: !operation.shared })}
        >
          {t(operation.shared ? 'unshare' : 'share')}
        </button>
        <Remove operation={operation} saved={saved} />
      </p>
    </details>
  )
}

export function SavedItem({ operation, saved, editor }: ItemProps) {
  const { t } = useText()
  const { title, own, shared } = operation
  return (
    <li className="saved">
      <p>
        <button
          type="button"
          className="plain"
          aria-label={t('open', { title })}
          onClick={() => editor.open(operation)}
        >
          {title}
        </button>
        {own && shared && <span className="tag">{t('isShared')}</span>}
      </p>
      {own && <OwnActs operation={operation} saved={saved} editor={editor} />}
    </li>
  )
}
