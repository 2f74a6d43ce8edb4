import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import type { SavedOperation } from '../api.ts'

/** What stands in the editors, read when somebody acts on it. */
export function useEditor() {
  const query = useGraphiQL(({ queryEditor }) => queryEditor)
  const variables = useGraphiQL(({ variableEditor }) => variableEditor)
  const operationName = useGraphiQL((state) => state.operationName) ?? null
  const operations = useGraphiQL((state) => state.operations)
  const { addTab, updateActiveTabValues } = useGraphiQLActions()
  return {
    operationName,
    /** Of the document, as far as it can be read. */
    names: (operations ?? []).map(({ name }) => name?.value ?? null),
    read: () => ({ document: query?.getValue() ?? '', variables: variables?.getValue() ?? '' }),
    /** In a tab of its own: what is there is not lost. */
    open: ({ document, variables: values }: Pick<SavedOperation, 'document' | 'variables'>) => {
      addTab()
      query?.setValue(document)
      variables?.setValue(values)
      updateActiveTabValues({ query: document, variables: values })
    },
    replaceable: query !== undefined,
  }
}

/** The variables as the gateway takes them; `undefined` when they are not JSON. */
export function variablesFrom(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
