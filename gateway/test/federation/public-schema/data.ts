export const guest = { id: '1', nick: 'Ada', name: 'Ada Lovelace' }
