export const boxes = [{ id: '1' }, { id: 'lost' }]
