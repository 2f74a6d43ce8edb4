import { stringify } from 'yaml'
import { workflow } from './github.ts'
import { gitlab } from './gitlab.ts'
import { renovate } from './renovate.ts'

const note = '# Written by `bun deploy/ci.ts` from deploy/ci/pipeline.ts: change it there.\n'
const yaml = (value: unknown) =>
  note + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })

/** Every file that a CI system reads, by its path in the repository. */
export const ciFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ['.github/workflows/pipeline.yml', yaml(workflow())],
    ['.gitlab-ci.yml', yaml(gitlab())],
    ['renovate.json', `${JSON.stringify(renovate(), null, 2)}\n`],
  ])
