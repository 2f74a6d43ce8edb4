/** By what is asked for: each is JSON, and none is what the schema promises. */
export const answers: Readonly<Record<string, unknown>> = {
  listForObject: [{ size: 1 }],
  objectForList: { size: 1 },
  textForObject: 'text',
  textForList: 'text',
  flatForNested: [{ size: 1 }, [{ size: 2 }]],
  wrongType: { __typename: 'Nowhere', size: 1 },
  noType: { size: 4 },
  unasked: { size: 5, more: { deep: true }, __typename: 'Thing' },
}

export const entities: Readonly<Record<string, unknown>> = {
  tooFew: [{ tooFew: 1 }],
  tooMany: [{ tooMany: 1 }, { tooMany: 2 }, { tooMany: 3 }, { tooMany: 4 }],
  noList: { noList: 1 },
  noEntities: null,
  noObjects: [1, 'two'],
}
