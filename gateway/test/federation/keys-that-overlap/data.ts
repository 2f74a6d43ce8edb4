export const cars = [
  { id: '1', plate: { canton: 'BE', number: 7 }, colour: 'red' },
  { id: '2', plate: { canton: 'ZH', number: 7 }, colour: 'blue' },
]
