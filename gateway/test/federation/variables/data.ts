export const colours = ['red', 'green', 'blue']
