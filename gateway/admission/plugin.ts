import { operationIn } from '#kit/document/operation'
import type { GraphPlugin } from '../graph.ts'
import type { Admission } from './admit.ts'

/** Stage 4, can we afford it: refuses a document by text and shape, before it is validated. */
export function useAdmission({ documentOf }: Admission): GraphPlugin {
  return {
    onParse: ({ context: { exchange, params }, setParseFn }) => {
      setParseFn((source) => {
        const document = documentOf(String(source), exchange)
        operationIn(document, params.operationName ?? null)
        return document
      })
    },
  }
}
