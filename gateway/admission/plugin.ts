import type { DocumentNode } from 'graphql'
import { type GraphPlugin, isExplorer } from '../graph.ts'
import { operationIn } from '../operation.ts'
import { createRecent } from '../recent.ts'
import { admittedDocument, type Limits } from './limits.ts'
import type { Quota } from './quota.ts'

export type AdmissionDeps = {
  readonly limits: { readonly outsider: Limits; readonly explorer: Limits }
  readonly quota: Quota
}

const documentsMax = 500

/**
 * Stage 4, can we afford it: refuses a program that asks too often, and a document by text and
 * shape, before it is validated.
 */
export function useAdmission({ limits, quota }: AdmissionDeps): GraphPlugin {
  const outsider = remembering(limits.outsider)
  const explorer = remembering(limits.explorer)
  return {
    onParams: ({ context: { exchange } }) => quota(exchange),
    onParse: ({ context: { exchange, params }, setParseFn }) => {
      const admitted = isExplorer(exchange) ? explorer : outsider
      setParseFn((source) => {
        const document = admitted(String(source))
        operationIn(document, params.operationName ?? null)
        return document
      })
    },
  }
}

/** What was admitted under these limits once need not be looked at again. */
function remembering(limits: Limits): (text: string) => DocumentNode {
  const recent = createRecent<string, DocumentNode>(documentsMax)
  return (text) => recent.of(text, () => admittedDocument(text, limits))
}
