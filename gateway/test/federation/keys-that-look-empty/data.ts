export const codes = [0, 1, -1, 1]
export const words = ['', ' ', '0', 'null', 'π"\\']
export const flags = [false, true]
