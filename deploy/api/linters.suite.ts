import { beforeAll, describe, expect, test } from 'bun:test'
import { at, isRecord, type JsonRecord } from '../render/json.ts'
import { profiles, renderOverlay } from '../render/overlay.ts'
import { keyOf, type Manifest } from '../render/resource.ts'
import { combinations } from '../test/choices.ts'
import { withCombination } from '../test/tools/folders.ts'
import { checked, type Finding, scored, unneeded, unwaived } from './linters.ts'
import { waivers } from './waivers.ts'

/** Both profiles as they are shipped, and with everything that they can carry. */
async function everySet(): Promise<Manifest[][]> {
  const sets = profiles.map((profile) => renderOverlay(`${profile}/production`))
  for (const combination of combinations) {
    await withCombination(combination, async (folder) => {
      sets.push(renderOverlay(folder))
    })
  }
  return sets
}

/** Each object as often as it differs. */
const distinct = (sets: readonly Manifest[][]): Manifest[] => [
  ...new Map(sets.flat().map((own) => [`${keyOf(own)} ${JSON.stringify(own)}`, own])).values(),
]

const found: { scored: Finding[]; checked: Finding[] } = { scored: [], checked: [] }
beforeAll(async () => {
  const sets = await everySet()
  for (const set of sets) found.scored.push(...(await scored(set)))
  found.checked = await checked(distinct(sets))
}, 300_000)

const of = (linter: string) => waivers.filter((waiver) => waiver.linter === linter)

test('kube-score finds nothing critical, and warns of nothing, but what is waived with a reason', () => {
  expect(unwaived(found.scored, of('kube-score'))).toEqual([])
})

test('checkov finds nothing but what is waived with a reason', () => {
  expect(unwaived(found.checked, of('checkov'))).toEqual([])
})

test('every waiver is needed, for every object that it names, and says why', () => {
  expect(unneeded([...found.scored, ...found.checked], waivers)).toEqual([])
  expect(waivers.filter(({ reason }) => reason.length < 30)).toEqual([])
})

/** The gateway, changed where a person might. */
function gatewayWith(change: JsonRecord): Manifest[] {
  const all = structuredClone(renderOverlay('single-4g/production'))
  const gateway = all.find((own) => keyOf(own) === 'apps Deployment app gateway')
  const spec = at(gateway, 'spec.template.spec')
  const [container] = isRecord(spec) && Array.isArray(spec.containers) ? spec.containers : []
  if (!isRecord(container)) throw new Error('no gateway')
  Object.assign(container, change)
  return all
}

describe('negative control', () => {
  test('both linters see a container that is privileged', async () => {
    const changed = gatewayWith({ securityContext: { privileged: true } })
    expect(unwaived(await scored(changed), of('kube-score')).join()).toContain('Deployment/gateway')
    expect(unwaived(await checked(changed), of('checkov')).join()).toContain('Deployment/gateway')
  }, 120_000)

  test('a waiver that nothing needs is found out', () => {
    const vain = {
      linter: 'checkov',
      rule: 'CKV_K8S_16',
      objects: ['Deployment/gateway'],
      reason: 'a container that is privileged was never waived',
    } as const
    const [line] = unneeded([...found.scored, ...found.checked], [vain])
    expect(line).toBe('checkov CKV_K8S_16 Deployment/gateway')
  })
})
