export const shirts = [
  { id: '1', size: 'SMALL', fit: 'SLIM' },
  { id: '2', size: 'HUGE', fit: 'WIDE' },
]
