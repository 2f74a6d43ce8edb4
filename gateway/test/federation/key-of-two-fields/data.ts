export const rooms = [
  { house: 'A', number: 1, name: 'Hall' },
  { house: 'B', number: 1, name: 'Attic' },
  { house: 'A', number: 2, name: 'Cellar' },
]

export const lamps: Readonly<Record<string, number>> = { 'A/1': 11, 'B/1': 21, 'A/2': 12 }
