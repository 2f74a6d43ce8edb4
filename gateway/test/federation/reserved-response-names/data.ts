export const dogs = [{ id: 'd1', name: 'Rex' }]
