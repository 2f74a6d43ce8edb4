/** Each subgraph says something else, so that an answer tells who was asked. */
export const said = (subgraph: string) => () => `of ${subgraph}`
