/** Who the root knows; of these the other subgraph has only the first. */
export const ids = ['1', '2']
export const profiles = [{ id: '1', nick: 'ada', level: 3, address: { city: 'Bern' } }]
