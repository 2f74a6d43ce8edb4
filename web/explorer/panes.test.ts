import { describe, expect, test } from 'bun:test'
import { locales } from '../i18n/locale.ts'
import { type PlannedFetch, treeOf } from './panes/plan-tree.ts'
import { barOf } from './panes/trace-pane.tsx'
import { textIn, texts } from './texts.ts'

const fetch = (id: number, ...waitsFor: number[]): PlannedFetch => ({
  ...{ id, waitsFor, subgraph: 'users', kind: 'query', document: '' },
  ...{ paths: [], entities: [], variables: [] },
})

describe('the tree of a plan', () => {
  test('has each fetch once, below the last of those that it waits for', () => {
    const tree = treeOf([fetch(0), fetch(1), fetch(2, 0), fetch(3, 0, 2), fetch(4, 1)])
    const shape = (branches: typeof tree | (typeof tree)[number]['next']): unknown[] =>
      branches.map(({ fetch: { id }, next }) => [id, ...shape(next)])
    expect(shape(tree)).toEqual([
      [0, [2, [3]]],
      [1, [4]],
    ])
  })
})

describe('a bar of the waterfall', () => {
  test('lies where its fetch lay in the run', () => {
    expect(barOf({ startMs: 25, durationMs: 50 }, 100)).toEqual({ left: '25%', width: '50%' })
  })

  test('can be seen however short the fetch was, and stays within the run', () => {
    expect(barOf({ startMs: 100, durationMs: 0 }, 100)).toEqual({ left: '99%', width: '1%' })
    expect(barOf({ startMs: 0, durationMs: 0 }, 0)).toEqual({ left: '0%', width: '1%' })
    expect(barOf({ startMs: 90, durationMs: 90 }, 100)).toEqual({ left: '90%', width: '10%' })
  })
})

describe('the texts of the explorer', () => {
  test('speak of the same in both languages', () => {
    const namesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
    for (const [id, text] of Object.entries(texts.en)) {
      const french = Object.entries(texts.fr).find(([other]) => other === id)?.[1] ?? ''
      expect([id, namesIn(french)]).toEqual([id, namesIn(text)])
    }
    expect(locales.map((locale) => textIn(locale, 'savedDone', { title: '$&' }))).toEqual([
      '« $& » est enregistrée.',
      '“$&” is saved.',
    ])
  })
})
