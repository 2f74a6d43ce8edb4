export const of =
  (subgraph: string) =>
  ({ id }: Record<string, unknown>) =>
    `${id} by ${subgraph}`
