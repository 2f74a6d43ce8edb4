/** Each subgraph says something else, so that an answer tells who was asked. */
export const nameIn =
  (subgraph: string) =>
  ({ id }: Record<string, unknown>) =>
    `${id} of ${subgraph}`
