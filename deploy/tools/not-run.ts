import type { NotRun } from '../runner/not-run.ts'

/** Other programs that could look at the manifests, and do not here. */
export const toolsNotRun: readonly NotRun[] = [
  { step: 'kube-linter, polaris, trivy', why: 'no package registry that is used here has them' },
]
