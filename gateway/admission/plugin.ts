import { type GraphPlugin, isExplorer } from '../graph.ts'
import { operationIn } from '../operation.ts'
import { admittedDocument, type Limits } from './limits.ts'

export type AdmissionDeps = {
  readonly limits: { readonly outsider: Limits; readonly explorer: Limits }
}

/**
 * Stage 4, can we afford it: refuses a document by its text and shape, before anything is
 * validated.
 */
export function useAdmission({ limits }: AdmissionDeps): GraphPlugin {
  return {
    onParse: ({ context: { exchange, params }, setParseFn }) => {
      const own = isExplorer(exchange) ? limits.explorer : limits.outsider
      setParseFn((source) => {
        const document = admittedDocument(String(source), own)
        operationIn(document, params.operationName ?? null)
        return document
      })
    },
  }
}
