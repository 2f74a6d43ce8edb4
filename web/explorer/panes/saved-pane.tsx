import { type FormEvent, useEffect, useId, useRef } from 'react'
import type { SavedOperation } from '../api.ts'
import type { TextId } from '../texts.en.ts'
import { useText } from '../use-text.ts'
import { Notice, Pane, Refused } from './pane.tsx'
import { SavedItem } from './saved-item.tsx'
import { useEditor } from './use-editor.ts'
import { type Said, type Saved, useSaved } from './use-saved.ts'

type Editor = ReturnType<typeof useEditor>

function SaveForm({ saved, editor }: { saved: Saved; editor: Editor }) {
  const { t } = useText()
  const id = useId()
  const { operationName } = editor
  const submit = async (form: HTMLFormElement) => {
    const given = new FormData(form)
    const title = String(given.get('title') ?? '').trim()
    const shared = given.get('shared') === 'on'
    if (title === '') return
    if (await saved.add({ ...editor.read(), title, shared })) form.reset()
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void submit(event.currentTarget)
  }
  return (
    <form onSubmit={onSubmit}>
      <label htmlFor={`${id}-title`}>{t('saveTitle')}</label>
      <input
        key={operationName}
        id={`${id}-title`}
        name="title"
        defaultValue={operationName ?? ''}
        maxLength={120}
        required
      />
      <label className="check">
        <input type="checkbox" name="shared" /> {t('saveShared')}
      </label>
      <button type="submit" className="primary">
        {t('save')}
      </button>
    </form>
  )
}

function SaidNotice({ said }: { said: Said }) {
  const { t } = useText()
  const place = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone with what it deleted.
  useEffect(() => {
    if (said.tone === 'good' && said.id === 'removed') place.current?.focus()
  }, [said])
  if (said.tone === 'refused') return <Refused refusal={said.refusal} />
  const text = said.tone === 'good' ? t(said.id, { title: said.title }) : t(said.id)
  return (
    <div ref={place} tabIndex={-1}>
      <Notice tone={said.tone}>{text}</Notice>
    </div>
  )
}

type ListProps = {
  heading: TextId
  empty: TextId
  operations: readonly SavedOperation[]
  saved: Saved
  editor: Editor
}

function List({ heading, empty, operations, saved, editor }: ListProps) {
  const { t } = useText()
  return (
    <>
      <h3>{t(heading)}</h3>
      {operations.length === 0 && <p className="soft">{t(empty)}</p>}
      <ul className="list">
        {operations.map((operation) => (
          <SavedItem key={operation.id} operation={operation} saved={saved} editor={editor} />
        ))}
      </ul>
    </>
  )
}

/** Operations that are kept on the server: one's own, and what other administrators share. */
export function SavedPane() {
  const { t } = useText()
  const saved = useSaved()
  const editor = useEditor()
  const { operations, said } = saved
  const shown = { saved, editor }
  return (
    <Pane title="saved">
      <SaveForm {...shown} />
      {said && <SaidNotice said={said} />}
      {!operations && !said && <p role="status">{t('savedLoading')}</p>}
      {operations && (
        <>
          <List
            {...{ ...shown, heading: 'savedOwn', empty: 'savedNoneOwn' }}
            operations={operations.filter(({ own }) => own)}
          />
          <List
            {...{ ...shown, heading: 'savedShared', empty: 'savedNoneShared' }}
            operations={operations.filter(({ own }) => !own)}
          />
        </>
      )}
    </Pane>
  )
}
