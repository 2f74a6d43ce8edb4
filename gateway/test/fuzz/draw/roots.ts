import { pick, some } from '../choices.ts'
import { addField, type Draft, type Entity } from '../draft.ts'
import { defineEntity, drawGuard, steady } from './entities.ts'
import { failing, shapedLeaf, shapedObject } from './shapes.ts'

/** Where operations of each kind begin. */
export function drawRoots(draft: Draft): void {
  for (const subgraph of draft.subgraphs) {
    for (const entity of some(draft.choices, [...draft.entities.values()], 2))
      addRoot(draft, subgraph, entity)
    drawMutations(draft, subgraph)
  }
  drawSharedRoots(draft)
  drawSharedValue(draft)
  drawSubscriptions(draft)
}

function addRoot(draft: Draft, subgraph: string, entity: Entity): void {
  const { choices } = draft
  if (entity.implementations.length > 0 && !entity.members.includes(subgraph)) return
  defineEntity(draft, subgraph, entity)
  addField(draft, `Query.${subgraph}${entity.name}`, {
    owners: [subgraph],
    type: shapedObject(choices, entity.name),
    args: '(n: Int = 0)',
    members: [entity.name],
    fails: failing(choices),
    guard: drawGuard(choices),
    tags: entity.implementations.length > 0 ? ['interface object'] : [],
  })
}

function drawMutations(draft: Draft, subgraph: string): void {
  const { choices, entities } = draft
  const tags = ['mutations across subgraphs'] as const
  const owners = [subgraph]
  addField(draft, `Mutation.${subgraph}Step`, { owners, type: 'Int!', kind: 'step', tags })
  const entity = pick(
    choices,
    [...entities.values()].filter(({ implementations }) => implementations.length === 0),
  )
  defineEntity(draft, subgraph, entity)
  addField(draft, `Mutation.${subgraph}Change`, {
    owners,
    type: shapedObject(choices, entity.name),
    args: '(n: Int! = 1)',
    members: [entity.name],
    fails: failing(choices),
    guard: drawGuard(choices),
    tags,
  })
}

function drawSharedRoots(draft: Draft): void {
  const { choices, subgraphs } = draft
  const owners = some(choices, subgraphs, 2)
  const tags = ['shared root'] as const
  addField(draft, 'Query.count', { owners, type: 'Int', args: '(n: Int = 2)', tags })
  const type = pick(choices, ['View', 'View!', '[View!]!'])
  addField(draft, 'Query.view', { owners, type, members: ['View'], tags, fails: 'null' })
  for (const owner of owners)
    addField(draft, `View.${owner}View`, {
      ...{ owners: [owner], type: shapedLeaf(choices), tags },
      guard: drawGuard(choices),
    })
}

/** An object that two subgraphs resolve, each a part of it. */
function drawSharedValue(draft: Draft): void {
  const { choices } = draft
  for (const entity of draft.entities.values()) {
    const owners = some(choices, steady(entity), 2)
    if (owners.length < 2 || entity.implementations.length > 0) continue
    const tags = ['shared value'] as const
    const panel = `${entity.name}Panel`
    addField(draft, `${entity.name}.panel`, { owners, type: panel, members: [panel], tags })
    for (const owner of owners)
      addField(draft, `${panel}.${owner}Part`, { owners: [owner], type: shapedLeaf(choices), tags })
  }
}

function drawSubscriptions(draft: Draft): void {
  const { choices, subgraphs, entities } = draft
  for (const subgraph of some(choices, subgraphs, 2)) {
    const entity = pick(
      choices,
      [...entities.values()].filter(({ implementations }) => implementations.length === 0),
    )
    defineEntity(draft, subgraph, entity)
    addField(draft, `Subscription.${subgraph}Changes`, {
      owners: [subgraph],
      type: shapedObject(choices, entity.name),
      args: '(n: Int! = 2)',
      members: [entity.name],
      fails: failing(choices),
      guard: drawGuard(choices),
      tags: ['subscription that continues elsewhere'],
    })
  }
}
